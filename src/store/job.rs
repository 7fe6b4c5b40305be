use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Rate, Result};

/// How many overdue jobs are given up in one transaction.
pub const OVERDUE_AT_ONCE: usize = 500;

/// What kind of work a job is. The subject says what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JobKind {
    /// Finish an effect of a dialogue; the subject is its key.
    FinishEffect,
    /// Submit a bill to its payment provider; the subject is the bill's id.
    SubmitBill,
    /// Tell the scheme of a bill that is paid; the subject is the id of the payment that settled it, or
    /// of the bill where credit did.
    TellScheme,
    /// Send an SMS; the subject is the message's id.
    SendMessage,
    /// Delete what was kept long enough; the subject is the day.
    Retention,
    /// Read what has changed at a scheme, again and again; the subject is its name.
    FollowScheme,
    /// File a complaint at its scheme; the subject is its number.
    FileComplaint,
    /// Tell who was given a bill of money that did not settle it; the subject is the payment's id.
    TellPayer,
    /// Have a bill cancelled; the subject is the bill's id.
    CancelBill,
    /// Ask the gateway for the payments of a day; the subject is the day on which all days of a week
    /// are asked for, or a service provider's code and the day.
    Reconcile,
}

impl std::fmt::Display for JobKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::FinishEffect,
        Self::SubmitBill,
        Self::TellScheme,
        Self::SendMessage,
        Self::Retention,
        Self::FollowScheme,
        Self::FileComplaint,
        Self::TellPayer,
        Self::CancelBill,
        Self::Reconcile,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FinishEffect => "finish_effect",
            Self::SubmitBill => "submit_bill",
            Self::TellScheme => "tell_scheme",
            Self::SendMessage => "send_message",
            Self::Retention => "retention",
            Self::FollowScheme => "follow_scheme",
            Self::FileComplaint => "file_complaint",
            Self::TellPayer => "tell_payer",
            Self::CancelBill => "cancel_bill",
            Self::Reconcile => "reconcile",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The route of a job that needs none of its own: its kind's name.
    pub fn route(self) -> String {
        self.as_str().to_owned()
    }
}

/// Which of two due jobs goes first: the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Someone waits on the line, or money does.
    Urgent = 0,
    /// A receipt, a promised answer.
    Normal = 1,
    /// A reminder.
    Low = 2,
}

/// Work to write down, in the transaction of what it belongs to.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which kind.
    pub kind: JobKind,
    /// About what. A second job of one kind and subject is the same job: nothing is added.
    pub subject: String,
    /// By which way it goes: `scheme`, `gepg`, `sms:handset`. Each route has its own room and rate, so
    /// that one which is slow keeps no other waiting.
    pub route: String,
    /// Not before this.
    pub run_at: DateTime<Utc>,
    /// Given up after this; never run later.
    pub not_after: DateTime<Utc>,
    /// Which goes first.
    pub priority: Priority,
}

/// A claimed job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its row.
    pub id: i64,
    /// Which kind.
    pub kind: JobKind,
    /// About what.
    pub subject: String,
    /// By which way it goes.
    pub route: String,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// Given up after this.
    pub not_after: DateTime<Utc>,
    /// The lease: ending the job takes it, so that one whose lease ran out changes nothing.
    pub lease: i64,
}

/// Which jobs to claim, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Of this route.
    pub route: &'a str,
    /// How fast the route may be used; `None` for as fast as there is room.
    pub rate: Option<Rate>,
    /// At most so many.
    pub limit: u32,
    /// At most so many that are not urgent.
    pub not_urgent: u32,
    /// For how long they are leased.
    pub lease: TimeDelta,
}

/// A route that has jobs which were not given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRoute {
    /// Its name.
    pub route: String,
    /// When its next job is due: the earliest time from which one may be claimed.
    pub due_at: DateTime<Utc>,
    /// When its next urgent job is; `None` where it has none.
    pub urgent_due_at: Option<DateTime<Utc>>,
    /// Until when its rate is used up; `None` where it never was.
    pub free_at: Option<DateTime<Utc>>,
}

/// The outbox: durable work, claimed with a lease.
#[async_trait]
pub trait Jobs: Send {
    /// Writes a job down, unless one of its kind and subject is there. One that was given up begins
    /// anew, with this job's times and no attempts.
    async fn add(&mut self, job: &NewJob) -> Result<()>;

    /// The routes that have open jobs, by name. It costs a few steps of an index for each route,
    /// however many jobs wait.
    async fn open_routes(&mut self) -> Result<Vec<OpenRoute>>;

    /// Whether [`Jobs::give_up_overdue`] would find one.
    async fn any_overdue(&mut self, now: DateTime<Utc>) -> Result<bool>;

    /// Claims jobs of a route that are due and not leased, urgent ones first, as many as its rate
    /// admits, and uses the rate up by them. What is past its time is left to
    /// [`Jobs::give_up_overdue`].
    async fn claim(&mut self, claim: &Claim<'_>, now: DateTime<Utc>) -> Result<Vec<Job>>;

    /// Makes a job's lease last until `until`, for whoever still runs it.
    async fn renew(&mut self, job: &Job, until: DateTime<Utc>) -> Result<()>;

    /// It is done: the row goes.
    async fn done(&mut self, job: &Job) -> Result<()>;

    /// It is to be tried again at `run_at`; `why` is kept for the operator.
    async fn retry(&mut self, job: &Job, run_at: DateTime<Utc>, why: &str) -> Result<()>;

    /// As [`Jobs::retry`], and this attempt does not count: what it waits for is still to come.
    async fn wait(&mut self, job: &Job, run_at: DateTime<Utc>, why: &str) -> Result<()>;

    /// Gives up the jobs whose time is over and that nobody runs; which they were, at most
    /// [`OVERDUE_AT_ONCE`].
    async fn give_up_overdue(&mut self, now: DateTime<Utc>) -> Result<Vec<(JobKind, String)>>;

    /// It is given up; the row stays for a person to see, with `why`.
    async fn give_up(&mut self, job: &Job, why: &str, now: DateTime<Utc>) -> Result<()>;

    /// Makes a waiting job due now. One that is leased is left alone.
    async fn wake(&mut self, kind: JobKind, subject: &str, now: DateTime<Utc>) -> Result<()>;

    /// Takes back a job that is not leased, because there is nothing left to do. One that is leased
    /// is left to whoever runs it.
    async fn cancel(&mut self, kind: JobKind, subject: &str, now: DateTime<Utc>) -> Result<()>;

    /// How many jobs are waiting or running (not those given up).
    async fn open(&mut self) -> Result<u64>;

    /// When the next job is to run, one that runs now included: it was to run before.
    async fn next(&mut self) -> Result<Option<DateTime<Utc>>>;

    /// How many were given up.
    async fn given_up(&mut self) -> Result<u64>;

    /// How many of each route are waiting or running, by its name.
    async fn open_by_route(&mut self) -> Result<Vec<(String, u64)>>;

    /// How many of each kind were given up.
    async fn given_up_by_kind(&mut self) -> Result<Vec<(JobKind, u64)>>;
}
