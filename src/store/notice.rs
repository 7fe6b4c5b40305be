use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::Result;

/// What we made of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its proof was right and it was taken.
    Taken,
    /// It was taken before.
    Repeated,
    /// Its proof was wrong: nothing was done.
    Refused,
    /// It reads as no message that we know.
    Unreadable,
}

impl Verdict {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What a payment provider sent, as it came.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// The provider: `gepg`.
    pub provider: String,
    /// The message's name where it could be read, such as `gepgPmtSpInfo`.
    pub message: String,
    /// The bytes; where nothing proves who sent them, the first of them. Sealed by the engine: they
    /// name people and their phones.
    pub raw: Vec<u8>,
    /// SHA-256 of all the bytes that came.
    pub hash: [u8; 32],
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// What we made of it.
    pub verdict: Verdict,
    /// Why, for the operator; empty where there is nothing to say.
    pub note: String,
}

/// Raw notices.
#[async_trait]
pub trait Notices: Send {
    /// Keeps one and gives its row.
    async fn keep(&mut self, notice: &NewNotice) -> Result<i64>;

    /// Counts one whose sender is not proved and gives how many such came on that day, it included.
    async fn count_unproved(
        &mut self,
        provider: &str,
        day: NaiveDate,
        verdict: Verdict,
    ) -> Result<u64>;

    /// The bytes of one, as they were kept.
    async fn raw(&mut self, id: i64) -> Result<Option<Vec<u8>>>;
}
