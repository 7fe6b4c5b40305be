//! nyota: a USSD and SMS channel server for health-insurance schemes that run on openIMIS.
//!
//! The tree is the architecture: each module below says what it is, and `ARCHITECTURE.md` says who
//! may import whom (`tests/architecture.rs` holds it).

mod parts;
pub use parts::{catalogue, turn};

pub mod dialogue;
pub mod gateway;
pub mod menu;
pub mod model;
pub mod payment;
pub mod sandbox;
pub mod scheme;
pub mod session;
pub mod store;
pub mod web;
