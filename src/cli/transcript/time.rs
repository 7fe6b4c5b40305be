use std::time::Duration;

/// The longest that time passes in one step: two years.
const LONGEST: Duration = Duration::from_hours(2 * 366 * 24);

/// `30s`, `10m`, `2h`, `3d`.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    let read = units.into_iter().find_map(|(unit, seconds)| {
        let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        Some(Duration::from_secs(number.checked_mul(seconds)?))
    });
    read.filter(|time| *time <= LONGEST)
        .ok_or_else(|| "a time is written as 30s, 10m, 2h or 3d, two years at most".to_owned())
}

/// As [`parse`] reads it, in the largest unit that says it whole.
pub(super) fn written(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [('d', 86_400), ('h', 3600), ('m', 60)];
    let whole = units
        .into_iter()
        .find(|(_, unit)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (unit, length) = whole.unwrap_or(('s', 1));
    format!("{}{unit}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_number_and_a_unit() {
        assert_eq!(parse("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("10m"), Ok(Duration::from_mins(10)));
        assert_eq!(parse("2 d"), Ok(Duration::from_hours(48)));
        for text in ["0s", "90s", "10m", "5h", "400d"] {
            assert_eq!(written(parse(text).unwrap()), text);
        }
        for wrong in ["", "10", "m", "-1m", "1.5h", "999999d", "1w"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
