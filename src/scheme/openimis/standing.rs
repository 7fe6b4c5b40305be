//! What a household's policies come to on a day. Pure.

use chrono::{Days, Months, NaiveDate};

use super::{
    Options,
    read::{Household, Policy, Standing, Values},
};
use crate::scheme::{Cover, CoverStatus, QuoteStatus};

/// The longest period that is counted in months.
const MONTHS: u32 = 60;

/// What a member has to pay for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis<'a> {
    /// A policy that is written and waits for its premium, and the one before it.
    Waiting(&'a Policy, Option<&'a Policy>),
    /// The one that is to be renewed.
    Renewal(&'a Policy),
    /// One that was stopped.
    Suspended(&'a Policy),
    /// There has been none.
    First,
}

/// A member's cover. One who never had a policy has one that is not paid.
pub(in crate::scheme) fn cover(household: Household, today: NaiveDate) -> Cover {
    let policies = &household.policies;
    let best = policies
        .iter()
        .max_by_key(|policy| (policy.on(today), policy.to));
    let family = household.family.map(|family| family.persons);
    Cover {
        member: household.person.member,
        first_name: household.person.first_name.clone(),
        last_name: household.person.last_name.clone(),
        status: best.map_or(CoverStatus::Unpaid, |policy| status(policy.on(today))),
        from: best.map_or(today, |policy| policy.from),
        to: best.map_or(today, |policy| until(policy, policies, today)),
        product: best.map(|policy| policy.product.clone()),
        ceiling: best.and_then(|policy| policy.ceiling),
        family: family.unwrap_or_else(|| vec![household.person]),
    }
}

/// One that is paid and begins on a later day shows its days; it is no less paid for that.
fn status(standing: Standing) -> CoverStatus {
    match standing {
        Standing::Covering | Standing::Ahead => CoverStatus::Active,
        Standing::Suspended => CoverStatus::Suspended,
        Standing::Waiting | Standing::Missed => CoverStatus::Unpaid,
        Standing::Ended => CoverStatus::Expired,
    }
}

/// The last day of a cover, with what is already paid behind it.
fn until(policy: &Policy, policies: &[Policy], today: NaiveDate) -> NaiveDate {
    let mut to = policy.to;
    if policy.on(today) == Standing::Covering {
        // They are in the order of their last days.
        for next in policies
            .iter()
            .filter(|next| next.on(today) == Standing::Ahead)
        {
            if next.from <= to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX) {
                to = to.max(next.to);
            }
        }
    }
    to
}

/// What is to be paid for next, among the products that are sold by phone.
pub(super) fn basis<'a>(
    household: &'a Household,
    options: &Options,
    today: NaiveDate,
) -> Basis<'a> {
    let ours = || {
        household
            .policies
            .iter()
            .filter(|policy| options.sells(&policy.product))
    };
    let best = ours().max_by_key(|policy| (policy.on(today), policy.to));
    let waiting = ours()
        .rev()
        .find(|policy| policy.on(today) == Standing::Waiting);
    match (best, waiting) {
        (Some(best), _) if best.on(today) == Standing::Suspended => Basis::Suspended(best),
        (_, Some(waiting)) => Basis::Waiting(waiting, last_paid(household, &waiting.product)),
        (Some(_), None) => match ours().rev().find(|policy| policy.was_paid()) {
            Some(paid) => Basis::Renewal(paid),
            None => Basis::First,
        },
        (None, None) => Basis::First,
    }
}

/// The last policy of a product that was paid.
pub(super) fn last_paid<'a>(household: &'a Household, product: &str) -> Option<&'a Policy> {
    let of_product = household
        .policies
        .iter()
        .filter(|policy| policy.product == product);
    of_product.rev().find(|policy| policy.was_paid())
}

/// The policy that a premium of a day pays: the first that waits for one.
pub(super) fn waiting<'a>(
    household: &'a Household,
    product: &str,
    day: NaiveDate,
) -> Option<&'a Policy> {
    let of_product = household
        .policies
        .iter()
        .filter(|policy| policy.product == product);
    of_product
        .into_iter()
        .find(|policy| policy.on(day) == Standing::Waiting)
}

/// What can be done about a policy that ends, on a day.
pub(super) fn renewable(previous: &Policy, options: &Options, today: NaiveDate) -> QuoteStatus {
    let opens = previous
        .to
        .checked_sub_days(Days::new(options.renewable_days.into()));
    let opens = opens.unwrap_or(NaiveDate::MIN);
    if previous.to < today || previous.on(today) == Standing::Ended {
        QuoteStatus::Lapsed
    } else if today < opens {
        QuoteStatus::Early(opens)
    } else {
        QuoteStatus::Renewable
    }
}

/// The days that renewing buys. openIMIS counts from the day of the enrolment, also while the old cover
/// still runs; whoever pays early must not lose what she has, so the new period is moved behind it.
pub(super) fn period(values: Values, previous: Option<&Policy>) -> (NaiveDate, NaiveDate) {
    let after = previous
        .map(Policy::after)
        .filter(|after| *after > values.from);
    let Some(from) = after else {
        return (values.from, values.to);
    };
    let last = |first: NaiveDate, months| first.checked_add_months(Months::new(months))?.pred_opt();
    let months = (1..=MONTHS).find(|months| last(values.from, *months) == Some(values.to));
    let to = match months {
        Some(months) => last(from, months),
        None => from.checked_add_signed(values.to - values.from),
    };
    (from, to.unwrap_or(NaiveDate::MAX))
}

/// What makes two quotes the same period while nobody pays, whatever else is written meanwhile.
pub(super) fn period_key(last_paid: Option<&Policy>) -> String {
    last_paid.map_or_else(
        || "first".to_owned(),
        |policy| format!("after {}", policy.to),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Amount, Currency, MemberNumber},
        scheme::{Person, openimis::read::Status},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy(status: Status, from: &str, to: &str) -> Policy {
        Policy {
            uuid: format!("{from}-{to}"),
            product: "CHF".to_owned(),
            status,
            from: day(from),
            to: day(to),
            value: Amount::from_major(10_000, Currency::TZS),
            ceiling: None,
            details: None,
        }
    }

    fn household(policies: Vec<Policy>) -> Household {
        let person = Person {
            member: MemberNumber::parse("070707081").unwrap(),
            first_name: "Jane".to_owned(),
            last_name: "Macintyre".to_owned(),
        };
        Household {
            person,
            family: None,
            policies,
        }
    }

    fn covered(policies: &[Policy], today: &str) -> (CoverStatus, NaiveDate, NaiveDate) {
        let cover = cover(household(policies.to_vec()), day(today));
        (cover.status, cover.from, cover.to)
    }

    #[test]
    fn a_status_that_the_server_has_not_changed_yet_is_told_by_its_dates() {
        let stale = [policy(Status::Active, "2019-08-20", "2020-08-19")];
        assert_eq!(covered(&stale, "2020-08-19").0, CoverStatus::Active);
        assert_eq!(covered(&stale, "2020-08-20").0, CoverStatus::Expired);
        let suspended = [policy(Status::Suspended, "2026-01-01", "2026-12-31")];
        assert_eq!(covered(&suspended, "2026-06-01").0, CoverStatus::Suspended);
        assert_eq!(covered(&suspended, "2027-06-01").0, CoverStatus::Expired);
        let idle = [policy(Status::Idle, "2026-01-01", "2026-12-31")];
        assert_eq!(covered(&idle, "2026-06-01").0, CoverStatus::Unpaid);
        assert_eq!(covered(&[], "2026-06-01").0, CoverStatus::Unpaid);
        let unknown = [policy(Status::Other, "2026-01-01", "2026-12-31")];
        assert_eq!(covered(&unknown, "2026-06-01").0, CoverStatus::Expired);
    }

    #[test]
    fn what_is_paid_behind_a_cover_makes_it_longer() {
        let running = policy(Status::Active, "2026-01-01", "2026-12-31");
        let next = policy(Status::Active, "2027-01-01", "2027-12-31");
        let gap = policy(Status::Ready, "2028-06-01", "2029-05-31");
        let all = [running, next, gap];
        assert_eq!(
            covered(&all, "2026-06-01"),
            (CoverStatus::Active, day("2026-01-01"), day("2027-12-31"))
        );
        // Paid, and not begun.
        assert_eq!(
            covered(&all, "2028-01-01"),
            (CoverStatus::Active, day("2028-06-01"), day("2029-05-31"))
        );
    }

    #[test]
    fn a_renewal_that_waits_changes_nothing_of_a_cover_that_runs() {
        let both = [
            policy(Status::Active, "2026-01-01", "2026-12-31"),
            policy(Status::Idle, "2027-01-01", "2027-12-31"),
        ];
        assert_eq!(
            covered(&both, "2026-12-31"),
            (CoverStatus::Active, day("2026-01-01"), day("2026-12-31"))
        );
        assert_eq!(covered(&both, "2027-01-01").0, CoverStatus::Unpaid);
    }

    #[test]
    fn what_waits_is_paid_first_and_the_last_paid_one_is_renewed() {
        let options = Options::default();
        let paid = policy(Status::Active, "2026-01-01", "2026-12-31");
        let idle = policy(Status::Idle, "2027-01-01", "2027-12-31");
        let both = household(vec![paid.clone(), idle.clone()]);
        assert_eq!(
            basis(&both, &options, day("2026-12-20")),
            Basis::Waiting(&idle, Some(&paid))
        );
        // Its days went by: the one before it is renewed.
        assert_eq!(
            basis(&both, &options, day("2028-02-01")),
            Basis::Renewal(&paid)
        );
        assert_eq!(
            basis(&household(vec![]), &options, day("2028-02-01")),
            Basis::First
        );
        let other = Options {
            products: vec!["OTHER".to_owned()],
            ..options
        };
        assert_eq!(basis(&both, &other, day("2026-12-20")), Basis::First);
    }

    #[test]
    fn renewing_opens_some_days_before_the_end() {
        let options = Options::default();
        let paid = policy(Status::Active, "2026-01-01", "2026-12-31");
        let on = |today| renewable(&paid, &options, day(today));
        assert_eq!(on("2026-11-30"), QuoteStatus::Early(day("2026-12-01")));
        assert_eq!(on("2026-12-01"), QuoteStatus::Renewable);
        assert_eq!(on("2026-12-31"), QuoteStatus::Renewable);
        assert_eq!(on("2027-01-01"), QuoteStatus::Lapsed);
    }

    #[test]
    fn who_renews_early_loses_no_day() {
        let values = |from, to| Values {
            from: day(from),
            to: day(to),
            value: Amount::from_major(1, Currency::TZS),
        };
        let paid = policy(Status::Active, "2023-03-01", "2024-02-29");
        let early = period(values("2024-02-10", "2025-02-09"), Some(&paid));
        assert_eq!(early, (day("2024-03-01"), day("2025-02-28")));
        let late = period(values("2024-04-01", "2025-03-31"), Some(&paid));
        assert_eq!(late, (day("2024-04-01"), day("2025-03-31")));
        // A period that is no whole number of months keeps its days.
        let odd = period(values("2024-02-10", "2024-02-20"), Some(&paid));
        assert_eq!(odd, (day("2024-03-01"), day("2024-03-11")));
        assert_eq!(
            period(values("2024-02-10", "2025-02-09"), None).0,
            day("2024-02-10")
        );
    }
}
