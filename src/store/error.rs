use sqlx::{migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError};

use super::Result;

/// What went wrong in the store. Its message is for the operator, never for a phone.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be reached, was busy for too long or refused.
    #[error("the database could not {tried}")]
    Database {
        /// What was tried: `read the caller`.
        tried: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer to a commit was lost: what it was to keep may be there or not. Whoever needs to know
    /// looks for it by its key.
    #[error("the database did not say whether it kept the change")]
    Unknown {
        /// How the answer was lost.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row does not read as what it should be: another key, or damage.
    #[error("a stored {noun} cannot be read: {why}")]
    Unreadable {
        /// Which kind of row.
        noun: &'static str,
        /// What is wrong with it; never its content.
        why: &'static str,
    },
    /// The schema is newer than this program.
    #[error(
        "the database was made by a newer version of nyota (migration {found}); this one knows migrations up to {known}"
    )]
    Newer {
        /// The newest migration in the database.
        found: i64,
        /// The newest that this program has.
        known: i64,
    },
}

/// No answer came for longer than the database may take for one.
#[derive(Debug, thiserror::Error)]
#[error("no answer came in time")]
pub(super) struct NoAnswer;

impl StoreError {
    /// Whether the same may go well later without anyone's doing: the database was away, busy, out of
    /// connections or of space, about to stop, read-only as a replica is, or two writers met.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Database { source, .. } => passes(source.as_ref()),
            Self::Unknown { .. } => true,
            Self::Unreadable { .. } | Self::Newer { .. } => false,
        }
    }
}

fn passes(source: &(dyn std::error::Error + 'static)) -> bool {
    if source.is::<NoAnswer>() {
        return true;
    }
    if let Some(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) =
        source.downcast_ref()
    {
        return error_passes(error);
    }
    source.downcast_ref().is_some_and(error_passes)
}

fn error_passes(error: &sqlx::Error) -> bool {
    if let Some(error) = error.as_database_error() {
        let postgres = error.try_downcast_ref::<PgDatabaseError>();
        let sqlite = error.try_downcast_ref::<SqliteError>();
        return postgres.is_some_and(|error| state_passes(error.code()))
            || sqlite.is_some_and(|_| error.code().is_some_and(|code| code_passes(&code)));
    }
    matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::BeginFailed
    )
}

/// Whether a SQLSTATE names what passes: the connection (08), a conflict of transactions (40), no
/// more of something (53), a lock that was not to be had (55P03), a server that stops, starts or
/// takes too long (57), a server that is read-only (25006), a transaction that stood idle (25P03),
/// trouble with its disk (58).
fn state_passes(state: &str) -> bool {
    let classes = ["08", "40", "53", "57", "58"];
    classes.iter().any(|class| state.starts_with(class))
        || ["25006", "25P03", "55P03"].contains(&state)
}

/// Whether a code of SQLite names what passes: busy (5), locked (6), read-only (8), trouble with the
/// disk (10), a full one (13). The low byte is what went wrong, the rest where.
fn code_passes(code: &str) -> bool {
    code.parse::<u32>()
        .is_ok_and(|code| [5, 6, 8, 10, 13].contains(&(code & 0xff)))
}

/// Says what was tried when it fails.
pub(super) trait Tried<T> {
    /// The value, or the error with what was tried: `read the bill`.
    fn tried(self, tried: &'static str) -> Result<T>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> Tried<T> for Result<T, E> {
    fn tried(self, tried: &'static str) -> Result<T> {
        self.map_err(|error| StoreError::Database {
            tried,
            source: error.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_told_from_what_a_person_must_mend() {
        for state in [
            "08006", "40001", "40P01", "53300", "57P01", "57014", "25006", "55P03",
        ] {
            assert!(state_passes(state), "{state}");
        }
        for state in [
            "23505", "23514", "42P01", "28P01", "3D000", "22021", "25P02",
        ] {
            assert!(!state_passes(state), "{state}");
        }
        for (code, passes) in [
            ("5", true),
            ("517", true),
            ("13", true),
            ("778", true),
            ("2067", false),
            ("1", false),
        ] {
            assert_eq!(code_passes(code), passes, "{code}");
        }
        let lost = StoreError::Unknown {
            source: NoAnswer.into(),
        };
        assert!(lost.may_pass());
        let errors = [sqlx::Error::PoolTimedOut, sqlx::Error::RowNotFound];
        let passes = errors.map(|error| Err::<(), _>(error).tried("read").unwrap_err().may_pass());
        assert_eq!(passes, [true, false]);
    }
}
