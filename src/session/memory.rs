use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use moka::{Expiry, future::Cache, ops::compute::Op};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Committed, LineKey, SessionError, Sessions, Versioned};

/// How many lines a process keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The most lines at one time; a flood of dials drops the least used, never the process.
    pub capacity: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { capacity: 200_000 }
    }
}

/// Lines in the process: for one node, and for the demo. They go when it goes.
#[derive(Debug)]
pub struct MemorySessions {
    lines: Cache<LineKey, Kept>,
    /// Versions are never used twice, so that a line that went and came back is not taken for the
    /// one before.
    next_version: AtomicU64,
}

#[derive(Clone, Debug)]
struct Kept {
    line: Versioned,
    ttl: Duration,
}

#[derive(Debug)]
struct OwnTtl;

impl Expiry<LineKey, Kept> for OwnTtl {
    fn expire_after_create(&self, _: &LineKey, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.ttl)
    }

    fn expire_after_update(
        &self,
        _: &LineKey,
        kept: &Kept,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.ttl)
    }
}

impl MemorySessions {
    /// Sessions with room for `options.capacity` lines.
    pub fn new(options: Options) -> Self {
        let lines = Cache::builder()
            .max_capacity(options.capacity)
            .expire_after(OwnTtl)
            .build();
        Self {
            lines,
            next_version: AtomicU64::new(1),
        }
    }

    /// Makes every line as old as if `time` had passed: for transcripts, whose clock is set by hand.
    pub async fn age(&self, time: Duration) {
        let kept: Vec<_> = self.lines.iter().collect();
        for (key, kept) in kept {
            match kept.ttl.checked_sub(time).filter(|left| !left.is_zero()) {
                Some(ttl) => self.lines.insert(*key, Kept { ttl, ..kept }).await,
                None => self.lines.invalidate(&*key).await,
            }
        }
    }
}

#[async_trait]
impl Sessions for MemorySessions {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        Ok(self.lines.get(&key).await.map(|kept| kept.line))
    }

    async fn answer(&self) -> Result<(), SessionError> {
        Ok(())
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        let version = self.next_version.fetch_add(1, Ordering::Relaxed);
        let line = Versioned { version, bytes };
        let mut lost = None;
        self.lines
            .entry(key)
            .and_compute_with(|entry| {
                let stands = entry.map(|entry| entry.into_value().line);
                let op = if stands.as_ref().map(|line| line.version) == from {
                    Op::Put(Kept { line, ttl })
                } else {
                    lost = Some(stands);
                    Op::Nop
                };
                std::future::ready(op)
            })
            .await;
        Ok(lost.map_or(Committed::Won(version), Committed::Lost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::contract;

    fn sessions() -> MemorySessions {
        MemorySessions::new(Options::default())
    }

    #[tokio::test]
    async fn a_line_is_kept_and_replaced_by_compare_and_set() {
        contract::commits_form_one_chain(&sessions()).await;
    }

    #[tokio::test]
    async fn of_many_commits_from_one_version_one_wins() {
        contract::one_of_many_wins(std::sync::Arc::new(sessions())).await;
    }

    #[tokio::test]
    async fn a_line_lives_for_its_ttl_from_its_last_commit() {
        contract::a_line_lives_for_its_ttl(&sessions()).await;
    }

    #[tokio::test]
    async fn a_line_that_is_made_older_than_its_ttl_is_gone() {
        let sessions = sessions();
        let (young, old) = (LineKey([1; 16]), LineKey([2; 16]));
        for (key, seconds) in [(young, 100), (old, 10)] {
            let ttl = Duration::from_secs(seconds);
            let committed = sessions.commit(key, None, vec![1], ttl).await.unwrap();
            assert!(matches!(committed, Committed::Won(_)));
        }
        sessions.age(Duration::from_secs(50)).await;
        assert!(sessions.load(young).await.unwrap().is_some());
        assert!(sessions.load(old).await.unwrap().is_none());
        sessions.age(Duration::from_secs(50)).await;
        assert!(sessions.load(young).await.unwrap().is_none());
    }
}
