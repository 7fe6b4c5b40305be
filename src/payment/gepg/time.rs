//! GePG's times: local East African Time (UTC+3, no summer time), written without a zone.

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};

use super::xml::XmlError;
use crate::model::EAST_AFRICA;

/// The forms seen on the wire: with `T`, and with a space and a fraction.
const FORMS: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];

/// Years in which a payment can be; anything else is a slip that no database needs to hold.
const YEARS: std::ops::Range<i32> = 2000..2200;

/// Reads `2026-11-21T10:15:30` or `2026-11-21 14:47:14.0`, which are East African.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .filter(|local| YEARS.contains(&local.year()))
        .map(|local| (local - EAST_AFRICA).and_utc())
}

/// Reads the time in the element `name`.
pub(super) fn read_value(name: &'static str, text: &str) -> Result<DateTime<Utc>, XmlError> {
    read(text).ok_or(XmlError::Unreadable(name))
}

/// Writes a time as East African, to the second.
pub fn write(time: DateTime<Utc>) -> String {
    (time + EAST_AFRICA).format("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_as_east_african_time() {
        let with_t = read("2026-11-21T10:15:30").unwrap();
        assert_eq!(with_t.to_rfc3339(), "2026-11-21T07:15:30+00:00");
        assert_eq!(write(with_t), "2026-11-21T10:15:30");
        let with_space = read("2026-11-22 12:00:00.0").unwrap();
        assert_eq!(with_space.to_rfc3339(), "2026-11-22T09:00:00+00:00");
        for text in [
            "",
            "2026-11-21",
            "21/11/2026 10:00:00",
            "9999-01-01T00:00:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
