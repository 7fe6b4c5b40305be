use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{Amount, Currency};

/// An account of the ledger. Debits are positive, credits negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Money that lies on the scheme's collection account at the payment gateway.
    Collection,
    /// Contributions: what members paid for bills.
    Contributions,
    /// Money whose purpose a person must find.
    Suspense,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 3] = [Self::Collection, Self::Contributions, Self::Suspense];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Contributions => "contributions",
            Self::Suspense => "suspense",
        }
    }
}

/// One entry: an amount from one account to another. It is never changed, only followed by another.
#[derive(Clone, Debug)]
pub struct Posting {
    /// What it is for, unique: the payment's id. Posting it again changes nothing.
    pub reference: String,
    /// Gets the amount as a debit.
    pub debit: Account,
    /// Gets the amount as a credit.
    pub credit: Account,
    /// How much; above zero.
    pub amount: Amount,
    /// When.
    pub posted_at: DateTime<Utc>,
}

/// The ledger.
#[async_trait]
pub trait Ledger: Send {
    /// Writes both lines of an entry; false where its reference was posted before.
    async fn post(&mut self, posting: &Posting) -> Result<bool>;

    /// The sum of an account in a currency, in minor units.
    async fn balance(&mut self, account: Account, currency: Currency) -> Result<i64>;
}
