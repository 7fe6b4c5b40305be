//! The demo's calendar: a cover's days, and what renewing it on a day would be.

use chrono::{Days, Months, NaiveDate};

use super::people::Baseline;
use crate::{
    scheme::{CoverStatus, QuoteStatus},
    store::SandboxPolicy,
};

/// How many days before its end a cover can be renewed.
const RENEWABLE_DAYS: u64 = 30;
const YEAR: Months = Months::new(12);

/// A member's cover as it stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) status: CoverStatus,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// Whether it was bought: its days are then fixed.
    bought: bool,
}

/// What renewing would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Renewal {
    pub(super) status: QuoteStatus,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) period: String,
}

impl Standing {
    /// The bought cover, also once it has ended; what the member has without buying until she buys.
    pub(super) fn on(today: NaiveDate, baseline: Baseline, bought: Option<&SandboxPolicy>) -> Self {
        bought.map_or_else(
            || Self::of_baseline(today, baseline),
            |policy| Self::of_policy(today, policy),
        )
    }

    fn of_policy(today: NaiveDate, policy: &SandboxPolicy) -> Self {
        // Bought before the old cover's end: the old one, a year back, runs until the new begins.
        let from = if policy.from > today {
            year_before(policy.from)
        } else {
            policy.from
        };
        let status = if policy.to >= today {
            CoverStatus::Active
        } else {
            CoverStatus::Expired
        };
        Self {
            status,
            from,
            to: policy.to,
            bought: true,
        }
    }

    fn of_baseline(today: NaiveDate, baseline: Baseline) -> Self {
        let (status, from, to) = match baseline {
            Baseline::Since(days) => since(CoverStatus::Active, before(today, days)),
            Baseline::For(days) => until(CoverStatus::Active, after(today, days)),
            Baseline::Until(days) => until(CoverStatus::Expired, before(today, days)),
            Baseline::Unpaid => since(CoverStatus::Unpaid, today),
            Baseline::SuspendedAfter(days) => since(CoverStatus::Suspended, before(today, days)),
        };
        Self {
            status,
            from,
            to,
            bought: false,
        }
    }

    /// What renewing it on that day would be.
    pub(super) fn renewal(&self, today: NaiveDate) -> Renewal {
        let status = self.renewal_status(today);
        let from = match status {
            QuoteStatus::Lapsed | QuoteStatus::Unpaid => today,
            QuoteStatus::Renewable | QuoteStatus::Early(_) | QuoteStatus::Suspended => {
                after(self.to, 1)
            }
        };
        Renewal {
            status,
            from,
            to: year_from(from),
            period: self.period(),
        }
    }

    fn renewal_status(&self, today: NaiveDate) -> QuoteStatus {
        match self.status {
            CoverStatus::Expired => QuoteStatus::Lapsed,
            CoverStatus::Unpaid => QuoteStatus::Unpaid,
            CoverStatus::Suspended => QuoteStatus::Suspended,
            CoverStatus::Active => {
                let opens = before(self.to, RENEWABLE_DAYS);
                if today >= opens {
                    QuoteStatus::Renewable
                } else {
                    QuoteStatus::Early(opens)
                }
            }
        }
    }

    /// The same on every day while nobody pays. A baseline's days move with the day, so they are no
    /// part of it.
    fn period(&self) -> String {
        if self.bought {
            return format!("after {}", self.to);
        }
        let period = match self.status {
            CoverStatus::Unpaid => "first",
            CoverStatus::Active | CoverStatus::Expired | CoverStatus::Suspended => "baseline",
        };
        period.to_owned()
    }
}

/// The days that a premium buys: as quoted, or a whole year from the payment where that came later.
pub(super) fn bought_days(
    quoted: (NaiveDate, NaiveDate),
    paid_on: NaiveDate,
) -> (NaiveDate, NaiveDate) {
    if paid_on > quoted.0 {
        (paid_on, year_from(paid_on))
    } else {
        quoted
    }
}

fn since(status: CoverStatus, from: NaiveDate) -> (CoverStatus, NaiveDate, NaiveDate) {
    (status, from, year_from(from))
}

fn until(status: CoverStatus, to: NaiveDate) -> (CoverStatus, NaiveDate, NaiveDate) {
    (status, year_before(after(to, 1)), to)
}

/// The last day of a year's cover. One that begins on 29 February ends on 27 February, since its
/// anniversary is the 28th.
fn year_from(from: NaiveDate) -> NaiveDate {
    before(from.checked_add_months(YEAR).unwrap_or(NaiveDate::MAX), 1)
}

fn year_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_months(YEAR).unwrap_or(NaiveDate::MIN)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days))
        .unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Amount, Currency, MemberNumber};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy(from: &str, to: &str) -> SandboxPolicy {
        SandboxPolicy {
            member: MemberNumber::parse("400000042").unwrap(),
            from: day(from),
            to: day(to),
            paid: Amount::from_major(30_000, Currency::TZS),
            receipt: "r".to_owned(),
        }
    }

    #[test]
    fn a_year_ends_the_day_before_its_anniversary_in_leap_years_too() {
        for (from, to) in [
            ("2026-03-02", "2027-03-01"),
            ("2023-03-01", "2024-02-29"),
            ("2024-02-28", "2025-02-27"),
            ("2024-02-29", "2025-02-27"),
            ("2024-03-01", "2025-02-28"),
        ] {
            assert_eq!(year_from(day(from)), day(to), "{from}");
        }
    }

    #[test]
    fn a_cover_that_ends_on_a_leap_day_began_on_the_first_of_march() {
        let standing = Standing::on(day("2024-02-19"), Baseline::For(10), None);
        assert_eq!(
            (standing.from, standing.to),
            (day("2023-03-01"), day("2024-02-29"))
        );
    }

    #[test]
    fn a_renewal_begins_the_day_after_the_old_cover_on_a_leap_day_too() {
        let standing = Standing::on(day("2024-02-18"), Baseline::For(10), None);
        let renewal = standing.renewal(day("2024-02-18"));
        assert_eq!(
            (renewal.from, renewal.to),
            (day("2024-02-29"), day("2025-02-27"))
        );
    }

    #[test]
    fn renewing_opens_thirty_days_before_the_end() {
        let bought = policy("2026-03-02", "2027-03-01");
        let standing = |today| Standing::on(day(today), Baseline::Unpaid, Some(&bought));
        let on = |today| standing(today).renewal(day(today));
        let opens = day("2027-01-30");
        assert_eq!(on("2027-01-29").status, QuoteStatus::Early(opens));
        for today in ["2027-01-30", "2027-03-01"] {
            let renewal = on(today);
            assert_eq!(renewal.status, QuoteStatus::Renewable);
            assert_eq!(renewal.period, "after 2027-03-01");
            assert_eq!(
                (renewal.from, renewal.to),
                (day("2027-03-02"), day("2028-03-01"))
            );
        }
    }

    #[test]
    fn after_its_last_day_a_bought_cover_has_ended_on_that_day() {
        let bought = policy("2026-03-02", "2027-03-01");
        for baseline in [Baseline::Until(60), Baseline::For(10), Baseline::Unpaid] {
            let on = |today| Standing::on(day(today), baseline, Some(&bought));
            assert_eq!(on("2027-03-01").status, CoverStatus::Active);
            for today in ["2027-03-02", "2028-06-01"] {
                let standing = on(today);
                assert_eq!(standing.status, CoverStatus::Expired, "{today}");
                assert_eq!((standing.from, standing.to), (bought.from, bought.to));
                let renewal = standing.renewal(day(today));
                assert_eq!(renewal.status, QuoteStatus::Lapsed, "{today}");
                assert_eq!(renewal.from, day(today));
                assert_eq!(renewal.period, "after 2027-03-01");
            }
        }
    }

    #[test]
    fn a_premium_paid_later_than_quoted_buys_a_whole_year() {
        let quoted = (day("2026-03-02"), day("2027-03-01"));
        for on_time in ["2026-02-20", "2026-03-02"] {
            assert_eq!(bought_days(quoted, day(on_time)), quoted);
        }
        let late = bought_days(quoted, day("2026-03-05"));
        assert_eq!(late, (day("2026-03-05"), day("2027-03-04")));
    }
}
