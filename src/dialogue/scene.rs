use chrono::{DateTime, Utc};

use crate::{menu::page::PageSize, model::Language};

/// What the world is like during a step.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The time of the turn.
    pub now: DateTime<Utc>,
    /// What the gateway's page holds.
    pub page: PageSize,
    /// Before the first page of a dialogue: `DEMO `. Empty for nothing.
    pub banner: &'a str,
}

/// What is known of a caller when a dialogue begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    /// The language that she chose before.
    pub language: Option<Language>,
    /// An answer of hers that was late and has not been opened.
    pub waiting: Option<Waiting>,
}

/// How a late answer may be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// At once: the phone is linked to the member that the answer is about.
    AtOnce,
    /// With the last four digits of the member number.
    WithLastFour,
}
