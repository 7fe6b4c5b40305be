//! The dialogue: a state machine that a menu set drives. Pure.
//!
//! 1. [`open`] begins a dialogue; [`step`] takes it one input further; both give the new [`State`]
//!    and a [`Step`]: a page to show, a last page, or an [`Effect`] to ask of the world first.
//! 2. An effect's [`Outcome`] is the next input. Asks without a key press are bounded.
//! 3. [`render`] gives the page of a state again, the same bytes for the same [`Scene`].
//! 4. [`late`] is the step of an outcome that came after its turn: the state that a redial opens,
//!    and the SMS that tells of it.
//!
//! It is total: a checked set has a page for every input, failed effects included. Stepping twice
//! from one state gives one result, so whoever repeats a turn does no harm.
//!
//! Left out: sockets, the clock, chance, and what the effects do.
#![deny(clippy::disallowed_types)]

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    menu::{MenuSet, Operation, OutcomeName, Value, page::PageSize},
    model::{Language, gsm7::Alphabet},
};

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

/// What is asked of the world before a page can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// A call of the menu.
    Call {
        /// Which.
        operation: Operation,
        /// What it takes, in order.
        arguments: Vec<Value>,
    },
    /// Remember the caller's language for her next dial.
    RememberLanguage(Language),
    /// Send this text to the caller.
    SendSms(String),
    /// Open the late answer that is waiting; with what was typed, where the phone is not linked.
    OpenAnswer(Option<String>),
}

/// How an effect ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A call's outcome, with what it gives.
    Call {
        /// Which of the operation's.
        name: OutcomeName,
        /// What `as:` names, where this outcome gives it.
        value: Option<Value>,
    },
    /// It is done; for an SMS: it will be sent.
    Done,
    /// It could not be done, and nothing changed.
    Failed,
    /// The late answer: the state it left, which takes the place of this one.
    Answer(Box<State>),
    /// The four digits were wrong.
    Wrong,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this of the world, and step again with its outcome.
    Ask(Effect),
    /// Show this page and wait for a key.
    Show(Page),
    /// Show this page; the dialogue is over.
    End(Page),
}

/// A page as a phone gets it, and what its menu's author wants to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The text.
    pub text: String,
    /// Its length in the units of its alphabet.
    pub units: usize,
    /// The alphabet it needs.
    pub alphabet: Alphabet,
    /// `menu.screen`, such as `cover.active`.
    pub screen: String,
    /// Its language.
    pub language: Language,
    /// Whether it ends the dialogue.
    pub last: bool,
}

/// What a late outcome does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateStep {
    /// The state that a redial opens.
    pub state: State,
    /// The text of the SMS that tells of it.
    pub sms: Option<String>,
}

/// Where a dialogue is. Small: it is kept for every live caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {}

/// Begins a dialogue at the root of `set`.
pub fn open(set: &MenuSet, greeting: &Greeting, scene: &Scene<'_>) -> (State, Step) {
    todo!("{set:?} {greeting:?} {scene:?}")
}
