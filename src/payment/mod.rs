//! Payment: bills, what gateways say of them, and the ledger.
//!
//! 1. [`Provider`] is a payment gateway that bills are submitted to; [`gepg`] is Tanzania's.
//! 2. [`Billing`] makes the bill for a quote and has it submitted; [`bill`] says who may go where.
//! 3. [`judgement`] says what follows from money that is told, [`books`] writes it: bills, payments and
//!    the ledger, in one transaction.
//! 4. What a gateway tells us comes in through its own webhook ([`gepg::Inbox`]), is proved, kept raw
//!    and recorded in one transaction before it is acknowledged.
//!
//! To add a provider: a module here that implements [`Provider`] and reads its notices, its options,
//! its webhook in `web`, its vectors in `tests/payments`.
//!
//! Left out: what a caller is told (`effect`), and the scheme's premium (`scheme`).

pub mod bill;
mod billing;
pub mod books;
pub mod gepg;
pub mod judgement;
mod provider;
pub mod push;
pub mod step;
pub mod told;
mod wake;

pub use billing::{Billing, Options, Progress, Reconciling, Wanted};
pub use provider::{
    Cancel, Change, Charge, Provider, PushToPay, ReconcileDay, SubmitError, Submitted, Takes,
};
pub use wake::Wake;
