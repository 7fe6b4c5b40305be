use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{rows::Rows, transaction::MemoryTransaction};
use crate::store::{Result, Store, StoreError, Transaction};

/// What happens at a place where something could.
#[derive(Debug)]
pub(crate) enum Struck {
    /// Nothing.
    Goes,
    /// It fails.
    Fails(StoreError),
    /// Whoever asks is no more: it is never told anything, and what it began is undone.
    Gone,
}

/// What happens to one who uses the store. It may also take its time.
#[async_trait]
pub(crate) trait Fate: fmt::Debug + Send + Sync {
    /// Before something is done.
    async fn before(&self, tried: &'static str) -> Struck;

    /// A commit has been made: what its answer is. A failure here says nothing of the commit.
    async fn after_commit(&self) -> Struck;

    /// Whether this commit is to be forgotten although it is told to have been made: a broken store.
    fn loses_commit(&self) -> bool {
        false
    }

    /// Whether a job that is leased is claimed as if it were not: a broken store.
    fn ignores_leases(&self) -> bool {
        false
    }
}

/// The rows, and who may write them.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryStore {
    rows: Arc<Mutex<Rows>>,
    writer: Arc<tokio::sync::Mutex<()>>,
    fate: Option<Arc<dyn Fate>>,
}

impl MemoryStore {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The same store, as one sees it who has this fate.
    pub(crate) fn seen_by(&self, fate: Arc<dyn Fate>) -> Self {
        Self {
            fate: Some(fate),
            ..self.clone()
        }
    }

    /// The rows as they were last committed.
    pub(crate) fn rows(&self) -> Rows {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.clone()
    }

    pub(super) fn replace(&self, with: Rows) {
        *self.rows.lock().unwrap_or_else(PoisonError::into_inner) = with;
    }

    pub(super) fn fate(&self) -> Option<&dyn Fate> {
        self.fate.as_deref()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read(&self) -> Result<Box<dyn Transaction + '_>> {
        let mut transaction = MemoryTransaction::new(self, None);
        transaction.strike("begin to read").await?;
        transaction.take_rows(self.rows());
        Ok(Box::new(transaction))
    }

    async fn write(&self) -> Result<Box<dyn Transaction + '_>> {
        let writer = Arc::clone(&self.writer).lock_owned().await;
        let mut transaction = MemoryTransaction::new(self, Some(writer));
        transaction.strike("begin to write").await?;
        transaction.take_rows(self.rows());
        Ok(Box::new(transaction))
    }

    async fn answer(&self) -> Result<()> {
        self.write().await?.commit().await
    }
}
