use std::time::Duration;

use super::{CallerProof, Exchange, Replies, Route, ScreenRules, Session, Setting, Template};

/// How one aggregator speaks.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The file's name without `.yaml`.
    pub(in crate::gateway::profile) name: String,
    pub(in crate::gateway::profile) proof: Proof,
    pub(in crate::gateway::profile) settings: Vec<Setting>,
    pub(in crate::gateway::profile) caller: CallerProof,
    pub(in crate::gateway::profile) session: Session,
    pub(in crate::gateway::profile) screen: ScreenRules,
    /// Country code that a national number gets, without `+`; see [`Filter::E164`](super::Filter::E164).
    pub(in crate::gateway::profile) country: Option<Template>,
    /// The aggregator waits this long for a reply.
    pub(in crate::gateway::profile) deadline: Duration,
    /// It ends a dialogue in which nobody types for this long, where that is known.
    pub(in crate::gateway::profile) idle: Option<Duration>,
    /// How often it sends a request again that was not answered, where that is known.
    pub(in crate::gateway::profile) retries: Option<u32>,
    /// Addresses below `/ussd/NAME`.
    pub(in crate::gateway::profile) receive: Vec<Route>,
    /// Addresses below `/sms/NAME`.
    pub(in crate::gateway::profile) reports: Vec<Route>,
    pub(in crate::gateway::profile) replies: Replies,
    /// The call that shows a screen, of an aggregator that does not read it in our reply.
    pub(in crate::gateway::profile) later: Option<Exchange>,
    /// How an SMS is sent: the first whose conditions hold.
    pub(in crate::gateway::profile) send: Vec<Exchange>,
    /// How an SMS's receipt is asked for.
    pub(in crate::gateway::profile) poll: Option<Exchange>,
}

/// Which of a gateway's addresses are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `/ussd/NAME`.
    Ussd,
    /// `/sms/NAME`.
    Sms,
}

/// How sure the profile is of what it says; each list holds the author's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Seen with the aggregator itself.
    pub live: Vec<String>,
    /// Seen in recorded requests.
    pub recorded: Vec<String>,
    /// Read in documents.
    pub documented: Vec<String>,
    /// Read in code of others.
    pub from_code: Vec<String>,
    /// Likely, not proved: what, and where an account says it.
    pub unsure: Vec<(String, Settled)>,
}

/// Where an account says what its profile is unsure of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// In this setting.
    Setting(String),
    /// In this key of the contract.
    Contract(String),
    /// Nowhere, and why.
    Nowhere(String),
}
