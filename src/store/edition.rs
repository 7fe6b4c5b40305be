use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::source::Source;

/// One set of files: menus, their texts, profiles. Named by the hash of its content.
#[derive(Clone, Debug)]
pub struct Edition {
    /// SHA-256 of names and texts, as hex.
    pub hash: String,
    /// The files, so that any node can compile it again.
    pub sources: Vec<Source>,
    /// When it was first kept.
    pub kept_at: DateTime<Utc>,
}

/// The files of every edition that was ever published, kept for the lines that are on them.
#[async_trait]
pub trait Editions: Send {
    /// Keeps its files, unless they are kept; gives whether they were not.
    async fn keep(&mut self, edition: &Edition) -> Result<bool>;

    /// The edition with this hash.
    async fn get(&mut self, hash: &str) -> Result<Option<Edition>>;

    /// The hashes that begin with this, in their order, and at most ten of them.
    async fn beginning_with(&mut self, prefix: &str) -> Result<Vec<String>>;
}
