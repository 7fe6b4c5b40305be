use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{Amount, ControlNumber, MemberNumber, Msisdn};

/// Where a payment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// Money came that is not the exact payment of an open bill: a person looks at it.
    Quarantined,
    /// In the ledger; the scheme is to be told.
    Posted,
    /// The scheme knows, and cover is active.
    Activated,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Quarantined, Self::Posted, Self::Activated];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Posted => "posted",
            Self::Activated => "activated",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
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
    /// The gateway's reference of the payment; the scheme's receipt, by which a premium is written
    /// once.
    pub reference: String,
    /// The operator's receipt, which the payer has in her own SMS.
    pub receipt: String,
    /// The bill it is for, where it matched one.
    pub bill: Option<String>,
    /// The control number that was paid.
    pub number: Option<ControlNumber>,
    /// How much came.
    pub paid: Amount,
    /// When it was paid, by the provider.
    pub paid_at: DateTime<Utc>,
    /// When we got to know.
    pub received_at: DateTime<Utc>,
    /// Posted, or quarantined.
    pub state: PaymentState,
    /// Why it is quarantined; empty where it is not.
    pub reason: String,
}

/// A payment.
#[derive(Clone, Debug)]
pub struct Payment {
    /// As it was recorded.
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

    /// Moves it from posted to activated; false where it is not posted.
    async fn activate(&mut self, id: &str, now: DateTime<Utc>) -> Result<bool>;

    /// How many are quarantined.
    async fn quarantined(&mut self) -> Result<u64>;
}
