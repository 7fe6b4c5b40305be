//! Tanzania's Government e-Payment Gateway (GePG), version 4: signed XML over HTTP, both ways.
//!
//! 1. [`Keys`] hold our private key and the gateway's public ones; [`envelope`] cuts, verifies and
//!    signs the exact bytes.
//! 2. [`GepgClient`] submits bills.
//! 3. [`Inbox`] takes what the gateway posts to us: control numbers and payments. It writes all of a
//!    notice down in one transaction, then acknowledges it.
//!
//! Everything is asynchronous: a submission is only acknowledged, its control number comes by a call
//! of the gateway's, and both sides repeat a message until they read a signed 7101.
//!
//! Left out: the v5 profile, cancellation, reuse, change and reconciliation.

mod client;
pub mod codes;
pub mod envelope;
mod inbox;
mod keys;
pub mod message;
mod options;
mod post;
#[cfg(test)]
mod tests;
mod time;
mod xml;

pub use client::GepgClient;
#[cfg(test)]
pub(crate) use inbox::proved;
pub use inbox::{Acknowledgement, Inbox};
pub use keys::{KeyError, Keys, SignError};
pub use options::Options;
pub use post::{PostError, post};
pub use time::write as write_time;
pub use xml::XmlError;

/// The provider's name in keys.
pub const PROVIDER: &str = "gepg";

/// The path under the gateway's address to which bills are submitted.
pub const SUBMIT_PATH: &str = "/api/bill/sigqrequest";

/// What the header `Gepg-Com` says on a submission.
pub const SUBMIT_COMMAND: &str = "default.sp.in";
