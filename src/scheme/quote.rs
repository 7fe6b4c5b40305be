use chrono::NaiveDate;

use crate::model::{Amount, MemberNumber};

/// What renewing costs and covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whose.
    pub member: MemberNumber,
    /// What is the same for all whom this cover covers, whoever of them asks: so that husband and
    /// wife are given the same bill. Printable, at most 40 characters.
    pub family: String,
    /// Whole name.
    pub name: String,
    /// The product, for the bill's key.
    pub product: String,
    /// How many persons it covers.
    pub persons: u32,
    /// How much is to be paid now: the price without what was paid of it.
    pub amount: Amount,
    /// How much of the price was paid before; zero as a rule.
    pub paid: Amount,
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
