use std::{num::NonZeroU32, time::Duration};

use serde::{Deserialize, Serialize};

/// How often something may happen: so many times in so many seconds.
///
/// It is a bucket: all of them may come at once, and each comes back when its share of the time has
/// passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many times.
    pub times: NonZeroU32,
    /// In how many seconds.
    pub seconds: NonZeroU32,
}

impl Rate {
    /// So many times in so many seconds; 0 is read as 1.
    pub const fn of(times: u32, seconds: u32) -> Self {
        Self {
            times: at_least_one(times),
            seconds: at_least_one(seconds),
        }
    }

    /// After how long one that was used comes back; at least a microsecond.
    pub fn each(self) -> Duration {
        let window = Duration::from_secs(self.seconds.get().into());
        (window / self.times.get()).max(Duration::from_micros(1))
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rates_share_of_the_time_is_never_nothing() {
        assert_eq!(Rate::of(60, 600).each(), Duration::from_secs(10));
        assert_eq!(Rate::of(0, 0).each(), Duration::from_secs(1));
        assert_eq!(Rate::of(u32::MAX, 1).each(), Duration::from_micros(1));
    }
}
