use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Bill, BillState, Payment, PaymentState, Posting, Result};
use crate::model::{Amount, ControlNumber, Currency, MemberNumber};

/// Which bills to list.
#[derive(Clone, Debug)]
pub enum BillsWanted {
    /// Those in this state.
    InState(BillState),
    /// Those that a person is to look at.
    Flagged,
    /// The newest.
    Newest,
    /// A member's.
    Of(MemberNumber),
    /// The one with this control number, also where it is not its first.
    Numbered(ControlNumber),
}

/// Which payments to list.
#[derive(Clone, Debug)]
pub enum PaymentsWanted {
    /// Those that wait for a person, oldest first.
    Waiting,
    /// The newest, whatever became of them.
    Newest,
    /// A bill's.
    OfBill(String),
    /// Those that were paid to a service provider from one moment until before another.
    PaidBetween {
        /// As the gateway calls the provider.
        sp_code: String,
        /// First moment.
        from: DateTime<Utc>,
        /// First moment after.
        to: DateTime<Utc>,
    },
}

/// An entry of the ledger with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; they rise with time.
    pub id: i64,
    /// As it was posted.
    pub posting: Posting,
}

/// What an account's rows add up to, and the sum that is kept beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The account's name.
    pub account: String,
    /// The currency.
    pub currency: Currency,
    /// What its rows add up to, in minor units.
    pub rows: i64,
    /// What is kept.
    pub kept: i64,
}

/// A payment and what the ledger has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPosted {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub state: PaymentState,
    /// How much came.
    pub paid: Amount,
    /// What it brought to gateway clearing, in minor units.
    pub cleared: i64,
    /// What of it lies in suspense.
    pub held: i64,
    /// What of it went back, by an approved refund.
    pub refunded: i64,
}

/// A bill and what the ledger has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillPosted {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub state: BillState,
    /// What it costs, in minor units.
    pub total: i64,
    /// What of that credit pays.
    pub credit: i64,
    /// What lies on contributions due for it.
    pub contributed: i64,
}

/// What a person did with money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyDeed {
    /// A payment's id, or a bill's.
    pub subject: String,
    /// What was done, in few words.
    pub deed: String,
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Money that is to go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The payment.
    pub payment: String,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub why: String,
    /// Who asked for it.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who approved it, another person; none while nobody has.
    pub approved_by: Option<String>,
}

/// What persons see of money and do with it, and the proof that the books agree.
#[async_trait]
pub trait Audit: Send {
    /// Bills, the newest first.
    async fn bills(&mut self, wanted: &BillsWanted, limit: u32) -> Result<Vec<Bill>>;

    /// Payments.
    async fn payments(&mut self, wanted: &PaymentsWanted, limit: u32) -> Result<Vec<Payment>>;

    /// The sum of every account, and what is kept of it.
    async fn sums(&mut self) -> Result<Vec<Sum>>;

    /// The next payments in the order in which they were recorded, after the row `after`, at most
    /// `limit`, with the rows to go on from.
    async fn payments_posted(
        &mut self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, PaymentPosted)>>;

    /// The next bills, likewise.
    async fn bills_posted(&mut self, after: i64, limit: u32) -> Result<Vec<(i64, BillPosted)>>;

    /// The next entries of a period, from the first moment until before the second.
    async fn entries(
        &mut self,
        period: (DateTime<Utc>, DateTime<Utc>),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Entry>>;

    /// Entries of a payment or of a bill, oldest first.
    async fn entries_about(&mut self, subject: &str) -> Result<Vec<Entry>>;

    /// Notes what a person did.
    async fn note(&mut self, deed: &MoneyDeed) -> Result<()>;

    /// What was done with a payment or bill, oldest first.
    async fn deeds(&mut self, subject: &str) -> Result<Vec<MoneyDeed>>;

    /// Asks for a refund; false where one of the payment is there.
    async fn ask_refund(&mut self, refund: &Refund) -> Result<bool>;

    /// The refund of a payment.
    async fn refund(&mut self, payment: &str) -> Result<Option<Refund>>;

    /// Approves it; false where it is approved already or was asked for by the same person.
    async fn approve_refund(
        &mut self,
        payment: &str,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<bool>;
}
