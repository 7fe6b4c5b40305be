use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::model::Clock;

/// A clock that begins on a transcript's day, runs, and is set forward where time passes.
#[derive(Debug)]
pub(super) struct DayClock {
    begins: DateTime<Utc>,
    started: Instant,
    passed: RwLock<TimeDelta>,
}

impl DayClock {
    /// Nine in the morning in East Africa.
    pub(super) fn on(day: NaiveDate) -> Self {
        let six = NaiveTime::from_hms_opt(6, 0, 0).unwrap_or_default();
        Self {
            begins: day.and_time(six).and_utc(),
            started: Instant::now(),
            passed: RwLock::default(),
        }
    }

    /// Lets time pass.
    pub(super) fn pass(&self, time: Duration) {
        let mut passed = self.passed.write().unwrap_or_else(PoisonError::into_inner);
        *passed += TimeDelta::from_std(time).unwrap_or_default();
    }
}

impl Clock for DayClock {
    fn now(&self) -> DateTime<Utc> {
        let passed = *self.passed.read().unwrap_or_else(PoisonError::into_inner);
        self.begins + TimeDelta::from_std(self.started.elapsed()).unwrap_or_default() + passed
    }
}
