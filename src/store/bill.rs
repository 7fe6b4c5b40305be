use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::Result;
use crate::model::{Amount, ControlNumber, Language, MemberNumber, Msisdn};

/// Where a bill is. The whole machine, of which this is the part in use, is in `payment::bill`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillState {
    /// To be submitted to the payment gateway.
    Queued,
    /// Sent, and no answer read: the same bill id is sent again.
    SubmitUnknown,
    /// The gateway has taken it; its control number is to come.
    AwaitingNumber,
    /// It has a control number and can be paid.
    Payable,
    /// Paid in full, and posted.
    Settled,
    /// The scheme has the money's news and cover is active.
    Activated,
    /// The gateway refused it.
    Rejected,
    /// Its day to pay is over.
    Expired,
}

impl BillState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::SubmitUnknown,
        Self::AwaitingNumber,
        Self::Payable,
        Self::Settled,
        Self::Activated,
        Self::Rejected,
        Self::Expired,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::SubmitUnknown => "submit_unknown",
            Self::AwaitingNumber => "awaiting_number",
            Self::Payable => "payable",
            Self::Settled => "settled",
            Self::Activated => "activated",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What makes two bills the same: one open bill for one member's one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillKey {
    /// The scheme.
    pub scheme: String,
    /// The member by whose number the family is known.
    pub member: MemberNumber,
    /// The product.
    pub product: String,
    /// The period: the last day of the cover it replaces or begins; a date that does not move while
    /// nobody pays.
    pub period: String,
    /// From 1; the next after one that expired, was rejected or whose amount changed.
    pub generation: u32,
}

/// A phone that was given a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The phone.
    pub phone: Msisdn,
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
    /// How much.
    pub amount: Amount,
    /// First day of the cover it buys, if paid by then.
    pub from: NaiveDate,
    /// Last day of the cover it buys.
    pub to: NaiveDate,
    /// Last day on which it can be paid.
    pub pay_by: NaiveDate,
    /// When it was asked for.
    pub made_at: DateTime<Utc>,
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

    /// The bill with this control number.
    async fn by_number(&mut self, number: ControlNumber) -> Result<Option<Bill>>;

    /// Bills in state payable that this phone was given or that are this member's, newest first, at
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
}
