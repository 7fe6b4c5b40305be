//! Sessions: one opaque line of bytes for each live caller, replaced only by compare-and-set; and for
//! gateways that tell a phone only once, an alias from their session to it.
//!
//! 1. [`Sessions`] is the trait; [`MemorySessions`] keeps lines in the process, bounded and with a
//!    time to live, [`RedisSessions`] in a Redis that several nodes share.
//! 2. [`Copies`] stands before a Redis: it keeps the lines that this node committed, so that the next
//!    input of the same caller need not ask for its line.
//! 3. [`Sessions::allow`] counts what must not happen too often over all nodes, beside the lines.
//! 4. [`GuardedSessions`] leaves those that fail alone, so that an outage makes no caller wait.
//! 5. `contract` is the suite that every implementation passes.
//!
//! Left out: what the bytes mean (`turn`).

#[cfg(test)]
pub(crate) mod contract;
mod copies;
mod expiring;
mod guarded;
mod memory;
mod redis;
#[cfg(test)]
mod redis_server;

use std::time::Duration;

use async_trait::async_trait;

pub use copies::{Copies, Options as CopiesOptions};
pub use guarded::GuardedSessions;
pub use memory::{MemorySessions, Options};
pub use redis::{Options as RedisOptions, RedisSessions};

use crate::model::Rate;

/// The key of a line: a MAC of gateway and phone.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineKey(pub [u8; 16]);

impl std::fmt::Debug for LineKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The key of an alias: a MAC of gateway and session.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AliasKey(pub [u8; 16]);

impl std::fmt::Debug for AliasKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The longest line that is read or written, in bytes. The largest of the menus that come with nyota
/// is a sixteenth of it; what is longer in Redis is none of ours.
pub const LONGEST_LINE: usize = 4096;
/// What is counted: a MAC of what may not happen too often, and of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LimitKey(pub [u8; 16]);

/// The bytes of a line and their version: another number after every commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// Which commit made them.
    pub version: u64,
    /// The line.
    pub bytes: Vec<u8>,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// The line is now as given, with this version.
    Won(u64),
    /// Someone else committed first, or the line is gone: as it now stands. Nothing changed.
    Lost(Option<Versioned>),
}

/// Where lines are kept could not be asked.
#[derive(Debug, thiserror::Error)]
#[error("the sessions could not {tried}")]
pub struct SessionError {
    /// What was tried: `load a line`.
    pub tried: &'static str,
    /// Why.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Whether it is part of an outage that the log was told of.
    pub told: bool,
}

/// Keeps the lines.
#[async_trait]
pub trait Sessions: std::fmt::Debug + Send + Sync {
    /// The line as it stands; `None` where there is none or its time is over.
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError>;

    /// The line as this node committed it last, without asking whether it still stands: another node
    /// may have replaced it since. So it serves only what ends in a commit from its version. `None`
    /// where no copy is kept.
    async fn recall(&self, _key: LineKey) -> Option<Versioned> {
        None
    }

    /// Whether they can be asked, for whoever routes calls here.
    async fn answer(&self) -> Result<(), SessionError>;

    /// Counts one more under `key` and says whether that is within `rate`. One that is not within it
    /// is not counted. What is counted is forgotten when it no longer matters.
    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError>;

    /// Replaces the line if its version is `from` (`None`: if there is no line) and lets it live for
    /// `ttl` from now.
    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError>;

    /// Keeps `bytes` under an alias for `ttl` from now, in place of what stood there.
    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError>;

    /// What is kept under an alias, which lives for `ttl` from now.
    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError>;
}
