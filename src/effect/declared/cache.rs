//! Answers that are given again, in this process only.

use std::{
    fmt,
    time::{Duration, Instant},
};

use moka::{Expiry, future};
use sha2::{Digest, Sha256};

use crate::menu::{
    DeclaredCall,
    declared::{FilledRequest, Read},
};

/// How many answers are kept.
const MOST: u64 = 2_000;

/// Answers by what was asked.
pub(super) struct Cache(future::Cache<CacheKey, Kept>);

/// A hash of the call, as it is declared, and of all that was sent: arguments and secrets cannot be
/// read from it, and a call that was declared anew shares nothing with what it was.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CacheKey([u8; 32]);

#[derive(Clone)]
struct Kept {
    read: Read,
    age: Duration,
}

/// Each answer lives as long as its call says.
struct ByCall;

impl Expiry<CacheKey, Kept> for ByCall {
    fn expire_after_create(&self, _: &CacheKey, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.age)
    }

    fn expire_after_update(
        &self,
        _: &CacheKey,
        kept: &Kept,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.age)
    }
}

impl Default for Cache {
    fn default() -> Self {
        let cache = future::Cache::builder().max_capacity(MOST);
        Self(cache.expire_after(ByCall).build())
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({} answers)", self.0.entry_count())
    }
}

impl Cache {
    pub(super) async fn get(&self, key: &CacheKey) -> Option<Read> {
        self.0.get(key).await.map(|kept| kept.read)
    }

    pub(super) async fn keep(&self, key: CacheKey, read: &Read, age: Duration) {
        let read = read.clone();
        self.0.insert(key, Kept { read, age }).await;
    }
}

impl CacheKey {
    pub(super) fn of(call: &DeclaredCall, filled: &FilledRequest) -> Self {
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        };
        let declared = (&call.request.address, &call.outcomes, &call.gives);
        add(&format!("{declared:?}"));
        add(&filled.target);
        for (name, value) in &filled.headers {
            add(name);
            add(value);
        }
        Self(hash.finalize().into())
    }
}
