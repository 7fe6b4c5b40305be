use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use moka::{Expiry, future::Cache, ops::compute::Op};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AliasKey, Committed, LimitKey, LineKey, SessionError, Sessions, Versioned,
    expiring::{Expiring, Kept, expiring},
};
use crate::model::Rate;

/// How many lines a process keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The most lines at one time; a flood of dials drops the least used, never the process.
    #[schemars(range(min = 1))]
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
    lines: Expiring<LineKey, Versioned>,
    aliases: Expiring<AliasKey, Vec<u8>>,
    /// When each is as good as new.
    limits: Cache<LimitKey, Instant>,
    /// Versions are never used twice, so that a line that went and came back is not taken for the
    /// one before.
    next_version: AtomicU64,
    longest: AtomicUsize,
}

#[derive(Debug)]
struct UntilNew;

impl Expiry<LimitKey, Instant> for UntilNew {
    fn expire_after_create(
        &self,
        _: &LimitKey,
        new_again: &Instant,
        now: Instant,
    ) -> Option<Duration> {
        Some(new_again.saturating_duration_since(now))
    }

    fn expire_after_update(
        &self,
        _: &LimitKey,
        new_again: &Instant,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(new_again.saturating_duration_since(now))
    }
}

impl MemorySessions {
    /// Sessions with room for `options.capacity` lines.
    pub fn new(options: Options) -> Self {
        let limits = Cache::builder()
            .max_capacity(options.capacity)
            .expire_after(UntilNew)
            .build();
        Self {
            lines: expiring(options.capacity),
            aliases: expiring(options.capacity),
            limits,
            next_version: AtomicU64::new(1),
            longest: AtomicUsize::new(0),
        }
    }

    /// The longest line that was ever kept, in bytes: what a line may cost where menus are tried.
    pub fn longest_line(&self) -> usize {
        self.longest.load(Ordering::Relaxed)
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
        Ok(self.lines.get(&key).await.map(|kept| kept.value))
    }

    async fn answer(&self) -> Result<(), SessionError> {
        Ok(())
    }

    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError> {
        let now = Instant::now();
        let window = rate.each() * rate.times.get();
        let mut allowed = false;
        self.limits
            .entry(key)
            .and_compute_with(|entry| {
                let before = entry.map_or(now, |entry| entry.into_value().max(now));
                let after = before + rate.each();
                allowed = after.saturating_duration_since(now) <= window;
                std::future::ready(if allowed { Op::Put(after) } else { Op::Nop })
            })
            .await;
        Ok(allowed)
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        let version = self.next_version.fetch_add(1, Ordering::Relaxed);
        self.longest.fetch_max(bytes.len(), Ordering::Relaxed);
        let value = Versioned { version, bytes };
        let mut lost = None;
        self.lines
            .entry(key)
            .and_compute_with(|entry| {
                let stands = entry.map(|entry| entry.into_value().value);
                let op = if stands.as_ref().map(|line| line.version) == from {
                    Op::Put(Kept { value, ttl })
                } else {
                    lost = Some(stands);
                    Op::Nop
                };
                std::future::ready(op)
            })
            .await;
        Ok(lost.map_or(Committed::Won(version), Committed::Lost))
    }

    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError> {
        let kept = Kept { value: bytes, ttl };
        self.aliases.insert(alias, kept).await;
        Ok(())
    }

    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        let Some(kept) = self.aliases.get(&alias).await else {
            return Ok(None);
        };
        let value = kept.value.clone();
        self.aliases.insert(alias, Kept { ttl, ..kept }).await;
        Ok(Some(value))
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
    async fn sessions_in_the_process_pass_the_contract() {
        contract::every_behaviour(&|| std::sync::Arc::new(sessions())).await;
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
