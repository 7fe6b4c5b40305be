use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::told::{Cancelled, Codes, Numbered, Pushed};
use crate::{
    model::{Amount, ControlNumber, Msisdn, end_of_day},
    store::Bill,
};

/// A payment gateway that bills are submitted to.
///
/// Everything may be sent again: the same ids say that it is the same.
#[async_trait]
pub trait Provider: std::fmt::Debug + Send + Sync {
    /// Its name in keys: `gepg`.
    fn name(&self) -> &str;

    /// Submits a bill. The same bill again is the same bill there too.
    async fn submit(&self, bill: &Bill) -> Result<Submitted, SubmitError>;

    /// Submits bills of one product together; they are answered together. The numbers of a pool are
    /// asked for by this, and a number is given again by it.
    async fn submit_many(&self, charges: &[Charge]) -> Result<Submitted, SubmitError> {
        let first = charges.first().map(|charge| charge.bill.as_str());
        Err(not_offered(first.unwrap_or_default(), "submission of many"))
    }

    /// Moves the last moment at which a bill can be paid.
    async fn change(&self, change: &Change) -> Result<Submitted, SubmitError> {
        Err(not_offered(&change.bill, "change"))
    }

    /// Cancels a bill; answered at once. Only [`CodeMeaning::Cancelled`] is success.
    ///
    /// [`CodeMeaning::Cancelled`]: super::told::CodeMeaning::Cancelled
    async fn cancel(&self, cancel: &Cancel) -> Result<Cancelled, SubmitError> {
        Err(not_offered(&cancel.bill, "cancellation"))
    }

    /// Asks for the payments of a day; they come by a call of the gateway's.
    async fn reconcile(&self, day: &ReconcileDay) -> Result<Codes, SubmitError> {
        Err(not_offered(&day.request, "reconciliation"))
    }

    /// Has the payer's phone ask for the money of a bill. Success says that it was sent, not that
    /// anything was paid.
    async fn push(&self, push: &PushToPay) -> Result<Pushed, SubmitError> {
        Err(not_offered(&push.request, "push to pay"))
    }

    /// The service providers' codes whose payments are reconciled, each by itself.
    fn sp_codes(&self) -> Vec<String> {
        Vec::new()
    }
}

fn not_offered(about: &str, what: &str) -> SubmitError {
    SubmitError::Unknown {
        bill: about.to_owned(),
        why: format!("this gateway offers no {what}"),
        source: None,
    }
}

/// A bill as a gateway has to know it.
#[derive(Clone, PartialEq, Eq)]
pub struct Charge {
    /// Our id of it.
    pub bill: String,
    /// What is bought: it says whose bill it is with the gateway, and under which revenue code.
    pub product: String,
    /// How much.
    pub amount: Amount,
    /// Which other amounts it takes.
    pub takes: Takes,
    /// It cannot be paid after this.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The payer's number with us.
    pub payer_id: String,
    /// The payer's whole name.
    pub payer_name: String,
    /// The payer's phone, digits only; empty where there is none.
    pub payer_phone: String,
    /// The number that it is to have again; `None` for a new one.
    pub reuse: Option<ControlNumber>,
}

/// Which amounts a bill takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Takes {
    /// Its own or more, at once.
    Full,
    /// Any part of it.
    Parts,
    /// Its own and no other.
    Exact,
}

impl std::fmt::Debug for Charge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Charge({}, {})", self.bill, self.product)
    }
}

impl Charge {
    /// What a bill of ours is to a gateway.
    pub fn of(bill: &Bill) -> Self {
        let made = &bill.made;
        Self {
            bill: made.id.clone(),
            product: made.key.product.clone(),
            amount: made.amount,
            takes: Takes::Exact,
            expires_at: end_of_day(made.pay_by),
            made_at: made.made_at,
            payer_id: made.member.to_string(),
            payer_name: made.payer.clone(),
            payer_phone: made.phone.number().unwrap_or_default().to_owned(),
            reuse: None,
        }
    }
}

/// A bill that can be paid for longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Our id of it.
    pub bill: String,
    /// Its product.
    pub product: String,
    /// It cannot be paid after this.
    pub expires_at: DateTime<Utc>,
    /// Why, in few words.
    pub reason: String,
}

/// A bill that is not to be paid any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// Our id of it.
    pub bill: String,
    /// Its product.
    pub product: String,
    /// Why, in few words.
    pub reason: String,
}

/// A day whose payments are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconcileDay {
    /// Our id of the request, digits only, stored before it is sent.
    pub request: String,
    /// Whose payments.
    pub sp_code: String,
    /// Which day, in East Africa.
    pub day: NaiveDate,
}

/// A push to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushToPay {
    /// Our id of this attempt, stored before it is sent.
    pub request: String,
    /// Our id of the bill.
    pub bill: String,
    /// Its product.
    pub product: String,
    /// What is to be paid.
    pub number: ControlNumber,
    /// How much.
    pub amount: Amount,
    /// Whose phone asks.
    pub phone: Msisdn,
}

/// How a gateway answered a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It has the bill; the control number comes by its own call.
    Accepted,
    /// It has the bill, and its number came in place of the acknowledgement.
    Numbered(Vec<Numbered>),
    /// It will not have it, now or later; its codes.
    Rejected(String),
}

/// Why a submission has no answer: the bill may be there or not, so the same bill is sent again.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Not sent, no answer, one that cannot be trusted, or one that says: later.
    #[error("bill {bill} was submitted without an answer: {why}")]
    Unknown {
        /// The bill's id, or that of the request.
        bill: String,
        /// What happened, in few words.
        why: String,
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The gateway does not know us, or we are set up wrongly: a person must act; the bill waits.
    #[error("the payment gateway refuses our settings: {codes}")]
    Configuration {
        /// Its codes.
        codes: String,
    },
}
