use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{Amount, MemberNumber};

/// How many persons of a family are given at most.
pub const FAMILY_SHOWN: usize = 20;

/// A member's cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Whose.
    pub member: MemberNumber,
    /// First names.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// As it is on the day asked.
    pub status: CoverStatus,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The product's code, where the scheme says it.
    pub product: Option<String>,
    /// Up to how much the product still pays, where it has a ceiling.
    pub ceiling: Option<Amount>,
    /// Whom it covers, as of now; at most [`FAMILY_SHOWN`], herself among them.
    pub family: Vec<Person>,
}

/// One whom a cover covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Her number.
    pub member: MemberNumber,
    /// First names.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// Whether a member is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoverStatus {
    /// Covered.
    Active,
    /// Was covered.
    Expired,
    /// Enrolled, not yet paid.
    Unpaid,
    /// Stopped by the scheme.
    Suspended,
}

impl Cover {
    /// The same as it stands on `today`: what was active has ended once its last day is over.
    #[must_use]
    pub fn on(mut self, today: NaiveDate) -> Self {
        if self.status == CoverStatus::Active && self.to < today {
            self.status = CoverStatus::Expired;
        }
        self
    }
}
