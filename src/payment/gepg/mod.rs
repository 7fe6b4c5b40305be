//! Tanzania's Government e-Payment Gateway (GePG), versions 4 and 5: signed XML over HTTP, both ways.
//!
//! 1. [`KeyFile`] reads keys out of PEM and PKCS#12, [`Keys`] hold our private one and the gateway's
//!    public ones; [`envelope`] cuts, verifies and signs the exact bytes; [`Notary`] does so away from
//!    the threads that answer calls.
//! 2. [`message`] makes bytes into nouns and nouns into bytes, in both [`Dialect`]s.
//! 3. [`GepgClient`] submits, changes and cancels bills, asks for a day's payments and pushes to pay.
//! 4. [`Inbox`] takes what the gateway posts to us: control numbers, payments, a day's payments. It
//!    writes all of a notice down in one transaction, then acknowledges it.
//!
//! Everything but a cancellation is asynchronous: a submission is only acknowledged, its control number
//! comes by a call of the gateway's, and both sides repeat a message until they read a signed 7101.
//!
//! What no public source says for sure is a setting ([`Options`]): what a cancellation's header says,
//! v5's path for a number that is used again, the fields of a push to pay, `Gepg-Alg`, digests.

mod client;
pub mod codes;
mod dialect;
pub mod envelope;
mod inbox;
mod key_file;
mod keys;
mod load;
pub mod message;
mod notary;
mod options;
mod phone;
mod post;
#[cfg(test)]
mod tests;
mod time;
mod xml;

pub use client::{GepgClient, http_client};
pub use dialect::{Dialect, Digest};
#[cfg(test)]
pub(crate) use inbox::proved;
pub use inbox::{Answer, Inbox};
pub use key_file::{KeyFile, KeyFileError};
pub use keys::{Digests, KeyError, Keys, SignError, Trusted};
pub use load::LoadError;
pub use notary::{Notary, SealError};
pub use options::{Account, GatewayKey, KeyOptions, Options, Paths, Product, Wire};
pub use post::{PostError, post};
pub use time::write as write_time;
pub use xml::XmlError;

/// The provider's name in keys.
pub const PROVIDER: &str = "gepg";
