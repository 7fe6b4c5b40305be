//! The demo's world outside of us: its GePG and its facility registry, each on a loopback listener.
//!
//! 1. [`Keys`] makes this installation's key pairs, ours and the gateway's, beside the database.
//! 2. [`Gateway::start`] listens; in both versions of GePG's messages it takes signed bills, allots
//!    control numbers and posts them to our webhooks, signed, until it reads a signed 7101. It changes
//!    and cancels bills, gives a number again, and tells a day's payments when it is asked.
//! 3. [`Gateway::pay`] is what a bank or a mobile-money operator would do; over HTTP the same is
//!    `POST /sandbox/pay`.
//! 4. [`Misbehaviour`] is what it does wrong when it is asked to.
//! 5. [`Registry`] answers the calls that the demo's menus declare, also too late and wrongly.
//!
//! Its bills are in the store, so they outlive a restart. What it had still to post does not: a bill
//! that is submitted again, or paid again, is posted again. Nor do its notes of what was cancelled,
//! changed and paid on which day.

mod book;
mod counter;
mod courier;
mod desk;
mod gateway;
mod keys;
mod misbehaviour;
mod registry;
mod requests;
mod staff;
#[cfg(test)]
mod tests;

pub use gateway::{Gateway, Options, PayError, StartError};
pub use keys::{Keys, KeysError};
pub use misbehaviour::{Misbehaviour, ParseMisbehaviourError};
pub use registry::{REGISTRY_HOST, Registry};
