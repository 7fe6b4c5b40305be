//! The demo's world outside of us: its GePG and its facility registry, each on a loopback listener.
//!
//! 1. [`Keys`] makes this installation's key pairs, ours and the gateway's, beside the database.
//! 2. [`Gateway::start`] listens; it takes signed bills, allots control numbers and posts them to our
//!    webhooks, signed, until it reads a signed 7101, as GePG does.
//! 3. [`Gateway::pay`] is what a bank or a mobile-money operator would do.
//! 4. [`Registry`] answers the calls that the demo's menus declare, also too late and wrongly.
//!
//! Its bills are in the store, so they outlive a restart. What it had still to post does not: a bill
//! that is submitted again, or paid again, is posted again.
//!
//! Left out: everything that GePG does and the demo does not need, such as cancellation.

mod courier;
mod desk;
mod gateway;
mod keys;
mod registry;
mod requests;
mod staff;
#[cfg(test)]
mod tests;

pub use gateway::{Gateway, Options, PayError, StartError};
pub use keys::{Keys, KeysError};
pub use registry::{REGISTRY_HOST, Registry};
