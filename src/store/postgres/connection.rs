use std::time::Duration;

use sqlx::{Postgres, error::DatabaseError, pool::PoolConnection, postgres::PgRow};
use tokio::time::timeout;

use super::tables::Statement;
use crate::store::{
    Result, StoreError,
    error::{NoAnswer, Tried},
};

/// A statement of the same transaction failed before, and Postgres undoes all of it.
#[derive(Debug, thiserror::Error)]
#[error("something in it had failed, so nothing of it is kept")]
struct Undone;

/// A connection within a transaction, until that is committed or dropped.
///
/// It begins and ends the transaction itself: where sqlx is dropped while it begins one, the
/// connection goes back to its pool inside of it.
pub(super) struct Connection {
    /// There until it is dropped.
    inner: Option<PoolConnection<Postgres>>,
    /// Whether rows may be written, and so are held when they are read.
    pub(super) writes: bool,
    /// How long an answer is waited for.
    patience: Duration,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Statements can be made.
    Open,
    /// One failed, or was not waited for. Postgres would answer a commit with a rollback and call
    /// that done.
    Failed,
    /// The connection is in doubt, or leads to a server that takes no writes.
    Lost,
    /// Committed.
    Over,
}

impl Connection {
    /// Begins a transaction by this statement.
    pub(super) async fn begin(
        inner: PoolConnection<Postgres>,
        begin: &'static str,
        writes: bool,
        patience: Duration,
    ) -> Result<Self> {
        let mut connection = Self {
            inner: Some(inner),
            writes,
            patience,
            state: State::Lost,
        };
        if let Some(inner) = &mut connection.inner {
            let answer = sqlx::raw_sql(begin).execute(&mut **inner);
            let answer = timeout(patience, answer).await;
            answer.unwrap_or_else(|_| Err(no_answer())).tried("begin")?;
        }
        connection.state = State::Open;
        Ok(connection)
    }

    /// Runs it and gives how many rows it changed.
    pub(super) async fn execute(
        &mut self,
        tried: &'static str,
        statement: Statement,
    ) -> Result<u64> {
        let before = self.state;
        self.state = self.state.in_doubt();
        let Some(inner) = &mut self.inner else {
            return Err(NoAnswer).tried(tried);
        };
        let answer = timeout(self.patience, statement.execute(&mut **inner)).await;
        let done = self.note(before, tried, answer.unwrap_or_else(|_| Err(no_answer())))?;
        Ok(done.rows_affected())
    }

    /// Runs it and gives its rows.
    pub(super) async fn fetch(
        &mut self,
        tried: &'static str,
        statement: Statement,
    ) -> Result<Vec<PgRow>> {
        let before = self.state;
        self.state = self.state.in_doubt();
        let Some(inner) = &mut self.inner else {
            return Err(NoAnswer).tried(tried);
        };
        let answer = timeout(self.patience, statement.fetch_all(&mut **inner)).await;
        self.note(before, tried, answer.unwrap_or_else(|_| Err(no_answer())))
    }

    fn note<T>(
        &mut self,
        before: State,
        tried: &'static str,
        answer: Result<T, sqlx::Error>,
    ) -> Result<T> {
        let answer = answer.tried(tried);
        self.state = match &answer {
            Ok(_) => before,
            Err(error) if error.may_pass() => State::Lost,
            Err(_) => State::Failed,
        };
        answer
    }

    /// Makes all of it last.
    pub(super) async fn commit(mut self) -> Result<()> {
        let (State::Open, Some(inner)) = (self.state, &mut self.inner) else {
            return Err(Undone).tried("commit");
        };
        self.state = State::Lost;
        let answer = sqlx::raw_sql("COMMIT").execute(&mut **inner);
        let answer = timeout(self.patience, answer).await;
        match answer.unwrap_or_else(|_| Err(no_answer())) {
            Ok(_) => {
                self.state = State::Over;
                Ok(())
            }
            Err(error) if refuses(&error) => Err(error).tried("commit"),
            Err(error) => Err(StoreError::Unknown {
                source: error.into(),
            }),
        }
    }
}

impl State {
    /// While a statement runs: it may be dropped before it is done.
    fn in_doubt(self) -> Self {
        match self {
            Self::Open | Self::Failed => Self::Failed,
            Self::Lost | Self::Over => self,
        }
    }
}

fn no_answer() -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, NoAnswer))
}

/// Whether the server said that it keeps nothing. One that is about to stop (57) or to lose the
/// connection (08) may have kept it all.
fn refuses(error: &sqlx::Error) -> bool {
    let state = error.as_database_error().and_then(DatabaseError::code);
    state.is_some_and(|state| !state.starts_with("57") && !state.starts_with("08"))
}

impl Drop for Connection {
    /// Undoes what was not committed, behind the back of whoever dropped it.
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else {
            return;
        };
        match self.state {
            State::Over => {}
            State::Lost => inner.close_on_drop(),
            State::Open | State::Failed => {
                let patience = self.patience;
                tokio::spawn(async move {
                    let undone = sqlx::raw_sql("ROLLBACK").execute(&mut *inner);
                    if !matches!(timeout(patience, undone).await, Ok(Ok(_))) {
                        inner.close_on_drop();
                    }
                });
            }
        }
    }
}
