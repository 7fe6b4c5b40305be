use chrono::NaiveDate;

use crate::model::{Amount, MemberNumber};

/// A payment as the scheme is told of it.
#[derive(Clone, Debug)]
pub struct Premium {
    /// For whom.
    pub member: MemberNumber,
    /// For which product.
    pub product: String,
    /// How much was paid.
    pub amount: Amount,
    /// The payment's reference: the scheme writes one premium for it.
    pub receipt: String,
    /// The day it was paid.
    pub paid_on: NaiveDate,
    /// First day of the cover that was quoted; cover never begins before it was paid.
    pub from: NaiveDate,
    /// Last day of the cover that was quoted.
    pub to: NaiveDate,
}
