use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::value::{Edges, Exact, amount, id, plain};
use crate::{
    model::{Amount, Currency},
    scheme::openimis::Failure,
};

/// One of a family's policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scheme) struct Policy {
    pub(in crate::scheme) uuid: String,
    pub(in crate::scheme) product: String,
    pub(in crate::scheme) status: Status,
    /// First day: when it took effect, else when it was to start.
    pub(in crate::scheme) from: NaiveDate,
    pub(in crate::scheme) to: NaiveDate,
    pub(in crate::scheme) value: Amount,
    pub(in crate::scheme) ceiling: Option<Amount>,
    /// What only the districts of our account show.
    pub(in crate::scheme) details: Option<Details>,
}

/// What paying and renewing a policy needs besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scheme) struct Details {
    pub(in crate::scheme) paid: Amount,
    pub(in crate::scheme) product_id: i64,
    pub(in crate::scheme) officer_id: Option<i64>,
}

/// The status that the server keeps. It may be stale: [`Policy::on`] says how it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scheme) enum Status {
    Idle,
    Active,
    Suspended,
    Expired,
    Ready,
    /// One that we do not know: it covers nobody.
    Other,
}

/// How a policy stands on a day. The later the better for its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scheme::openimis) enum Standing {
    /// It was never paid, and its days are over.
    Missed,
    /// It has ended.
    Ended,
    /// It waits for its premium.
    Waiting,
    /// It was stopped.
    Suspended,
    /// It is paid and begins on a later day.
    Ahead,
    /// It covers.
    Covering,
}

impl Status {
    pub(super) fn read(number: i64) -> Self {
        match number {
            1 => Self::Idle,
            2 => Self::Active,
            4 => Self::Suspended,
            8 => Self::Expired,
            16 => Self::Ready,
            _ => Self::Other,
        }
    }
}

impl Policy {
    /// How it stands on `today`, whatever the server's nightly job has come to.
    pub(in crate::scheme::openimis) fn on(&self, today: NaiveDate) -> Standing {
        let over = self.to < today;
        match self.status {
            Status::Idle if over => Standing::Missed,
            Status::Idle => Standing::Waiting,
            Status::Expired | Status::Other => Standing::Ended,
            Status::Active | Status::Suspended | Status::Ready if over => Standing::Ended,
            Status::Suspended => Standing::Suspended,
            Status::Active | Status::Ready if self.from > today => Standing::Ahead,
            Status::Active | Status::Ready => Standing::Covering,
        }
    }

    /// Whether it was ever paid.
    pub(in crate::scheme::openimis) fn was_paid(&self) -> bool {
        self.status != Status::Idle
    }

    /// The first day that it does not cover any more.
    pub(in crate::scheme::openimis) fn after(&self) -> NaiveDate {
        self.to
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyNode {
    policy_uuid: Option<String>,
    product_code: Option<String>,
    status: i64,
    start_date: Option<NaiveDate>,
    effective_date: Option<NaiveDate>,
    expiry_date: Option<NaiveDate>,
    policy_value: Option<Exact>,
    ceiling: Option<Exact>,
}

/// What `insureePolicy` adds, for every policy that the account may see whole.
#[derive(Debug, Deserialize)]
pub(super) struct DetailNode {
    policy: Option<DetailedPolicy>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DetailedPolicy {
    uuid: String,
    sum_premiums: Option<Exact>,
    product: Option<WithId>,
    officer: Option<WithId>,
}

#[derive(Debug, Deserialize)]
struct WithId {
    id: String,
}

/// Policies with their details, in the order of their last days.
pub(super) fn policies(
    nodes: Edges<PolicyNode>,
    details: &Edges<DetailNode>,
    currency: Currency,
) -> Result<Vec<Policy>, Failure> {
    let read = nodes
        .0
        .into_iter()
        .map(|node| policy(node, details, currency));
    let mut policies = read.collect::<Result<Vec<Policy>, Failure>>()?;
    policies.sort_by(|one, other| (one.to, &one.uuid).cmp(&(other.to, &other.uuid)));
    policies.dedup_by(|one, other| one.uuid == other.uuid);
    Ok(policies)
}

fn policy(
    node: PolicyNode,
    details: &Edges<DetailNode>,
    currency: Currency,
) -> Result<Policy, Failure> {
    let from = node.effective_date.or(node.start_date);
    let uuid = plain(node.policy_uuid, "a policy's id")?;
    let detailed = details.0.iter().filter_map(|node| node.policy.as_ref());
    let detailed = detailed.into_iter().find(|policy| policy.uuid == uuid);
    let value = node
        .policy_value
        .ok_or(Failure::Unreadable("a policy's value"))?;
    let ceiling = node
        .ceiling
        .map(|ceiling| amount(&ceiling, currency, "a ceiling"));
    Ok(Policy {
        details: detailed
            .map(|policy| policy.read(currency))
            .transpose()?
            .flatten(),
        uuid,
        product: plain(node.product_code, "a product's code")?,
        status: Status::read(node.status),
        from: from.ok_or(Failure::Unreadable("a policy's first day"))?,
        to: node
            .expiry_date
            .ok_or(Failure::Unreadable("a policy's last day"))?,
        value: amount(&value, currency, "a policy's value")?,
        ceiling: ceiling.transpose()?,
    })
}

impl DetailedPolicy {
    fn read(&self, currency: Currency) -> Result<Option<Details>, Failure> {
        let Some(product) = &self.product else {
            return Ok(None);
        };
        let nothing = Amount { minor: 0, currency };
        let paid = self.sum_premiums.as_ref();
        let paid = paid
            .map(|sum| amount(sum, currency, "a sum of premiums"))
            .transpose()?;
        let officer = self.officer.as_ref();
        Ok(Some(Details {
            paid: paid.unwrap_or(nothing),
            product_id: id(&product.id, "a product's id")?,
            officer_id: officer
                .map(|officer| id(&officer.id, "an officer's id"))
                .transpose()?,
        }))
    }
}
