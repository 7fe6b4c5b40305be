use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{EffectKey, MemberNumber, Msisdn};

/// A complaint as it comes.
#[derive(Clone, Debug)]
pub struct NewComplaint {
    /// The effect that it was made by: a second one with it is the same.
    pub effect: EffectKey,
    /// The scheme that it is about.
    pub scheme: String,
    /// Who complains; sealed at rest.
    pub phone: Msisdn,
    /// The member it is about, if the scheme knows the phone; sealed at rest.
    pub member: Option<MemberNumber>,
    /// What she wrote; sealed at rest.
    pub text: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// A complaint.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// Its number, which she is told.
    pub number: i64,
    /// What it is.
    pub made: NewComplaint,
    /// Where it is.
    pub state: ComplaintState,
}

/// Where a complaint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintState {
    /// The scheme was not told of it yet.
    New,
    /// It is a ticket in the scheme's system, with this code.
    Filed(String),
    /// The scheme's system takes none: a person looks after it here.
    Ours,
}

/// Complaints.
#[async_trait]
pub trait Complaints: Send {
    /// Keeps a complaint and gives its number; the number it has where its effect is there.
    async fn make(&mut self, complaint: &NewComplaint) -> Result<i64>;

    /// The complaint with this number.
    async fn get(&mut self, number: i64) -> Result<Option<Complaint>>;

    /// Says where it is now.
    async fn settle(&mut self, number: i64, state: &ComplaintState) -> Result<()>;

    /// The newest ones, newest first.
    async fn newest(&mut self, limit: u32) -> Result<Vec<Complaint>>;
}
