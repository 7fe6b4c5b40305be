//! Calls of ours to others, over HTTP.
//!
//! 1. [`Client`] sends a [`Call`] and gives its whole [`Answer`], or says with a [`Failure`] how far it came: whoever sends
//!    what must not be done twice asks [`Failure::is_unsent`].
//! 2. It proves `https` by the system's certificates, follows no redirect, uses no proxy, and reads a bounded answer.
//! 3. With [`Reach::Public`] only addresses that anyone may reach are called, whatever a name leads to.
//!
//! A call can be dropped at any time; how long it may take is its caller's to say.
//!
//! Left out: what is sent and what an answer means; trying again.

mod client;
mod guard;

pub use client::{Answer, Call, Client, Failure};
pub use guard::Reach;
