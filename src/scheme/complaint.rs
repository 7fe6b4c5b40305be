use chrono::{DateTime, Utc};

use crate::model::{MemberNumber, Msisdn};

/// What a caller complains of.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// The member it is about, where she named one or the scheme knows her phone.
    pub member: Option<MemberNumber>,
    /// Her phone.
    pub phone: Msisdn,
    /// What she wrote.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Our reference, the same each time it is tried.
    pub key: String,
}

/// What became of a complaint in the scheme's system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filed {
    /// It is a ticket there, with this code.
    Ticket(String),
    /// The scheme's system takes none: it stays with us.
    Unsupported,
}
