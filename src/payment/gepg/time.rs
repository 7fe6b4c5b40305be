//! GePG's times: local East African Time (UTC+3, no summer time), written without a zone.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

use super::xml::XmlError;
use crate::model::EAST_AFRICA;

/// The forms seen on the wire: with `T`, with a space, with a fraction, and as one number.
const FORMS: [&str; 3] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y%m%d%H%M%S",
];

/// Years in which a payment can be; anything else is a slip that no database needs to hold.
const YEARS: std::ops::Range<i32> = 2000..2200;

/// Reads `2026-11-21T10:15:30`, `2026-11-21 14:47:14.0` or `20261121101530`, which are East African;
/// where a zone is written that zone; and seconds or milliseconds since 1970.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    local(text)
        .or_else(|| with_zone(text))
        .or_else(|| since_1970(text))
        .filter(|time| YEARS.contains(&time.year()))
}

fn local(text: &str) -> Option<DateTime<Utc>> {
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .filter(|local| YEARS.contains(&local.year()))
        .map(|local| (local - EAST_AFRICA).and_utc())
}

fn with_zone(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).ok()?;
    Some(zoned.with_timezone(&Utc))
}

fn since_1970(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    match text.len() {
        10 => DateTime::from_timestamp(number, 0),
        13 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

/// Reads the time in the element `name`.
pub(super) fn read_value(name: &'static str, text: &str) -> Result<DateTime<Utc>, XmlError> {
    read(text).ok_or(XmlError::Unreadable(name))
}

/// Writes a time as East African, to the second.
pub fn write(time: DateTime<Utc>) -> String {
    (time + EAST_AFRICA).format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Reads the day in the element `name`: `2026-11-20`.
pub(super) fn read_day(name: &'static str, text: &str) -> Result<NaiveDate, XmlError> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d");
    day.ok()
        .filter(|day| YEARS.contains(&day.year()))
        .ok_or(XmlError::Unreadable(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_east_african_in_every_form() {
        for text in [
            "2026-11-21T10:15:30",
            "2026-11-21 10:15:30.0",
            "20261121101530",
            "2026-11-21T10:15:30+03:00",
            "2026-11-21T07:15:30Z",
            "1795245330",
            "1795245330000",
        ] {
            let time = read(text).unwrap();
            assert_eq!(time.to_rfc3339(), "2026-11-21T07:15:30+00:00", "{text}");
            assert_eq!(write(time), "2026-11-21T10:15:30");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026-11-21",
            "21/11/2026 10:00:00",
            "9999-01-01T00:00:00",
            "12345",
            "-1795245330",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
