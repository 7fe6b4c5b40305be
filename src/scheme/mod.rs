//! Schemes: who is a member, what cover she has, what renewing costs, and where her payment goes.
//!
//! 1. [`Scheme`] is what the rest of nyota asks; [`sandbox`] is the demo's, in the store, [`openimis`] a real one, [`imis_rest`] an
//!    older.
//!    [`Schemes`] are those that are served, and choose which a member's is; each is [`Guarded`].
//! 2. Dates are compared with the day of the question, never with a status that a server kept.
//! 3. What a scheme's system may not have (enrolling, its changes, complaints) has an answer of its
//!    own that says so.
//!
//! To add a scheme's system: a module here that implements [`Scheme`], its options, its place in
//! `config`.
//!
//! Left out: what a phone may see of it (`effect`), and bills (`payment`).

mod change;
mod complaint;
mod cover;
mod enrolment;
mod error;
#[cfg(test)]
pub(crate) mod fake;
mod finding;
mod guard;
pub mod imis_rest;
pub mod openimis;
mod premium;
mod quote;
pub mod sandbox;
mod schemes;

use async_trait::async_trait;
use chrono::NaiveDate;

pub use change::{Change, ChangeKind, Changes, Cursor};
pub use complaint::{Complaint, Filed};
pub use cover::{Cover, CoverStatus, FAMILY_SHOWN, Person};
pub use enrolment::Enrolment;
pub use error::SchemeError;
pub use finding::Finding;
pub use guard::{Bounds, Guarded};
pub use premium::Premium;
pub use quote::{Quote, QuoteStatus};
pub use schemes::{Schemes, Served, numbers_by_set, route_to};

use crate::model::{MemberNumber, Msisdn};

/// A scheme's own system.
#[async_trait]
pub trait Scheme: std::fmt::Debug + Send + Sync {
    /// Its name in keys and rows, as the settings give it: `sandbox`, `dodoma`.
    fn name(&self) -> &str;

    /// The member whose phone this is, as the scheme holds it.
    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError>;

    /// A member's cover on `today`; `None` for a number that nobody has.
    async fn cover(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError>;

    /// What renewing, or paying for an enrolment, would cost and cover, asked on `today`; `None` for
    /// a number that nobody has.
    async fn quote(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError>;

    /// Has a family that the scheme knows begin with a product: a policy that waits for its premium.
    /// Asked twice for the same it gives the first.
    async fn enrol(&self, enrolment: &Enrolment) -> Result<Quote, SchemeError> {
        _ = enrolment;
        Err(SchemeError::refused(
            "an enrolment",
            "this scheme enrols nobody by phone",
        ))
    }

    /// Writes a premium, once for its receipt, and gives the cover that it makes. Where the policy
    /// that it pays is not there yet, it is made first.
    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError>;

    /// What has changed since `cursor`, or since about `today` where there is none, oldest first.
    async fn changes_since(
        &self,
        cursor: Option<&Cursor>,
        today: NaiveDate,
    ) -> Result<Changes, SchemeError> {
        _ = today;
        Ok(Changes::none_after(cursor))
    }

    /// Files a complaint where the scheme takes them, once for its key.
    async fn complain(&self, complaint: &Complaint) -> Result<Filed, SchemeError> {
        _ = complaint;
        Ok(Filed::Unsupported)
    }

    /// Tries what an installation needs: address, login, release, rights, one enquiry, the clocks.
    /// Every finding is a sentence; what cannot be reached is one too.
    async fn look(&self, today: NaiveDate) -> Vec<Finding>;
}
