//! Times as a person reads them, where the scheme is.

use chrono::{DateTime, Utc};

use crate::model::EAST_AFRICA;

/// `21 Nov 2026 14:05`.
pub(super) fn local(time: DateTime<Utc>) -> String {
    (time + EAST_AFRICA).format("%-d %b %Y %H:%M").to_string()
}

/// `2 h ago (21 Nov 2026 14:05)`.
pub(super) fn ago(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - time).num_seconds();
    let ago = match seconds {
        ..60 => "just now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        172_800.. => format!("{} days ago", seconds / 86_400),
    };
    format!("{ago} ({})", local(time))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_time_is_told_by_how_long_ago_it_was_and_by_the_local_clock() {
        let now = DateTime::from_timestamp(1_795_271_463, 0).unwrap();
        for (seconds, told) in [
            (-5, "just now (21 Nov 2026 17:31)"),
            (59, "just now (21 Nov 2026 17:30)"),
            (60, "1 min ago (21 Nov 2026 17:30)"),
            (7199, "1 h ago (21 Nov 2026 15:31)"),
            (172_799, "47 h ago (19 Nov 2026 17:31)"),
            (172_800, "2 days ago (19 Nov 2026 17:31)"),
        ] {
            assert_eq!(ago(now - TimeDelta::seconds(seconds), now), told);
        }
    }
}
