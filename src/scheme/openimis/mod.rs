//! openIMIS over its GraphQL, releases 24.10 and 26.04, which it tells apart by itself.
//!
//! 1. [`OpenImis::new`] with [`Options`] and a [`Budget`] implements [`super::Scheme`]. Nothing is sent before
//!    something is asked.
//! 2. A question goes through `asking`, which logs in (`login`, `session`), and over `wire`, which keeps to the
//!    budget; `read` makes nouns of what comes back, and `standing` says what they are on a day.
//! 3. What writes goes through `writing`: it asks the log of mutations before it sends anything, so it can be
//!    broken off anywhere and begun again.
//!
//! Nothing that openIMIS says is trusted: answers are bounded, `errors` is a failure whatever the status, a
//! page of HTML is one too.
//!
//! To follow a new release: record its answers under `tests/openimis/`, and have the stand-in server of the tests answer them.
//!
//! Left out: FHIR, which says "active" of an expired policy; subscriptions, which do not deliver; what a phone
//! may see of all this.

mod asking;
mod budget;
mod changes;
mod complaint;
mod cookies;
mod documents;
mod failure;
mod login;
mod look;
mod options;
mod payment;
mod phones;
mod pricing;
mod read;
mod scheme;
mod session;
mod standing;
mod wire;
mod writing;

use failure::Failure;
pub(super) use read::{Household, Policy, Status};
pub(super) use standing::cover as cover_on;

pub use budget::{Budget, LocalBudget, REQUESTS_A_MINUTE};
pub use options::{Account, Options};
pub use scheme::OpenImis;
pub use wire::AddressError;
