use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// What is done once in a period, whichever node comes first.
#[async_trait]
pub trait Schedules: Send {
    /// Notes that `job` was begun for `period`, such as `2026-11-21`; false where it was before, by
    /// this node or another.
    async fn begin(&mut self, job: &str, period: &str, now: DateTime<Utc>) -> Result<bool>;
}
