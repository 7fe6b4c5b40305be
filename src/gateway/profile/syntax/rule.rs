use std::sync::Arc;

use regex::Regex;

use super::Chain;

/// An outcome, when all tests pass.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Rule<Outcome> {
    pub(in crate::gateway) outcome: Outcome,
    pub(in crate::gateway) tests: Vec<Test>,
    /// The answer in place of the outcome's own: a name under `reply`.
    pub(in crate::gateway) reply: Option<String>,
    /// What `{error}` says, for an event that refuses.
    pub(in crate::gateway) say: Option<String>,
    /// As the author wrote it, and its line.
    pub(in crate::gateway) written: String,
    /// Line in its file, from 1.
    pub(in crate::gateway) line: usize,
    /// Number of that file: a preset's rules stand in the preset's.
    pub(in crate::gateway) source: usize,
}

/// One comparison. It passes if it does for any of its values.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Test {
    Compared {
        /// `a or b`: any of them.
        any: Vec<Chain>,
        comparison: Comparison,
    },
    /// Nothing is known of the session. Only where `begin` and `input` are told apart by it.
    SessionNew,
}

/// How a value is compared. One that is not there passes only `IsNot` and what names `Absent`.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Comparison {
    Is(Vec<Operand>),
    IsNot(Vec<Operand>),
    Starts(Vec<Operand>),
    /// Both ends are in it.
    Within(i64, i64),
    Matches(Arc<Regex>),
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Operand {
    Literal(String),
    Setting(String),
    Absent,
    Present,
    Empty,
}

/// What a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A dialogue begins.
    Begin,
    /// The caller typed something.
    Input,
    /// Whatever the line says: `begin: session is new` followed by `input`.
    BeginOrInput,
    /// The caller hung up, or the network dropped the dialogue; told in place of an input.
    Abort,
    /// The network or the aggregator gave up waiting.
    Timeout,
    /// A dialogue has ended; told out of band.
    SessionEnded,
    /// Whether the session is alive.
    StatusQuery,
    /// How far an SMS is.
    Receipt,
    /// An SMS came.
    Message,
    /// Nothing to us.
    Ignored,
    /// Not what the aggregator should send.
    Error,
    /// Not from the aggregator.
    Refused,
}

/// How a call of ours ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The aggregator has it.
    Accepted,
    /// Never again.
    Rejected,
    /// Later.
    Retry,
    /// Never again: the member wants none.
    OptedOut,
    /// Our credentials are wrong.
    BadCredentials,
    /// The account has no credit.
    NoCredit,
    /// Later, and slower.
    SlowDown,
    /// It may have been taken, and the aggregator does not know our id: never again, and a person is to see it.
    Unknown,
    /// By the status: 429 slow down; 504 unknown; 3xx, 408, 425 and other 5xx retry; 401 bad credentials, 402 no credit,
    /// else rejected.
    ByStatus,
}
