//! Retention: what is deleted when it was kept long enough, and what never is.
//!
//! 1. [`Options`] say how long each kind of row is kept, with the reason beside its default.
//! 2. [`Retention::run`] deletes what is older, in short transactions: the outbox has it run once a
//!    day, `nyota retention` by hand. [`Retention::count`] only says what would go.
//!
//! Bills, payments, the ledger, what persons are owed by them, and notices that a payment provider is
//! proved to have sent are books of money: they are never deleted.
//!
//! Left out: how an engine finds what is old (`store`), and when it is run (`outbox`).

mod options;
mod run;

pub use options::{Keep, KeepError, Options};
pub use run::{Retention, Row};
