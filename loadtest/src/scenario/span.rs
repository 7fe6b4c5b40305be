use std::{fmt, time::Duration};

use rand::{Rng, RngExt};
use serde::{Deserialize, Deserializer, de};

/// A time between two ends, drawn evenly: `2s`, or `1s..8s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    from: Duration,
    to: Duration,
}

impl Span {
    /// A time of it.
    pub(crate) fn draw(self, chance: &mut impl Rng) -> Duration {
        if self.from == self.to {
            return self.from;
        }
        chance.random_range(self.from..=self.to)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let (from, to) = (duration(from)?, duration(to)?);
        if from > to {
            return Err(format!("{text:?} ends before it begins"));
        }
        Ok(Self { from, to })
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// Reads `250ms`, `30s`, `10m` or `2h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let unit = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let count = text.strip_suffix(unit).unwrap_or(text);
    let count: Option<u64> = count.parse().ok();
    let milliseconds = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let whole = count.zip(milliseconds);
    let whole = whole.and_then(|(count, unit)| count.checked_mul(unit));
    let whole = whole.map(Duration::from_millis);
    whole.ok_or_else(|| Wrong(text).to_string())
}

struct Wrong<'a>(&'a str);

impl fmt::Display for Wrong<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:?} is no time such as 250ms, 30s, 10m or 2h",
            self.0
        )
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::SmallRng};

    use super::*;

    #[test]
    fn a_time_has_a_number_and_a_unit() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration(" 10m "), Ok(Duration::from_mins(10)));
        for wrong in ["", "s", "3", "3 days", "-1s", "99999999999999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_span_is_drawn_between_its_ends() {
        let span = Span::parse("1s..3s").unwrap();
        let mut chance = SmallRng::seed_from_u64(1);
        for _ in 0..100 {
            let drawn = span.draw(&mut chance);
            assert!((Duration::from_secs(1)..=Duration::from_secs(3)).contains(&drawn));
        }
        assert!(Span::parse("3s..1s").is_err());
    }
}
