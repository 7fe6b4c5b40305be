//! Gateways: how aggregators speak, as files. Pure.
//!
//! 1. [`profile`] reads `gateways/NAME.yaml` into a [`Profile`](profile::Profile): a request becomes
//!    a [`Call`](crate::model::Call), a screen becomes a response, an SMS becomes a call of ours.
//! 2. [`vectors`] plays what is recorded beside a profile against it.
//!
//! To add an aggregator, write a file: `gateways/README.md` says how. There is no Rust per
//! aggregator.
//!
//! Left out: sockets, limits on callers, what a call does, and making the calls that profiles write.
#![deny(clippy::disallowed_types)]

pub mod profile;
pub mod vectors;
