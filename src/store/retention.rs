use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// What is deleted when it is old enough. Bills, payments, the ledger and notices that proved true
/// are none of it, nor are editions: whoever goes back to one needs its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// Turns in the journal.
    Journal,
    /// Effects that have ended, whose answer waits for nobody and that no job is about.
    Effects,
    /// The texts of messages and of SMS that came; these stay, without them.
    Texts,
    /// Receipts of messages.
    Receipts,
    /// Messages whose text is gone already.
    Messages,
    /// SMS that came.
    Incoming,
    /// Who asked about how many members.
    Enquiries,
    /// Notices that no payment provider is proved to have sent.
    UnprovedNotices,
    /// How many such came on a day.
    NoticeCounts,
    /// Jobs that were given up.
    GivenUpJobs,
    /// What persons decided about such jobs.
    Decisions,
    /// Which periods of a schedule were begun.
    Schedules,
    /// What schemes last said of covers.
    KnownCovers,
    /// What has changed at schemes.
    SchemeEvents,
    /// Complaints.
    Complaints,
}

impl Kept {
    /// All of it, in the order in which it goes: what refers to something before it.
    pub const ALL: [Self; 15] = [
        Self::Journal,
        Self::GivenUpJobs,
        Self::Effects,
        Self::Texts,
        Self::Receipts,
        Self::Messages,
        Self::Incoming,
        Self::Enquiries,
        Self::UnprovedNotices,
        Self::NoticeCounts,
        Self::Decisions,
        Self::Schedules,
        Self::KnownCovers,
        Self::SchemeEvents,
        Self::Complaints,
    ];

    /// As an operator names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Effects => "effects",
            Self::Texts => "texts",
            Self::Receipts => "receipts",
            Self::Messages => "messages",
            Self::Incoming => "incoming",
            Self::Enquiries => "enquiries",
            Self::UnprovedNotices => "unproved-notices",
            Self::NoticeCounts => "notice-counts",
            Self::GivenUpJobs => "given-up-jobs",
            Self::Decisions => "decisions",
            Self::Schedules => "schedules",
            Self::KnownCovers => "known-covers",
            Self::SchemeEvents => "scheme-events",
            Self::Complaints => "complaints",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kept| kept.as_str() == text)
    }
}

/// Deletes what was kept long enough, a batch at a time, so that no transaction is long.
#[async_trait]
pub trait Retention: Send {
    /// How many rows are from before `before`.
    async fn count(&mut self, kept: Kept, before: DateTime<Utc>) -> Result<u64>;

    /// Deletes at most `limit` of them, the oldest first, and gives how many; fewer than `limit` means
    /// that no more are there.
    async fn delete(&mut self, kept: Kept, before: DateTime<Utc>, limit: u32) -> Result<u64>;
}
