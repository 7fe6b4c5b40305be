//! Times, read from text and written as text.

use std::fmt::Write;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

use super::{Dates, value::Datum};

impl Dates {
    /// A text becomes a time, a time a text.
    pub(super) fn turn(&self, datum: Datum) -> Option<Datum> {
        match datum {
            Datum::Time(time) => self.write(time).map(Datum::Text),
            other @ (Datum::Text(_) | Datum::Json(_) | Datum::Bytes(_)) => {
                self.read(&other.into_text()?).map(Datum::Time)
            }
        }
    }

    /// The time that a text tells in any of the formats.
    pub(super) fn read(&self, text: &str) -> Option<DateTime<Utc>> {
        let text = text.trim();
        let read = |format: &String| read(text, format, self.zone);
        self.formats.iter().find_map(read)
    }

    /// A time in the first format.
    pub(super) fn write(&self, time: DateTime<Utc>) -> Option<String> {
        let local = time.with_timezone(&self.zone);
        let mut text = String::new();
        write!(text, "{}", local.format(self.formats.first()?)).ok()?;
        Some(text)
    }
}

fn read(text: &str, format: &str, zone: FixedOffset) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_str(text, format) {
        return Some(time.to_utc());
    }
    let day = || {
        NaiveDate::parse_from_str(text, format)
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    let local = NaiveDateTime::parse_from_str(text, format)
        .ok()
        .or_else(day)?;
    let zoned = local.and_local_timezone(zone).single()?;
    Some(zoned.to_utc())
}

/// Seconds (`per_second` 1) or milliseconds (1000) since 1970, read or written.
pub(super) fn epoch(datum: Datum, per_second: i64) -> Option<Datum> {
    if let Datum::Time(time) = datum {
        let count = match per_second {
            1 => time.timestamp(),
            _ => time.timestamp_millis(),
        };
        return Some(Datum::Json(count.into()));
    }
    let count: i64 = datum.into_text()?.trim().parse().ok()?;
    let millis = count.checked_mul(1000 / per_second)?;
    DateTime::from_timestamp_millis(millis).map(Datum::Time)
}

/// RFC 3339, read or written.
pub(super) fn iso(datum: Datum) -> Option<Datum> {
    if let Datum::Time(time) = datum {
        return Some(Datum::Text(
            time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        ));
    }
    let text = datum.into_text()?;
    let time = DateTime::parse_from_rfc3339(text.trim()).ok()?;
    Some(Datum::Time(time.to_utc()))
}
