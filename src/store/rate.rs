use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// By how much the clocks of two nodes may differ. A route that seems used up for longer than this
/// was so by a clock that was wrong.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// How fast a route may be used, by all nodes together. It is kept as one time, the one until which
/// what was sent has used it up (GCRA): each job moves it on by the time that one job takes, and it
/// may be ahead of now by the time that the burst takes.
///
/// As text it is `30/60`: so many a second, and so many at once after a rest; `30` is `30/30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline)]
pub struct Rate {
    /// How many jobs a second, in the long run. At least one.
    pub per_second: u32,
    /// How many at once after a rest. At least one.
    pub burst: u32,
}

/// What is no [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write how many jobs a second, such as 30, or 30/60 with how many at once after a rest; both from 1 to 100000"
)]
pub struct ParseRateError;

impl FromStr for Rate {
    type Err = ParseRateError;

    fn from_str(text: &str) -> Result<Self, ParseRateError> {
        let (per_second, burst) = text.split_once('/').unwrap_or((text, text));
        let number = |text: &str| {
            let number = text.parse().ok();
            let number = number.filter(|number| (1..=100_000).contains(number));
            number.ok_or(ParseRateError)
        };
        Ok(Self {
            per_second: number(per_second)?,
            burst: number(burst)?,
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.per_second, self.burst)
    }
}

impl TryFrom<String> for Rate {
    type Error = ParseRateError;

    fn try_from(text: String) -> Result<Self, ParseRateError> {
        text.parse()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

impl Rate {
    /// How many jobs may go now, where it is used up until `free_at`.
    pub fn admits(self, free_at: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
        let left = self.whole_burst() - (self.sane(free_at, now) - now);
        let jobs = left.num_microseconds().unwrap_or_default() / self.micros();
        u32::try_from(jobs).unwrap_or_default()
    }

    /// Until when it is used up after `jobs` more.
    pub fn after(self, free_at: DateTime<Utc>, now: DateTime<Utc>, jobs: u32) -> DateTime<Utc> {
        self.sane(free_at, now) + TimeDelta::microseconds(self.micros() * i64::from(jobs))
    }

    /// From when on one job may go, where it is used up until `free_at`.
    pub fn next(self, free_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let one = TimeDelta::microseconds(self.micros());
        (self.sane(free_at, now) + one - self.whole_burst()).max(now)
    }

    fn sane(self, free_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let right = free_at <= now + self.whole_burst() + SKEW;
        if right { free_at.max(now) } else { now }
    }

    /// How long the burst is worth.
    fn whole_burst(self) -> TimeDelta {
        TimeDelta::microseconds(self.micros() * i64::from(self.burst.max(1)))
    }

    /// How long one job is worth.
    fn micros(self) -> i64 {
        (1_000_000 / i64::from(self.per_second.max(1))).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 10,
        burst: 3,
    };

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn a_burst_goes_at_once_and_then_one_at_a_time() {
        assert_eq!(RATE.admits(at(0), at(1000)), 3);
        let free_at = RATE.after(at(0), at(1000), 3);
        assert_eq!(RATE.admits(free_at, at(1000)), 0);
        assert_eq!(RATE.admits(free_at, at(1099)), 0);
        assert_eq!(RATE.admits(free_at, at(1100)), 1);
        assert_eq!(RATE.admits(free_at, at(1250)), 2);
    }

    #[test]
    fn the_next_may_go_when_it_is_admitted_and_no_earlier() {
        let free_at = RATE.after(at(0), at(1000), 3);
        assert_eq!(RATE.next(free_at, at(1000)), at(1100));
        assert_eq!(RATE.next(free_at, at(5000)), at(5000));
    }

    #[test]
    fn no_second_has_more_than_its_rate_and_the_burst() {
        let (mut free_at, mut sent) = (at(0), Vec::new());
        for millis in (0..5000).step_by(7) {
            let jobs = RATE.admits(free_at, at(millis));
            free_at = RATE.after(free_at, at(millis), jobs);
            sent.extend((0..jobs).map(|_| millis));
        }
        for from in 0..4000 {
            let second = sent.iter().filter(|at| (from..from + 1000).contains(*at));
            assert!(second.count() <= 13, "in the second from {from} ms");
        }
        assert!(sent.len() > 45, "only {} went", sent.len());
    }

    #[test]
    fn a_clock_that_was_ahead_does_not_stop_a_route() {
        let wrong = RATE.after(at(0), at(3_600_000), 3);
        assert_eq!(RATE.admits(wrong, at(1000)), 3);
        assert_eq!(RATE.next(wrong, at(1000)), at(1000));
        let a_little = RATE.after(at(0), at(6000), 3);
        assert_eq!(RATE.admits(a_little, at(1000)), 0);
    }
}
