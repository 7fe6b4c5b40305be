use chrono::{Datelike, Days, Months, NaiveDate};

use super::whole;

/// The years of a typed day: nobody alive was born before, no cover lasts longer.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2150;

/// The first or last day that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayLimit {
    /// This one.
    Day(NaiveDate),
    /// So many days after the day of the turn; before it, where negative.
    Days(i32),
    /// So many months after the day of the turn; before it, where negative.
    Months(i32),
}

impl DayLimit {
    /// Reads `1900-01-01`, `today`, `today + 30d`, `today - 6m` or `today - 120y`.
    pub fn parse(text: &str) -> Option<Self> {
        let Some(shift) = text.strip_prefix("today") else {
            return NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|day| text.len() == 10 && YEARS.contains(&day.year()))
                .map(Self::Day);
        };
        let shift = shift.trim();
        if shift.is_empty() {
            return Some(Self::Days(0));
        }
        let (sign, count) = match shift.strip_prefix('+') {
            Some(count) => (1, count),
            None => (-1, shift.strip_prefix('-')?),
        };
        let unit = count.chars().last()?;
        let count = whole::number(count.trim_start().strip_suffix(unit)?)?;
        let count = sign * i32::try_from(count).ok().filter(|count| *count <= 99_999)?;
        match unit {
            'd' => Some(Self::Days(count)),
            'm' => Some(Self::Months(count)),
            'y' => Some(Self::Months(count.checked_mul(12)?)),
            _ => None,
        }
    }

    /// The day that it is, on the day `today`.
    pub fn on(self, today: NaiveDate) -> NaiveDate {
        let far = |count: i32| {
            if count < 0 {
                NaiveDate::MIN
            } else {
                NaiveDate::MAX
            }
        };
        match self {
            Self::Day(day) => day,
            Self::Days(count) => {
                let days = Days::new(count.unsigned_abs().into());
                let shifted = if count < 0 {
                    today.checked_sub_days(days)
                } else {
                    today.checked_add_days(days)
                };
                shifted.unwrap_or(far(count))
            }
            Self::Months(count) => {
                let months = Months::new(count.unsigned_abs());
                let shifted = if count < 0 {
                    today.checked_sub_months(months)
                } else {
                    today.checked_add_months(months)
                };
                shifted.unwrap_or(far(count))
            }
        }
    }

    /// Whether no day is both after `self` and before `last`, on any day.
    pub(in crate::menu) fn is_after(self, last: Self) -> bool {
        let both_move = !matches!((self, last), (Self::Day(_), _) | (_, Self::Day(_)));
        let both_stand = matches!((self, last), (Self::Day(_), Self::Day(_)));
        // Any day will do, as both move with it or neither does.
        let some_day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
        (both_move || both_stand) && self.on(some_day) > last.on(some_day)
    }
}

/// A day as it is typed: day, month and year of four digits, eight digits together or set apart by
/// `/`, `-`, `.` or a space.
pub(super) fn read(text: &str) -> Option<NaiveDate> {
    let separator = text.chars().find(|character| "/-. ".contains(*character));
    let (day, rest) = match separator {
        Some(separator) => text.split_once(separator)?,
        None => text.split_at_checked(2)?,
    };
    let (month, year) = match separator {
        Some(separator) => rest.split_once(separator)?,
        None => rest.split_at_checked(2)?,
    };
    let short = |part: &str| (1..=2).contains(&part.len()) && whole::are_digits(part);
    let long = year.len() == 4 && whole::are_digits(year);
    if !(short(day) && short(month) && long) {
        return None;
    }
    let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_day_is_typed_in_a_few_ways() {
        for text in [
            "07021985",
            "07/02/1985",
            "7/2/1985",
            "07-02-1985",
            "7.2.1985",
            "07 02 1985",
        ] {
            assert_eq!(read(text), Some(day(1985, 2, 7)), "{text}");
        }
        for text in [
            "",
            "070285",
            "7021985",
            "30021985",
            "07/02-1985",
            "07*02*1985",
            "1985-02-07",
            "07/02/85",
            "07/02/1985/1",
            "07021849",
            "٠7021985",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_limit_stands_or_moves_with_today() {
        let today = day(2026, 3, 31);
        for (text, limit) in [
            ("1900-01-01", day(1900, 1, 1)),
            ("today", today),
            ("today + 30d", day(2026, 4, 30)),
            ("today-1m", day(2026, 2, 28)),
            ("today - 120y", day(1906, 3, 31)),
        ] {
            assert_eq!(DayLimit::parse(text).unwrap().on(today), limit, "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "today 30d",
            "today + 30",
            "today + d",
            "today + 30w",
            "1900-1-1",
            "0001-01-01",
            "today + 100000d",
        ] {
            assert_eq!(DayLimit::parse(text), None, "{text}");
        }
    }

    #[test]
    fn limits_that_no_day_meets_are_known_where_they_move_together() {
        let limit = |text| DayLimit::parse(text).unwrap();
        assert!(limit("today").is_after(limit("today - 1d")));
        assert!(limit("2026-03-02").is_after(limit("2026-03-01")));
        assert!(!limit("today").is_after(limit("today")));
        assert!(!limit("2030-01-01").is_after(limit("today")));
    }
}
