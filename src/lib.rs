//! nyota: a USSD and SMS channel server for health-insurance schemes that run on openIMIS.
//!
//! The tree is the architecture: each module below says what it is, and `ARCHITECTURE.md` says who
//! may import whom (`tests/architecture.rs` holds it).

pub mod catalogue;
pub mod cli;
pub mod config;
pub mod dialogue;
pub mod effect;
pub mod gateway;
pub mod http;
pub mod import;
pub mod menu;
pub mod model;
pub mod outbox;
pub mod payment;
pub mod retention;
pub mod sandbox;
pub mod scheme;
pub mod session;
#[cfg(test)]
mod simulation;
pub mod sms;
pub mod store;
pub mod turn;
pub mod web;
