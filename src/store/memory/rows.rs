use chrono::{DateTime, NaiveDate, Utc};

use super::table::Table;
use crate::{
    model::{EffectKey, Language},
    store::{
        Bill, Edition, Intent, Job, JobKind, JournalEntry, KnownCover, Message, NewNotice, Payment,
        Posting, Priority, SandboxBill, SandboxPolicy, Share,
    },
};

/// Every row. Phones are keys by their digits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) callers: Table<String, Language>,
    pub(crate) effects: Table<EffectKey, EffectRow>,
    pub(crate) jobs: Table<i64, JobRow>,
    pub(crate) bills: Table<i64, Bill>,
    /// The bill of each number that is not its first.
    pub(crate) aliases: Table<String, String>,
    pub(crate) shares: Table<i64, ShareRow>,
    pub(crate) payments: Table<i64, Payment>,
    pub(crate) ledger: Table<String, Posting>,
    pub(crate) notices: Table<i64, NewNotice>,
    /// By provider, day and verdict.
    pub(crate) unproved: Table<(String, NaiveDate, &'static str), u64>,
    pub(crate) messages: Table<i64, MessageRow>,
    pub(crate) journal: Table<i64, JournalEntry>,
    pub(crate) editions: Table<i64, Edition>,
    /// Until when a route is used up.
    pub(crate) routes: Table<String, DateTime<Utc>>,
    /// By job and period.
    pub(crate) schedules: Table<(String, String), ()>,
    /// By phone, day and subject.
    pub(crate) enquiries: Table<(String, NaiveDate, String), ()>,
    /// By scheme and member.
    pub(crate) known_covers: Table<(String, String), KnownCover>,
    pub(crate) cursors: Table<String, String>,
    /// By scheme and key.
    pub(crate) events: Table<(String, String), ()>,
    pub(crate) policies: Table<String, SandboxPolicy>,
    pub(crate) sandbox_bills: Table<i64, SandboxBill>,
}

#[derive(Clone, Debug)]
pub(crate) struct EffectRow {
    pub(crate) intent: Intent,
    /// The order in which they were written.
    pub(crate) row: usize,
    pub(crate) promised: bool,
    pub(crate) outcome: Option<Vec<u8>>,
    pub(crate) answer: Option<(Vec<u8>, DateTime<Utc>)>,
    pub(crate) opened: bool,
    pub(crate) wrong_tries: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct JobRow {
    pub(crate) kind: JobKind,
    pub(crate) subject: String,
    pub(crate) route: String,
    pub(crate) priority: Priority,
    pub(crate) run_at: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) attempts: u32,
    pub(crate) lease: i64,
    pub(crate) leased_until: DateTime<Utc>,
    pub(crate) given_up: bool,
    pub(crate) why: String,
}

impl JobRow {
    /// From when it may be claimed.
    pub(super) fn due_at(&self) -> DateTime<Utc> {
        self.run_at.max(self.leased_until)
    }

    /// Ends the lease of whoever has it.
    pub(super) fn release(&mut self) {
        self.lease += 1;
        self.leased_until = DateTime::UNIX_EPOCH;
    }

    pub(super) fn claimed(&self, id: i64) -> Job {
        Job {
            id,
            kind: self.kind,
            subject: self.subject.clone(),
            route: self.route.clone(),
            attempts: self.attempts,
            not_after: self.not_after,
            lease: self.lease,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ShareRow {
    pub(crate) bill: String,
    pub(crate) share: Share,
}

#[derive(Clone, Debug)]
pub(crate) struct MessageRow {
    pub(crate) key: String,
    pub(crate) message: Message,
}
