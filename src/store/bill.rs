use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{BillState, Result};
use crate::model::{Amount, ControlNumber, Language, MemberNumber, Msisdn};

/// What makes two bills the same: one open bill for one family's one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillKey {
    /// The scheme.
    pub scheme: String,
    /// What is the same for all whom it covers, whoever of them asks.
    pub family: String,
    /// The product.
    pub product: String,
    /// The period: the last day of the cover it replaces or begins; a date that does not move while
    /// nobody pays.
    pub period: String,
    /// From 1; the next after one that expired, was rejected or whose amount changed.
    pub generation: u32,
}

impl BillKey {
    /// Whose credit it may take: its scheme and family.
    pub fn party(&self) -> String {
        format!("{} {}", self.scheme, self.family)
    }
}

/// A phone that was given a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The phone.
    pub phone: Msisdn,
    /// For whom it asked.
    pub member: MemberNumber,
    /// In which language she is told.
    pub language: Language,
    /// In the words of which menu set.
    pub set: String,
    /// First day of the cover that she was read; an older bill's may be earlier.
    pub from: NaiveDate,
    /// Last day of it.
    pub to: NaiveDate,
}

/// What a caller agreed to pay for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The member.
    pub member: MemberNumber,
    /// How many persons.
    pub persons: u32,
    /// How much.
    pub amount: Amount,
    /// First day of the cover that she was read.
    pub from: NaiveDate,
    /// Last day of it.
    pub to: NaiveDate,
}

/// A bill to make.
#[derive(Clone, Debug)]
pub struct NewBill {
    /// Its id, which the gateway gets: made by us, never used twice.
    pub id: String,
    /// What makes it the same as another.
    pub key: BillKey,
    /// For whom it was asked first.
    pub member: MemberNumber,
    /// Who asked for it first.
    pub phone: Msisdn,
    /// In which language she is told.
    pub language: Language,
    /// In the words of which menu set.
    pub set: String,
    /// The member's whole name, for the gateway.
    pub payer: String,
    /// How many persons it covers.
    pub persons: u32,
    /// How much is to be paid.
    pub amount: Amount,
    /// How much of the family's credit pays beside it, in minor units of the same currency.
    pub credit: i64,
    /// First day of the cover it buys, if paid by then.
    pub from: NaiveDate,
    /// Last day of the cover it buys.
    pub to: NaiveDate,
    /// Last day on which it can be paid.
    pub pay_by: NaiveDate,
    /// When it was asked for.
    pub made_at: DateTime<Utc>,
}

impl NewBill {
    /// What it costs: what is to be paid and what credit pays.
    pub fn total(&self) -> Amount {
        Amount {
            minor: self.amount.minor.saturating_add(self.credit),
            currency: self.amount.currency,
        }
    }

    /// Who asks for it is the first that it is given to.
    pub fn first_share(&self) -> Share {
        Share {
            phone: self.phone.clone(),
            member: self.member,
            language: self.language,
            set: self.set.clone(),
            from: self.from,
            to: self.to,
        }
    }
}

/// A bill.
#[derive(Clone, Debug)]
pub struct Bill {
    /// As it was made.
    pub made: NewBill,
    /// Where it is.
    pub state: BillState,
    /// Its control number, once there is one.
    pub number: Option<ControlNumber>,
    /// Why a person is to look at it; empty where nobody is.
    pub flag: String,
}

/// Bills.
#[async_trait]
pub trait Bills: Send {
    /// Makes the bill in state queued and shares it with its phone, unless one with its key is there;
    /// gives the one that is.
    async fn make(&mut self, bill: &NewBill) -> Result<Bill>;

    /// Notes that a phone was given the bill.
    async fn share(&mut self, id: &str, share: &Share) -> Result<()>;

    /// Every phone that was given the bill, once, the first first.
    async fn shares(&mut self, id: &str) -> Result<Vec<Share>>;

    /// The newest bill that this phone was given for what it agreed to.
    async fn given(&mut self, phone: &Msisdn, agreed: &Agreed) -> Result<Option<Bill>>;

    /// The newest generation of the bill with this key, whatever generation the key names.
    async fn newest(&mut self, key: &BillKey) -> Result<Option<Bill>>;

    /// The bill with this id.
    async fn get(&mut self, id: &str) -> Result<Option<Bill>>;

    /// The bill with this control number, its first or another that it got.
    async fn by_number(&mut self, number: ControlNumber) -> Result<Option<Bill>>;

    /// Bills in state payable or part paid that this phone was given or that are this member's, newest first, at
    /// most 20.
    async fn payable(&mut self, phone: &Msisdn, member: Option<MemberNumber>) -> Result<Vec<Bill>>;

    /// Moves it from one of `from` to `to`; false where it is in none of them, and nothing changed.
    async fn advance(
        &mut self,
        id: &str,
        from: &[BillState],
        to: BillState,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Gives it its control number; false where it has another one already, or the number is
    /// another bill's, and nothing changed.
    async fn assign_number(&mut self, id: &str, number: ControlNumber) -> Result<bool>;

    /// Keeps a number that a bill got besides its first, so that money on it is the bill's; false where
    /// the number is known already, of whichever bill.
    async fn keep_alias(
        &mut self,
        id: &str,
        number: ControlNumber,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Says why a person is to look at it; an empty text says that nobody is any more.
    async fn flag(&mut self, id: &str, why: &str) -> Result<()>;
}
