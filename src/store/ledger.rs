use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{Amount, Currency};

/// An account of the ledger, one for each currency. Debits are positive, credits negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Money that lies with the payment gateway, to be settled to the scheme.
    GatewayClearing,
    /// Contributions that the scheme is to be told of: what bills were paid with.
    ContributionsDue,
    /// Money whose purpose a person must find.
    Suspense,
    /// Money of families that no bill has taken: overpaid, paid late, paid twice.
    MemberCredit,
    /// What operators kept of a contribution, where so much may be missing.
    Fees,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 5] = [
        Self::GatewayClearing,
        Self::ContributionsDue,
        Self::Suspense,
        Self::MemberCredit,
        Self::Fees,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GatewayClearing => "gateway_clearing",
            Self::ContributionsDue => "contributions_due",
            Self::Suspense => "suspense",
            Self::MemberCredit => "member_credit",
            Self::Fees => "fees",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// One entry: an amount from one account to another. It is never changed, only followed by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What it is for, unique: `PAYMENT`, `PAYMENT over`, `BILL credit`. Posting it again changes
    /// nothing.
    pub reference: String,
    /// Gets the amount as a debit.
    pub debit: Account,
    /// Gets the amount as a credit.
    pub credit: Account,
    /// How much; above zero.
    pub amount: Amount,
    /// When.
    pub posted_at: DateTime<Utc>,
    /// The bill whose contributions move; none where no contributions do.
    pub bill: Option<String>,
    /// The payment that came, or that goes back.
    pub payment: Option<String>,
    /// Whose credit moves (`BillKey::party`); none where no credit does.
    pub party: Option<String>,
}

/// The ledger.
#[async_trait]
pub trait Ledger: Send {
    /// Writes both lines of an entry; false where its reference was posted before.
    async fn post(&mut self, posting: &Posting) -> Result<bool>;

    /// The sum of an account in a currency, in minor units.
    async fn balance(&mut self, account: Account, currency: Currency) -> Result<i64>;

    /// What lies on contributions due for a bill, in minor units of its currency: what was paid of it
    /// and what credit paid, above zero.
    async fn contributed(&mut self, bill: &str) -> Result<i64>;

    /// The credit that a family has in a currency, in minor units, above zero. Where the transaction
    /// writes, nobody else takes of it before its end.
    async fn credit_of(&mut self, party: &str, currency: Currency) -> Result<i64>;

    /// What of a payment waits in suspense, in minor units, above zero.
    async fn held(&mut self, payment: &str) -> Result<i64>;
}
