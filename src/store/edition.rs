use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::source::Source;

/// One published set of files: menus, their texts, profiles. Named by the hash of its content.
#[derive(Clone, Debug)]
pub struct Edition {
    /// SHA-256 of names and texts, as hex.
    pub hash: String,
    /// The files, so that any node can compile it again.
    pub sources: Vec<Source>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// Published files. The last published is current; older ones are kept for the lines that are on
/// them.
#[async_trait]
pub trait Editions: Send {
    /// Publishes it as the current one, unless an edition with its hash was ever published.
    async fn publish(&mut self, edition: &Edition) -> Result<bool>;

    /// The hash of the current one.
    async fn current(&mut self) -> Result<Option<String>>;

    /// The edition with this hash.
    async fn get(&mut self, hash: &str) -> Result<Option<Edition>>;
}
