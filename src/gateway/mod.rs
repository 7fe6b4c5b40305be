//! Gateways: how aggregators speak, as files. Pure.
//!
//! 1. [`profile`] reads `gateways/NAME.yaml` into a [`Profile`](profile::Profile): a request becomes
//!    a [`Call`](crate::model::Call), a screen becomes a response.
//! 2. [`recorded`] runs the requests recorded beside a profile through it.
//!
//! To add an aggregator, write a file: `gateways/README.md` says how. There is no Rust per
//! aggregator.
//!
//! Left out: sockets, limits on callers, what a call does, and sending SMS.
#![deny(clippy::disallowed_types)]

pub mod dialect;
pub mod profile;
pub mod recorded;
pub mod vectors;
