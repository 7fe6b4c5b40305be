use chrono::NaiveDate;

use crate::model::MemberNumber;

/// A family that the scheme knows asks for a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// A member of the family.
    pub member: MemberNumber,
    /// The product's code.
    pub product: String,
    /// The day on which she asks.
    pub today: NaiveDate,
    /// Ours, the same each time it is tried: what it has made is found by it.
    pub key: String,
}
