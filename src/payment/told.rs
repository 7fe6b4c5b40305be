//! What a payment gateway tells, in nouns that are no gateway's own.
//!
//! 1. A gateway's module reads its messages into these; what they do to bills and books is decided
//!    elsewhere, from these alone.
//! 2. What cannot be read is `None` and its text is kept beside it: money is money also where its
//!    amount or its time is written in a way that nobody expected.
//! 3. Nothing here has a name or a phone in what it prints.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::model::{Amount, ControlNumber, Msisdn};

/// What codes ask of us, whichever message they stand in. An unknown code is never success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeMeaning {
    /// It worked. Of a change of a bill that is also its own code.
    Success,
    /// It is there already: success where it is what we sent.
    AlreadyOurs,
    /// The bill is paid: nothing to submit or to cancel, its notice is to come or to be asked for.
    Settled,
    /// The bill is cancelled, which is a cancellation's success.
    Cancelled,
    /// The bill's last day is over.
    Expired,
    /// The same again with the same ids, later each time.
    BackOff,
    /// Our settings or keys are not right: nothing more is sent until a person has acted.
    Configuration,
    /// It will not work, now or later.
    Rejected,
    /// A reconciliation's day is not closed yet: to be asked for again.
    NotReady,
    /// A reconciliation's day is none that can be asked for.
    BadDate,
    /// Something to know, neither success nor failure.
    Information,
    /// A code that is in no list: a person must look, and nothing is taken to have worked.
    Unknown,
}

/// The codes of one answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Codes {
    /// As they were written, without the general failure where a specific code follows: `7242;7267`.
    pub text: String,
    /// What they ask of us together.
    pub meaning: CodeMeaning,
}

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What became of one bill that was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Our id of the bill: all that ties the answer to it.
    pub bill: String,
    /// Its control number; `None` where it got none, whatever was written in its place.
    pub number: Option<ControlNumber>,
    /// The number of the group that it is in, which is then what the payer dials.
    pub group_number: Option<ControlNumber>,
    /// Whether the gateway says that it succeeded, beside its codes.
    pub succeeded: bool,
    /// Its codes.
    pub codes: Codes,
}

/// Money that came: what one notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Its payments, to be taken together or not at all.
    pub entries: Vec<PaidEntry>,
    /// How many the notice says that it has; `None` where it does not say.
    pub count: Option<u32>,
}

impl Paid {
    /// Whether the notice has another number of payments than it says.
    pub fn miscounts(&self) -> bool {
        let there = u32::try_from(self.entries.len()).ok();
        self.count.is_some() && self.count != there
    }
}

/// One payment, out of a notice or out of a reconciliation. Prints nothing of the payer.
#[derive(Clone, PartialEq, Eq)]
pub struct PaidEntry {
    /// The gateway's id of the payment; empty in a v4 reconciliation, and where a notice has none.
    pub trx_id: String,
    /// The service provider that was paid.
    pub sp_code: String,
    /// The gateway's reference, in a notice and in a reconciliation.
    pub pay_ref_id: String,
    /// Our id of the bill.
    pub bill: String,
    /// The control number of that bill.
    pub number: Option<ControlNumber>,
    /// The number of the group that was paid, where there is one.
    pub group_number: Option<ControlNumber>,
    /// How much the bill was; `None` where it is not said or cannot be read.
    pub bill_amount: Option<Amount>,
    /// How much came; `None` where amount or currency cannot be read.
    pub paid: Option<Amount>,
    /// How much came, as it was written.
    pub original_paid: String,
    /// In which currency, as it was written.
    pub currency: String,
    /// Which amounts the bill takes: 1 full, 2 partial, 3 exact.
    pub pay_option: String,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// When it was paid, as it was written.
    pub original_time: String,
    /// Through which kind of channel, in the gateway's free words.
    pub channel: String,
    /// The payer's phone, where it can be read as one.
    pub payer_phone: Option<Msisdn>,
    /// Who paid.
    pub payer_name: String,
    /// Who took the money: an operator's or a bank's name.
    pub psp: String,
    /// The receipt of who took the money, which the payer has in an SMS of his.
    pub psp_receipt: String,
    /// The account that was credited.
    pub account: String,
}

impl fmt::Debug for PaidEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaidEntry")
            .field("trx_id", &self.trx_id)
            .field("sp_code", &self.sp_code)
            .field("pay_ref_id", &self.pay_ref_id)
            .field("bill", &self.bill)
            .field("number", &self.number)
            .field("paid", &self.original_paid)
            .field("currency", &self.currency)
            .field("time", &self.original_time)
            .finish_non_exhaustive()
    }
}

/// A day of payments, as the gateway has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// The id of our request.
    pub request: String,
    /// The gateway's id of the answer; empty where it has none.
    pub response: String,
    /// The service provider, or its group.
    pub sp_code: String,
    /// Its codes.
    pub codes: Codes,
    /// The payments; none where the codes are not success.
    pub rows: Vec<PaidEntry>,
}

/// What became of one bill that was to be cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// Our id of the bill.
    pub bill: String,
    /// Its codes.
    pub codes: Codes,
}

/// How the gateway answered a push to pay. The money itself comes as a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The id of our request.
    pub request: String,
    /// Its codes.
    pub codes: Codes,
}

/// Anything that a gateway tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// What became of bills that were submitted, in a call of its own or in place of the
    /// acknowledgement.
    Numbered(Vec<Numbered>),
    /// Money.
    Paid(Paid),
    /// A day of payments.
    Reconciled(Reconciled),
    /// What became of bills that were to be cancelled.
    Cancelled(Vec<Cancelled>),
}
