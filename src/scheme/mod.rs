//! Schemes: who is a member, what cover she has, what renewing costs, and where her payment goes.
//!
//! 1. [`Scheme`] is what the rest of nyota asks; [`sandbox`] is the demo's, in the store.
//! 2. Dates are compared with the day of the question, never with a status that a server kept.
//!
//! To add a scheme's system: a module here that implements [`Scheme`], its options, its place in
//! `config`.
//!
//! Left out: what a phone may see of it (`effect`), and bills (`payment`).

pub mod sandbox;

use async_trait::async_trait;
use chrono::NaiveDate;

use crate::model::{Amount, MemberNumber, Msisdn};

/// A scheme's own system.
#[async_trait]
pub trait Scheme: std::fmt::Debug + Send + Sync {
    /// Its name in keys: `sandbox`.
    fn name(&self) -> &str;

    /// The member whose phone this is, as the scheme holds it.
    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError>;

    /// A member's cover on `today`; `None` for a number that nobody has.
    async fn cover(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError>;

    /// What renewing, or paying for an enrolment, would cost and cover, asked on `today`; `None` for
    /// a number that nobody has.
    async fn quote(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError>;

    /// Writes a premium, once for its receipt, and gives the cover that it makes.
    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError>;
}

/// Why a scheme gave no answer. For the operator; a phone reads the menu's own text.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// It could not be reached, or failed: to be tried again.
    #[error("the scheme could not be asked for {asked}")]
    Unavailable {
        /// What was asked: `the cover`.
        asked: &'static str,
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// It answered, and will answer the same again.
    #[error("the scheme refused {asked}: {why}")]
    Refused {
        /// What was asked.
        asked: &'static str,
        /// Its reason, bounded and cleaned.
        why: String,
    },
}

/// A member's cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Whose.
    pub member: MemberNumber,
    /// First names.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// As it is on the day asked.
    pub status: CoverStatus,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Whether a member is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverStatus {
    /// Covered.
    Active,
    /// Was covered.
    Expired,
    /// Enrolled, not yet paid.
    Unpaid,
    /// Stopped by the scheme.
    Suspended,
}

/// What renewing costs and covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whose.
    pub member: MemberNumber,
    /// Whole name.
    pub name: String,
    /// The product, for the bill's key.
    pub product: String,
    /// How many persons it covers.
    pub persons: u32,
    /// How much.
    pub amount: Amount,
    /// First day of the cover it buys, if paid on the day asked.
    pub from: NaiveDate,
    /// Last day of the cover it buys.
    pub to: NaiveDate,
    /// What makes two quotes the same period while nobody pays, on whatever day they are asked.
    pub period: String,
    /// What can be done with it.
    pub status: QuoteStatus,
}

/// What can be done with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteStatus {
    /// Cover goes on without a gap.
    Renewable,
    /// Cover has ended and would begin anew after payment.
    Lapsed,
    /// Enrolled: paying begins the cover.
    Unpaid,
    /// Too early: renewing is possible from that day on.
    Early(NaiveDate),
    /// Stopped by the scheme: it cannot be renewed.
    Suspended,
}

/// A payment as the scheme is told of it.
#[derive(Clone, Debug)]
pub struct Premium {
    /// For whom.
    pub member: MemberNumber,
    /// For which product.
    pub product: String,
    /// How much was paid.
    pub amount: Amount,
    /// The payment's reference: the scheme writes one premium for it.
    pub receipt: String,
    /// The day it was paid.
    pub paid_on: NaiveDate,
    /// First day of the cover that was quoted; cover never begins before it was paid.
    pub from: NaiveDate,
    /// Last day of the cover that was quoted.
    pub to: NaiveDate,
}
