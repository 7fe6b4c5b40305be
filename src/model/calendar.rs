use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// East African Time, in which the scheme's and the gateway's days begin: UTC+3, no summer time.
pub const EAST_AFRICA: TimeDelta = TimeDelta::hours(3);

/// Which day a time is where the scheme is.
pub fn local_day(time: DateTime<Utc>) -> NaiveDate {
    (time + EAST_AFRICA).date_naive()
}

/// The last second of a day there.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    (day.and_time(end) - EAST_AFRICA).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_with_its_last_second_in_east_africa() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 21).unwrap();
        let end = end_of_day(day);
        assert_eq!(end.to_rfc3339(), "2026-12-21T20:59:59+00:00");
        assert_eq!(local_day(end), day);
        assert_eq!(
            local_day(end + TimeDelta::seconds(1)),
            day.succ_opt().unwrap()
        );
    }
}
