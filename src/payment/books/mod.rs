//! The books: what control numbers and payments that are told do to bills, payments and the ledger,
//! each in the transaction in which it is told.
//!
//! 1. [`take`] records a payment: it looks up what is known, has [`judge`](super::judgement::judge)
//!    say what follows, and writes payment, bill, ledger and jobs. [`number`] gives a bill its control
//!    number, and matches the money that waited for it.
//!    [`reconcile`] compares a day's list with what we have, and makes what is missing here.
//! 2. [`resolve`], [`ask_refund`], [`approve_refund`] and [`cancel`] are what persons decide; [`import`]
//!    takes over a predecessor's bills.
//! 3. [`check`] proves that all of it agrees; tests run it after every scenario. [`Day`] is a day beside
//!    the gateway's list of it.
//!
//! Left out: proof and acknowledgement (the gateway's own module), and what anyone is told (`effect`).

mod again;
mod cancel;
mod check;
mod day;
mod identity;
mod import;
mod meeting;
mod number;
mod reconcile;
mod refund;
mod resolve;
mod take;
#[cfg(test)]
mod tests;
mod write;

pub use cancel::{CancelAsked, cancel};
pub use check::{Discord, check};
pub use day::{Day, DayRow, Stands};
pub use import::{Imported, import};
pub use number::{Attached, number};
pub use reconcile::{Compared, reconcile};
pub use refund::{approve_refund, ask_refund};
pub use resolve::{Resolution, Unresolved, resolve};
pub use take::{Taken, take};
pub(crate) use write::scheme_told_of;
