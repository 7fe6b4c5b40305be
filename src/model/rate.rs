use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often something may happen: so many times in so many seconds.
///
/// It is a bucket: all of them may come at once, and each comes back when its share of the time has
/// passed.
///
/// As text it is `120 in 60 s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline)]
pub struct Rate {
    /// How many times.
    pub times: NonZeroU32,
    /// In how many seconds.
    pub seconds: NonZeroU32,
}

/// What is no [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write how many in how many seconds, such as `120 in 60 s`")]
pub struct ParseRateError;

impl FromStr for Rate {
    type Err = ParseRateError;

    fn from_str(text: &str) -> Result<Self, ParseRateError> {
        let (times, window) = text.split_once(" in ").ok_or(ParseRateError)?;
        let seconds = window.trim().strip_suffix('s').ok_or(ParseRateError)?;
        let number = |text: &str| text.trim().parse().map_err(|_| ParseRateError);
        Ok(Self {
            times: number(times)?,
            seconds: number(seconds)?,
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {} s", self.times, self.seconds)
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
    fn a_rate_reads_as_it_is_written() {
        let rate = Rate::of(120, 60);
        assert_eq!(rate.to_string(), "120 in 60 s");
        assert_eq!("120 in 60 s".parse(), Ok(rate));
        assert_eq!("120 in 60s".parse(), Ok(rate));
        for text in ["120", "0 in 60 s", "120 in 60", "120 in a s", "-1 in 60 s"] {
            assert_eq!(text.parse::<Rate>(), Err(ParseRateError), "{text}");
        }
    }

    #[test]
    fn a_rates_share_of_the_time_is_never_nothing() {
        assert_eq!(Rate::of(60, 600).each(), Duration::from_secs(10));
        assert_eq!(Rate::of(0, 0).each(), Duration::from_secs(1));
        assert_eq!(Rate::of(u32::MAX, 1).each(), Duration::from_micros(1));
    }
}
