use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use super::{
    engine::{Fate, MemoryStore, Struck},
    rows::Rows,
};
use crate::store::{
    Audit, Bills, Callers, Complaints, Copies, Decisions, Editions, Effects, Enquiries, Incoming,
    Jobs, Journal, Ledger, Marks, Messages, Notices, Payments, Publications, Receipts,
    Reconciliations, Result, Retention, Said, Sandbox, Schedules, Sealed, StoreError, Switches,
    Transaction,
};

/// A transaction on a copy of the rows; dropped, it is undone.
pub(super) struct MemoryTransaction<'s> {
    store: &'s MemoryStore,
    rows: Rows,
    /// Who has it writes; `None` only reads.
    writer: Option<OwnedMutexGuard<()>>,
}

/// The tables of a transaction, one noun after another.
pub(super) struct Tables<'t, 's>(&'t mut MemoryTransaction<'s>);

impl<'s> MemoryTransaction<'s> {
    pub(super) fn new(store: &'s MemoryStore, writer: Option<OwnedMutexGuard<()>>) -> Self {
        Self {
            store,
            rows: Rows::default(),
            writer,
        }
    }

    pub(super) fn take_rows(&mut self, rows: Rows) {
        self.rows = rows;
    }

    pub(super) async fn strike(&mut self, tried: &'static str) -> Result<()> {
        let Some(fate) = self.store.fate() else {
            return Ok(());
        };
        let struck = fate.before(tried).await;
        self.bear(struck).await
    }

    async fn bear(&mut self, struck: Struck) -> Result<()> {
        match struck {
            Struck::Goes => Ok(()),
            Struck::Fails(error) => Err(error),
            Struck::Gone => {
                // Undone, and nobody waits for it any more.
                self.writer = None;
                std::future::pending().await
            }
        }
    }
}

impl Tables<'_, '_> {
    pub(super) fn ignores_leases(&self) -> bool {
        self.0.store.fate().is_some_and(Fate::ignores_leases)
    }

    /// The rows to read.
    pub(super) async fn read(&mut self, tried: &'static str) -> Result<&Rows> {
        self.0.strike(tried).await?;
        Ok(&self.0.rows)
    }

    /// The rows to change.
    pub(super) async fn change(&mut self, tried: &'static str) -> Result<&mut Rows> {
        if self.0.writer.is_none() {
            return Err(refused(tried, "the transaction only reads"));
        }
        self.0.strike(tried).await?;
        Ok(&mut self.0.rows)
    }
}

/// What the engines' constraints say.
pub(super) fn refused(tried: &'static str, why: &'static str) -> StoreError {
    StoreError::Database {
        tried,
        source: why.into(),
    }
}

#[async_trait]
impl Transaction for MemoryTransaction<'_> {
    fn callers(&mut self) -> Box<dyn Callers + '_> {
        Box::new(Tables(self))
    }

    fn effects(&mut self) -> Box<dyn Effects + '_> {
        Box::new(Tables(self))
    }

    fn jobs(&mut self) -> Box<dyn Jobs + '_> {
        Box::new(Tables(self))
    }

    fn bills(&mut self) -> Box<dyn Bills + '_> {
        Box::new(Tables(self))
    }

    fn payments(&mut self) -> Box<dyn Payments + '_> {
        Box::new(Tables(self))
    }

    fn ledger(&mut self) -> Box<dyn Ledger + '_> {
        Box::new(Tables(self))
    }

    fn audit(&mut self) -> Box<dyn Audit + '_> {
        Box::new(Tables(self))
    }

    fn reconciliations(&mut self) -> Box<dyn Reconciliations + '_> {
        Box::new(Tables(self))
    }

    fn notices(&mut self) -> Box<dyn Notices + '_> {
        Box::new(Tables(self))
    }

    fn messages(&mut self) -> Box<dyn Messages + '_> {
        Box::new(Tables(self))
    }

    fn receipts(&mut self) -> Box<dyn Receipts + '_> {
        Box::new(Tables(self))
    }

    fn incoming(&mut self) -> Box<dyn Incoming + '_> {
        Box::new(Tables(self))
    }

    fn journal(&mut self) -> Box<dyn Journal + '_> {
        Box::new(Tables(self))
    }

    fn editions(&mut self) -> Box<dyn Editions + '_> {
        Box::new(Tables(self))
    }

    fn enquiries(&mut self) -> Box<dyn Enquiries + '_> {
        Box::new(Tables(self))
    }

    fn said(&mut self) -> Box<dyn Said + '_> {
        Box::new(Tables(self))
    }

    fn complaints(&mut self) -> Box<dyn Complaints + '_> {
        Box::new(Tables(self))
    }

    fn marks(&mut self) -> Box<dyn Marks + '_> {
        Box::new(Tables(self))
    }

    fn sandbox(&mut self) -> Box<dyn Sandbox + '_> {
        Box::new(Tables(self))
    }

    fn decisions(&mut self) -> Box<dyn Decisions + '_> {
        Box::new(Tables(self))
    }

    fn schedules(&mut self) -> Box<dyn Schedules + '_> {
        Box::new(Tables(self))
    }

    fn retention(&mut self) -> Box<dyn Retention + '_> {
        Box::new(Tables(self))
    }

    fn publications(&mut self) -> Box<dyn Publications + '_> {
        Box::new(Tables(self))
    }

    fn switches(&mut self) -> Box<dyn Switches + '_> {
        Box::new(Tables(self))
    }

    fn sealed(&mut self) -> Box<dyn Sealed + '_> {
        Box::new(Tables(self))
    }

    fn copies(&mut self) -> Box<dyn Copies + '_> {
        Box::new(Tables(self))
    }

    async fn commit(mut self: Box<Self>) -> Result<()> {
        self.strike("commit").await?;
        let lost = self.store.fate().is_some_and(Fate::loses_commit);
        if self.writer.is_some() && !lost {
            self.store.replace(std::mem::take(&mut self.rows));
        }
        self.writer = None;
        let Some(fate) = self.store.fate() else {
            return Ok(());
        };
        let struck = fate.after_commit().await;
        self.bear(struck).await
    }
}
