use std::{
    hash::Hash,
    time::{Duration, Instant},
};

use moka::{Expiry, future::Cache};

/// Values with a time to live each, bounded in number: a flood drops the least used, never the
/// process.
pub(super) type Expiring<K, V> = Cache<K, Kept<V>>;

/// A value and how long it lives from when it was put there.
#[derive(Clone, Debug)]
pub(super) struct Kept<V> {
    pub(super) value: V,
    pub(super) ttl: Duration,
}

/// Room for `capacity` values.
pub(super) fn expiring<K, V>(capacity: u64) -> Expiring<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder()
        .max_capacity(capacity)
        .expire_after(OwnTtl)
        .build()
}

#[derive(Debug)]
struct OwnTtl;

impl<K, V> Expiry<K, Kept<V>> for OwnTtl {
    fn expire_after_create(&self, _: &K, kept: &Kept<V>, _: Instant) -> Option<Duration> {
        Some(kept.ttl)
    }

    fn expire_after_update(
        &self,
        _: &K,
        kept: &Kept<V>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.ttl)
    }
}
