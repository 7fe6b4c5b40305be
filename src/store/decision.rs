use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{JobKind, Result};

/// Which jobs a person asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobFilter {
    /// Also those that wait or run.
    pub all: bool,
    /// Only of this kind.
    pub kind: Option<JobKind>,
    /// At most so many.
    pub limit: u32,
}

/// A job as a person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: i64,
    /// Which kind.
    pub kind: JobKind,
    /// About what: an id of ours.
    pub subject: String,
    /// By which way it goes.
    pub route: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is to run, or was.
    pub run_at: DateTime<Utc>,
    /// Given up after this.
    pub not_after: DateTime<Utc>,
    /// Until when whoever runs it has it; a time that is past means that nobody does.
    pub leased_until: DateTime<Utc>,
    /// When it was given up; `None` while it was not.
    pub given_up_at: Option<DateTime<Utc>>,
    /// Why it was given up or tried again; empty where there is nothing to say.
    pub why: String,
}

/// What to do with a job that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobVerdict {
    /// To be tried again, until this time at the latest.
    Retry {
        /// Given up again after this.
        not_after: DateTime<Utc>,
    },
    /// Not to be done: it goes.
    Drop,
}

impl JobVerdict {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry { .. } => "retried",
            Self::Drop => "dropped",
        }
    }
}

/// A person's decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What to do.
    pub verdict: JobVerdict,
    /// Who decided.
    pub by: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A decision as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The job's id.
    pub job: i64,
    /// Its kind.
    pub kind: JobKind,
    /// What it was about.
    pub subject: String,
    /// `retried` or `dropped`.
    pub decision: String,
    /// Who decided.
    pub by: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a person sees of the outbox, and decides.
#[async_trait]
pub trait Decisions: Send {
    /// Jobs: first those that were given up, the newest before, then those whose time is over soonest.
    async fn jobs(&mut self, filter: JobFilter) -> Result<Vec<JobRow>>;

    /// Does what was decided about a job that was given up and keeps who decided it and why. Gives
    /// the job as it was; `None` where there is none with this id, or it was not given up.
    async fn decide(&mut self, job: i64, decision: &Decision) -> Result<Option<JobRow>>;

    /// The newest decisions, at most `limit`.
    async fn newest(&mut self, limit: u32) -> Result<Vec<Decided>>;
}
