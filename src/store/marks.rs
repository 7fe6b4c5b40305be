use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// What is done by hand and asked about later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A backup was written whole.
    Backup,
}

impl Done {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
        }
    }
}

/// When something was last done.
#[async_trait]
pub trait Marks: Send {
    /// It was done now.
    async fn mark(&mut self, done: Done, now: DateTime<Utc>) -> Result<()>;

    /// When it was last done.
    async fn last(&mut self, done: Done) -> Result<Option<DateTime<Utc>>>;
}
