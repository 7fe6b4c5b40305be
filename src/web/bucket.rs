use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};

use crate::model::Rate;

/// Keys lie in so many maps, so that cores seldom wait for each other and a sweep holds up a
/// sixteenth of the keys at a time.
const SHARDS: usize = 16;
/// A map that is smaller than this is not worth shrinking.
const SMALL: usize = 1024;

/// One bucket for each key, in this process, with a bounded number of keys.
///
/// governor's own store of keys grows for as long as there are new ones, so its states are kept
/// here: where there is no room a key that is not known has a full bucket each time, and is counted.
pub(super) struct Buckets<C: Clock = MonotonicClock> {
    limiter: RateLimiter<u64, States, C, NoOpMiddleware<C::Instant>>,
    states: States,
    hasher: RandomState,
}

impl Buckets {
    /// Buckets of `rate` for at most about `most` keys.
    pub(super) fn new(rate: Rate, most: usize) -> Self {
        Self::with_clock(rate, most, MonotonicClock)
    }
}

impl<C: Clock> Buckets<C> {
    fn with_clock(rate: Rate, most: usize, clock: C) -> Self {
        let states = States::new(most);
        // A period of nothing has no quota; `Rate::each` is never nothing.
        let quota = Quota::with_period(rate.each()).unwrap_or(Quota::per_second(rate.times));
        let quota = quota.allow_burst(rate.times);
        Self {
            limiter: RateLimiter::new(quota, states.clone(), clock),
            states,
            hasher: RandomState::new(),
        }
    }

    /// Takes one from the key's bucket; false where it is empty.
    pub(super) fn take(&self, key: impl Hash) -> bool {
        self.limiter.check_key(&self.hasher.hash_one(key)).is_ok()
    }

    /// Forgets the keys whose bucket is full again, and gives their memory back.
    pub(super) fn sweep(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    /// How many keys are kept.
    pub(super) fn keys(&self) -> usize {
        self.limiter.len()
    }

    /// How often there was no room for a key.
    pub(super) fn without_room(&self) -> u64 {
        self.states.0.without_room.load(Ordering::Relaxed)
    }
}

impl<C: Clock> std::fmt::Debug for Buckets<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buckets")
            .field("keys", &self.states.len())
            .finish_non_exhaustive()
    }
}

/// When each key's bucket is full again.
#[derive(Clone)]
struct States(Arc<Shards>);

struct Shards {
    maps: [Mutex<HashMap<u64, Nanos>>; SHARDS],
    most: usize,
    without_room: AtomicU64,
}

impl States {
    fn new(most: usize) -> Self {
        Self(Arc::new(Shards {
            maps: std::array::from_fn(|_| Mutex::default()),
            most: most.div_ceil(SHARDS),
            without_room: AtomicU64::new(0),
        }))
    }

    fn maps(&self) -> impl Iterator<Item = MutexGuard<'_, HashMap<u64, Nanos>>> {
        self.0.maps.iter().map(locked)
    }

    fn map_of(&self, key: u64) -> Option<&Mutex<HashMap<u64, Nanos>>> {
        self.0
            .maps
            .get(usize::try_from(key).unwrap_or_default() % SHARDS)
    }
}

/// What a thread that panicked left behind is whole: each change is one insertion.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl StateStore for States {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let Some(map) = self.map_of(*key) else {
            return measure(None).map(|(measured, _)| measured);
        };
        let mut map = locked(map);
        let before = map.get(key).copied();
        let (measured, after) = measure(before)?;
        if before.is_some() || map.len() < self.0.most {
            map.insert(*key, after);
        } else {
            self.0.without_room.fetch_add(1, Ordering::Relaxed);
        }
        Ok(measured)
    }
}

impl ShrinkableKeyedStateStore<u64> for States {
    fn retain_recent(&self, drop_below: Nanos) {
        for mut map in self.maps() {
            map.retain(|_, full_again| *full_again > drop_below);
        }
    }

    fn shrink_to_fit(&self) {
        for mut map in self.maps() {
            if map.capacity() > SMALL && map.capacity() / 4 > map.len() {
                map.shrink_to_fit();
            }
        }
    }

    fn len(&self) -> usize {
        self.maps().map(|map| map.len()).sum()
    }

    fn is_empty(&self) -> bool {
        self.maps().all(|map| map.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn buckets(rate: Rate, most: usize) -> (Buckets<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Buckets::with_clock(rate, most, clock.clone()), clock)
    }

    #[test]
    fn a_bucket_gives_all_at_once_and_then_each_in_its_time() {
        let (buckets, clock) = buckets(Rate::of(3, 6), 100);
        let taken: Vec<_> = (0..4).map(|_| buckets.take("a")).collect();
        assert_eq!(taken, [true, true, true, false]);
        assert!(buckets.take("b"), "another key has its own");
        clock.advance(Duration::from_secs(2));
        assert!(buckets.take("a") && !buckets.take("a"));
    }

    #[test]
    fn a_million_keys_are_kept_in_bounded_room_and_soon() {
        let began = Instant::now();
        let (buckets, clock) = buckets(Rate::of(120, 60), 100_000);
        for key in 0..1_000_000_u32 {
            assert!(buckets.take(key), "who is not known is let in");
        }
        let kept = buckets.keys();
        assert!((90_000..=100_000).contains(&kept), "{kept}");
        let without = usize::try_from(buckets.without_room()).unwrap();
        assert_eq!(kept + without, 1_000_000);
        clock.advance(Duration::from_secs(2));
        buckets.sweep();
        assert_eq!(buckets.keys(), 0, "one turn is soon forgotten");
        let capacity: usize = buckets.states.maps().map(|map| map.capacity()).sum();
        assert!(capacity <= SHARDS * SMALL, "{capacity}");
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "{:?}",
            began.elapsed()
        );
    }

    #[test]
    fn who_is_known_is_limited_also_where_there_is_no_more_room() {
        let (buckets, _) = buckets(Rate::of(2, 60), 16);
        assert!(buckets.take("known"));
        for key in 0..1_000 {
            buckets.take(key);
        }
        assert!(buckets.take("known") && !buckets.take("known"));
    }

    #[test]
    fn a_sweep_forgets_nobody_who_is_over_the_limit() {
        let (buckets, clock) = buckets(Rate::of(2, 60), 100);
        assert!(buckets.take("a") && buckets.take("a"));
        clock.advance(Duration::from_secs(20));
        buckets.sweep();
        assert_eq!(buckets.keys(), 1);
        assert!(!buckets.take("a"));
    }
}
