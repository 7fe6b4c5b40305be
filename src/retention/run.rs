use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::Options;
use crate::{
    model::Clock,
    store::{Kept, Store, StoreError},
};

/// How many rows are deleted in one transaction.
const BATCH: u32 = 1000;
/// How long others may write between two of them.
const REST: Duration = Duration::from_millis(20);

/// Deletes what was kept long enough.
#[derive(Clone, Debug)]
pub struct Retention {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    options: Options,
}

/// What became of one kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub kept: Kept,
    /// For how many days it is kept.
    pub days: u32,
    /// How many were older.
    pub old: u64,
}

impl Retention {
    /// The retention of `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, options: Options) -> Self {
        Self {
            store,
            clock,
            options,
        }
    }

    /// How many rows are older than they are kept.
    pub async fn count(&self) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for kept in Kept::ALL {
            let mut transaction = self.store.read().await?;
            let before = self.before(kept);
            let old = transaction.retention().count(kept, before).await?;
            rows.push(self.row(kept, old));
        }
        Ok(rows)
    }

    /// Deletes them. Ending in the middle does no harm: what is left goes the next time.
    pub async fn run(&self) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for kept in Kept::ALL {
            let old = self.delete(kept).await?;
            if old > 0 {
                let kept = kept.as_str();
                tracing::info!(kept, old, "{old} old rows of {kept} were deleted");
            }
            rows.push(self.row(kept, old));
        }
        Ok(rows)
    }

    async fn delete(&self, kept: Kept) -> Result<u64, StoreError> {
        let before = self.before(kept);
        let mut old = 0;
        loop {
            let mut transaction = self.store.write().await?;
            let deleted = transaction.retention().delete(kept, before, BATCH).await?;
            transaction.commit().await?;
            old += deleted;
            if deleted < u64::from(BATCH) {
                return Ok(old);
            }
            tokio::time::sleep(REST).await;
        }
    }

    fn before(&self, kept: Kept) -> DateTime<Utc> {
        self.clock.now() - TimeDelta::days(self.options.days(kept).into())
    }

    fn row(&self, kept: Kept, old: u64) -> Row {
        let days = self.options.days(kept);
        Row { kept, days, old }
    }
}
