//! GePG's messages, both dialects, as one set of nouns.
//!
//! 1. Each type's `read` takes the message's text out of an opened envelope, whichever dialect it
//!    is; its `write` gives the text to seal in the dialect that is asked for. Elements are read by
//!    name in any order and in every spelling that was seen, extra ones are ignored; they are written
//!    in the order of GePG's own samples.
//! 2. What is told of bills and money is [`told`](crate::payment::told)'s nouns: no other module
//!    knows how they were spelt.
//! 3. To add a message: its file here, with both directions, and its vectors in `tests/payments`.

mod acknowledgement;
mod bill_response;
mod cancellation;
mod entry;
mod payment_notice;
mod push;
mod reconciliation;
mod submission;

pub use acknowledgement::{Acknowledgement, Acknowledges};
pub use bill_response::BillResponse;
pub use cancellation::{Cancellation, CancellationResponse};
pub use payment_notice::PaymentNotice;
pub use push::{Field, PushRequest};
pub use reconciliation::{ReconciliationRequest, ReconciliationResponse};
pub use submission::{BillSubmission, Party, Payer, Purpose, SubmittedBill, Terms};

use super::{
    Dialect, codes,
    xml::{Element, XmlError},
};
use crate::{
    model::{Amount, ControlNumber, Currency},
    payment::told::Codes,
};

/// The ids of a v5 message; empty in v4, which has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// The sender's id of this message: `ReqId` of a request, `ResId` of an answer, `AckId` of an
    /// acknowledgement.
    pub own: String,
    /// The id of the message that it answers.
    pub answered: String,
}

/// Reads the message element and says which dialect's it is; it must have one of the two names.
fn root(text: &str, names: [&'static str; 2]) -> Result<(Element, Dialect), XmlError> {
    let root = Element::read(text)?;
    let [v4, v5] = names;
    match root.name() {
        name if name == v4 => Ok((root, Dialect::V4)),
        name if name == v5 => Ok((root, Dialect::V5)),
        _ => Err(XmlError::Missing(v4)),
    }
}

/// The name that a message has in a dialect.
fn named(names: [&'static str; 2], dialect: Dialect) -> &'static str {
    let [v4, v5] = names;
    match dialect {
        Dialect::V4 => v4,
        Dialect::V5 => v5,
    }
}

/// At least one of something.
fn not_empty<T>(items: Vec<T>, name: &'static str) -> Result<Vec<T>, XmlError> {
    if items.is_empty() {
        Err(XmlError::Missing(name))
    } else {
        Ok(items)
    }
}

fn read_codes(element: &Element, name: &'static str) -> Result<Codes, XmlError> {
    codes::read(&element.value(name)?).ok_or(XmlError::Unreadable(name))
}

/// A control number, or none: `0` and an empty text stand for it.
fn read_number(text: &str) -> Option<ControlNumber> {
    ControlNumber::parse(text).ok()
}

/// A number as it is written; `otherwise` where there is none.
fn write_number(number: Option<ControlNumber>, otherwise: &str) -> String {
    number.map_or_else(|| otherwise.to_owned(), |number| number.to_string())
}

/// An amount, exact to the last minor unit, or none.
fn read_amount(text: &str, currency: &str) -> Option<Amount> {
    let currency = Currency::parse(currency)?;
    Amount::parse_decimal(text, currency).ok()
}
