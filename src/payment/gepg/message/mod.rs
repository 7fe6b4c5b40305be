//! GePG v4's messages as types.
//!
//! 1. Each type's `read` takes the message's text out of an opened envelope; its `write` gives the
//!    text to seal. Elements are read by name in any order, extra ones are ignored.
//! 2. To add a message: its file here, with both directions, and its vectors in `tests/payments`.
//!
//! Left out: the v5 profile, reuse, change, cancellation and reconciliation.

mod acknowledgement;
mod bill_response;
mod bill_submission;
mod payment_notice;

pub use acknowledgement::Acknowledges;
pub use bill_response::{BillAnswer, BillResponse};
pub use bill_submission::{BillSubmission, Payer, SubmittedBill};
pub use payment_notice::{PaidBill, PaymentNotice};

use super::xml::{Element, XmlError};

/// Reads the message element and insists on its name.
fn root(text: &str, name: &'static str) -> Result<Element, XmlError> {
    let root = Element::read(text)?;
    if root.name() == name {
        Ok(root)
    } else {
        Err(XmlError::Missing(name))
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
