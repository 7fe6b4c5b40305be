use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{PaymentState, Result};
use crate::model::{Amount, ControlNumber, MemberNumber, Msisdn};

/// What a payment that is in the ledger came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentOutcome {
    /// It is not in the ledger, or waits there for a person.
    Nothing,
    /// It settled its bill.
    Settled,
    /// It is a part of its bill.
    Part,
    /// It is its family's credit.
    Credit,
}

impl PaymentOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Settled, Self::Part, Self::Credit];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Settled => "settled",
            Self::Part => "part",
            Self::Credit => "credit",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// How we got to know of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentSource {
    /// The gateway told of it when it came.
    Notice,
    /// No notice came; it stands in the gateway's list of its day.
    Reconciliation,
}

impl PaymentSource {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Reconciliation => "reconciliation",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Notice, Self::Reconciliation]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// A payment to record.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// Our id.
    pub id: String,
    /// The provider: `gepg`.
    pub provider: String,
    /// The provider's key of the payment, unique with it: SP code and `TrxId` for GePG.
    pub provider_key: String,
    /// SHA-256 of what the provider said of it, to tell a repeat from a different payment.
    pub payload_hash: [u8; 32],
    /// The scheme's receipt, by which a premium is written once: the gateway's reference, where that
    /// is this payment's alone.
    pub reference: String,
    /// The service provider that was paid, as the gateway calls it.
    pub sp_code: String,
    /// The gateway's reference as it was told.
    pub gateway_reference: String,
    /// Who took the money: an operator or a bank.
    pub operator: String,
    /// The operator's receipt, which the payer has in her own SMS.
    pub receipt: String,
    /// Through which kind of channel, in the gateway's free words.
    pub channel: String,
    /// The bill's id as it was told, ours or not.
    pub told_bill: String,
    /// The time as it was written.
    pub told_time: String,
    /// How we got to know.
    pub source: PaymentSource,
    /// The payer's phone, where it could be read. Sealed by the engine.
    pub payer: Option<Msisdn>,
    /// The bill it is booked on, where it matched one.
    pub bill: Option<String>,
    /// The control number that was paid.
    pub number: Option<ControlNumber>,
    /// How much came.
    pub paid: Amount,
    /// When it was paid, by the provider.
    pub paid_at: DateTime<Utc>,
    /// When we got to know.
    pub received_at: DateTime<Utc>,
    /// Posted, unmatched or quarantined.
    pub state: PaymentState,
    /// What it came to.
    pub outcome: PaymentOutcome,
    /// Why it waits, or why it is credit; empty where it is neither.
    pub reason: String,
}

/// Where a payment belongs, found after it was recorded.
#[derive(Clone, Debug)]
pub struct Booking {
    /// The bill.
    pub bill: Option<String>,
    /// What it came to.
    pub outcome: PaymentOutcome,
    /// Why; empty where that is plain.
    pub reason: String,
}

/// A payment, as it stands now.
#[derive(Clone, Debug)]
pub struct Payment {
    /// As it was recorded, with where it was booked since.
    pub recorded: NewPayment,
    /// Where it is now.
    pub state: PaymentState,
}

/// What recording found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is new.
    New,
    /// The same payment, told again: nothing changed.
    Again,
    /// Its key is another payment's with other content: nothing changed, and someone must look.
    Conflict,
}

/// Payments.
#[async_trait]
pub trait Payments: Send {
    /// Records it, once for its provider's key. A second one with the same reference and another key
    /// is recorded too: the caller decides.
    async fn record(&mut self, payment: &NewPayment) -> Result<Recorded>;

    /// The payment with this id.
    async fn get(&mut self, id: &str) -> Result<Option<Payment>>;

    /// The payment with this gateway reference.
    async fn by_reference(&mut self, provider: &str, reference: &str) -> Result<Option<Payment>>;

    /// The newest payment of a bill that this phone was given or that is this member's.
    async fn last(
        &mut self,
        phone: &Msisdn,
        member: Option<MemberNumber>,
    ) -> Result<Option<Payment>>;

    /// The payment with this provider's key.
    async fn by_key(&mut self, provider: &str, key: &str) -> Result<Option<Payment>>;

    /// The payments that the gateway told with this reference of its own, oldest first, at most 20.
    async fn by_gateway_reference(
        &mut self,
        provider: &str,
        reference: &str,
    ) -> Result<Vec<Payment>>;

    /// The payments with this operator's receipt, whichever provider told of them, at most 20.
    async fn by_receipt(&mut self, receipt: &str) -> Result<Vec<Payment>>;

    /// Unmatched payments that were told with this bill's id or control number, oldest first, at most
    /// 20.
    async fn unmatched(
        &mut self,
        bill: &str,
        number: Option<ControlNumber>,
    ) -> Result<Vec<Payment>>;

    /// Moves it from one of `from` to `to`; false where it is in none of them, and nothing changed.
    async fn advance(
        &mut self,
        id: &str,
        from: &[PaymentState],
        to: PaymentState,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Notes where it belongs.
    async fn book(&mut self, id: &str, booking: &Booking) -> Result<()>;

    /// How many wait for a person: quarantined or unmatched.
    async fn quarantined(&mut self) -> Result<u64>;
}
