//! Payment: bills, what gateways say of them, and the ledger.
//!
//! 1. [`Provider`] is a payment gateway that bills are submitted to; [`gepg`] is Tanzania's.
//! 2. [`Billing`] makes the bill for a quote and has it submitted; [`bill`] says who may go where.
//! 3. What a gateway tells us comes in through its own webhook ([`gepg::Inbox`]), is proved, kept raw
//!    and recorded in one transaction before it is acknowledged.
//!
//! To add a provider: a module here that implements [`Provider`] and reads its notices, its options,
//! its webhook in `web`, its vectors in `tests/payments`.
//!
//! Left out: what a caller is told (`effect`), and the scheme's premium (`scheme`).

pub mod bill;
mod billing;
pub mod gepg;
mod wake;

use async_trait::async_trait;

pub use billing::{Billing, Options, Progress, Wanted};
pub use wake::Wake;

use crate::store::Bill;
/// A payment gateway that bills are submitted to.
#[async_trait]
pub trait Provider: std::fmt::Debug + Send + Sync {
    /// Its name in keys: `gepg`.
    fn name(&self) -> &str;

    /// Submits a bill. The same bill again is the same bill there too.
    async fn submit(&self, bill: &Bill) -> Result<Submitted, SubmitError>;
}

/// How a gateway answered a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It has the bill; the control number comes by its own call.
    Accepted,
    /// It will not have it, now or later; its codes.
    Rejected(String),
}

/// Why a submission has no answer: the bill may be there or not, so the same bill is sent again.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Not sent, no answer, or one that cannot be trusted.
    #[error("bill {bill} was submitted without an answer: {why}")]
    Unknown {
        /// The bill's id.
        bill: String,
        /// What happened, in few words.
        why: String,
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The gateway does not know us, or we are set up wrongly: a person must act; the bill waits.
    #[error("the payment gateway refuses our settings: {codes}")]
    Configuration {
        /// Its codes.
        codes: String,
    },
}
