//! The older REST interface of openIMIS (version 3, C#), for installations that still run it: enquiries.
//!
//! 1. [`ImisRest::new`] with [`Options`] implements [`super::Scheme`].
//! 2. `link` logs in and asks; `enquiry` reads what comes; what a policy is on a day is told as for a newer
//!    openIMIS.
//!
//! Written after its source, not after recordings: what it refuses and how its dates look was not seen.
//!
//! Left out: renewals and payments. It takes them over control numbers of its own, and has no way to find out
//! whether a receipt is written; a payment that we could not prove written once is none that we take. So it
//! gives no quote, and no bill is made.

mod enquiry;
mod link;
mod options;
mod scheme;

pub use options::Options;
pub use scheme::ImisRest;
