//! A day as three bytes instead of its ten digits: values stand in every live line.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a field over by reference"
)]
pub(super) fn serialize<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i32(day.num_days_from_ce())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let days = i32::deserialize(from)?;
    NaiveDate::from_num_days_from_ce_opt(days).ok_or_else(|| D::Error::custom("no day"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::Value;

    #[test]
    fn a_day_is_kept_in_few_bytes_and_read_again() {
        for (year, month, day) in [(1850, 1, 1), (2026, 3, 2), (2150, 12, 31)] {
            let value = Value::Date(NaiveDate::from_ymd_opt(year, month, day).unwrap());
            let bytes = postcard::to_stdvec(&value).unwrap();
            assert!(bytes.len() <= 4);
            assert!(postcard::from_bytes::<Value>(&bytes).unwrap() == value);
        }
        let no_day = postcard::to_stdvec(&(3_u8, i32::MAX)).unwrap();
        assert!(postcard::from_bytes::<Value>(&no_day).is_err());
    }
}
