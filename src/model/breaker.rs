use std::time::{Duration, Instant};

/// How many failures in a row it takes for a part to be left alone.
const FAILURES: u32 = 5;
/// How often a part that is left alone is tried.
const PROBE: Duration = Duration::from_secs(1);

/// Whether a part that failed is worth asking: after some failures in a row it is left alone, and
/// tried once a second until it answers. So an outage costs each caller nothing but the answer.
///
/// Pure: the time comes in as a value.
///
/// 1. [`Breaker::may_ask`] before each asking.
/// 2. [`Breaker::failed`] or [`Breaker::answered`] after it; they say what is news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    left_alone: Option<LeftAlone>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LeftAlone {
    since: Instant,
    tried_at: Instant,
    refused: u64,
}

/// What an asking has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing that was not known.
    None,
    /// It failed once more, and is still asked.
    Failed,
    /// It failed too often: from now on it is left alone.
    LeftAlone,
    /// It answers again.
    Back {
        /// For how long it was left alone.
        after: Duration,
        /// How many askings were refused in the meantime.
        refused: u64,
    },
}

impl Breaker {
    /// Whether it is to be asked now. Of those who ask in one second of an outage, one is let through.
    pub fn may_ask(&mut self, now: Instant) -> bool {
        let Some(left_alone) = &mut self.left_alone else {
            return true;
        };
        let due = now.saturating_duration_since(left_alone.tried_at) >= PROBE;
        if due {
            left_alone.tried_at = now;
        } else {
            left_alone.refused = left_alone.refused.saturating_add(1);
        }
        due
    }

    /// Whether it is left alone, so that who asks only tries.
    pub fn leaves_alone(&self) -> bool {
        self.left_alone.is_some()
    }

    /// An asking failed.
    pub fn failed(&mut self, now: Instant) -> News {
        self.failures = self.failures.saturating_add(1);
        if self.left_alone.is_some() {
            return News::None;
        }
        if self.failures < FAILURES {
            return News::Failed;
        }
        self.left_alone = Some(LeftAlone {
            since: now,
            tried_at: now,
            refused: 0,
        });
        News::LeftAlone
    }

    /// An asking was answered.
    pub fn answered(&mut self, now: Instant) -> News {
        self.failures = 0;
        self.left_alone
            .take()
            .map_or(News::None, |left| News::Back {
                after: now.saturating_duration_since(left.since),
                refused: left.refused,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_alone(now: Instant) -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES {
            assert!(breaker.may_ask(now));
            assert_eq!(breaker.failed(now), News::Failed);
        }
        assert!(breaker.may_ask(now));
        assert_eq!(breaker.failed(now), News::LeftAlone);
        breaker
    }

    #[test]
    fn what_fails_some_times_in_a_row_is_left_alone_and_tried_once_a_second() {
        let begun = Instant::now();
        let mut breaker = left_alone(begun);
        for second in 1..4 {
            let now = begun + PROBE * second;
            let early = PROBE * (second - 1) + Duration::from_millis(999);
            assert!(!breaker.may_ask(begun + early));
            assert!(breaker.may_ask(now));
            assert!(!breaker.may_ask(now));
            assert_eq!(breaker.failed(now), News::None);
        }
    }

    #[test]
    fn one_answer_ends_it_and_says_what_it_cost() {
        let begun = Instant::now();
        let mut breaker = left_alone(begun);
        assert!(!breaker.may_ask(begun));
        let now = begun + PROBE;
        assert!(breaker.may_ask(now));
        let back = News::Back {
            after: PROBE,
            refused: 1,
        };
        assert_eq!(breaker.answered(now), back);
        assert!(breaker.may_ask(now));
        assert_eq!(breaker.answered(now), News::None);
    }

    #[test]
    fn failures_with_answers_between_them_are_no_outage() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES * 2 {
            assert_eq!(breaker.failed(now), News::Failed);
            assert_eq!(breaker.answered(now), News::None);
        }
        assert!(breaker.may_ask(now));
    }
}
