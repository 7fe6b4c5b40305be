use std::{fmt, sync::RwLock};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time of day comes from. Durations and deadlines use the runtime's monotonic time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is moved: for tests and transcripts.
#[derive(Debug)]
pub struct FixedClock(RwLock<DateTime<Utc>>);

impl FixedClock {
    /// A clock that says `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(RwLock::new(now))
    }

    /// Moves it by `delta`.
    pub fn advance(&self, delta: TimeDelta) {
        let mut now = self
            .0
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += delta;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self
            .0
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
