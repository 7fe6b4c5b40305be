//! Transcripts: what a caller presses and reads, word for word, in files beside the menus.
//!
//! 1. [`read`] takes a file and gives a [`Transcript`], or every mistake in it in one run.
//! 2. Whoever runs it goes through [`Transcript::steps`]: a [`Step`] is done or is expected.
//! 3. [`write()`] makes a file of one that was lived through.
//! 4. [`compare`] says nothing where a phone saw what was expected, else shows both side by side.
//!
//! The format is in `menus/README.md`, section "Transcripts".
//!
//! To add a step: a variant of [`Action`], its reading and its place in the order in `read`, a
//! fixture in its tests, and a line in the manual.
//!
//! Left out: dialling, waiting and paying.

mod answer;
mod compare;
mod mistake;
mod order;
mod read;
pub mod schema;
mod time;
mod write;

use std::time::Duration;

use chrono::NaiveDate;

pub use compare::compare;
pub use read::{is_one, read};
pub use write::{Recorded, write};

use crate::{
    menu::{OutcomeName, Value},
    model::{ControlNumber, Language, Msisdn, PageSize, ServiceCode, source::Span},
};

/// What stands in an expected text for what differs from run to run, such as a receipt's number. It
/// takes any characters of its line.
pub const ANYTHING: &str = "[...]";

/// A transcript: one caller's story, or that of several phones one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// What it tells, in one sentence.
    pub title: String,
    /// The phone that it begins with.
    pub phone: Msisdn,
    /// The language that this phone chose before; `None` for a first dial.
    pub language: Option<Language>,
    /// The day on which it plays.
    pub today: NaiveDate,
    /// The gateway that its phones dial through.
    pub gateway: String,
    /// What a page holds, where it is not what the gateway's does.
    pub page: Option<PageSize>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One thing that is done, or that the phone is to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// Where it is written, for a report on it.
    pub span: Span,
}

/// What a step does or expects.
///
/// A page that no step expects is not compared; an SMS that no step expects is a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The phone dials this code.
    Dial(ServiceCode),
    /// The caller types this and sends it.
    Press(String),
    /// The page that the last dial or press brought, which waits for a key.
    See(String),
    /// The page that the last dial or press brought, which is the last.
    End(String),
    /// The next SMS that this phone gets; waited for.
    Sms(String),
    /// This phone pays a control number.
    Pay(ControlNumber),
    /// The network drops the dialogue.
    HangUp,
    /// The story goes on as this phone; each keeps the page that it has.
    Phone(Msisdn),
    /// The next time that this phone asks this call, it is answered so.
    Answer(Answer),
    /// The aggregator sends its last request again, so many times at once: the same page comes, and
    /// nothing happens twice.
    Again(usize),
    /// Time passes, and what becomes due is done.
    Wait(Duration),
}

/// What a call is answered with in the world's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The call's name: `scheme.cover`.
    pub call: String,
    /// With what.
    pub with: With,
}

/// An answer of choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// None in the turn's time.
    Slow,
    /// The outcome `down`.
    Down,
    /// What is no answer, as a broken scheme gives.
    Nonsense,
    /// An outcome of a built-in call, with what it gives.
    Outcome {
        /// Which.
        name: OutcomeName,
        /// What `as:` names, where this outcome gives it.
        value: Option<Value>,
    },
    /// The HTTP answer to a call that is declared in `calls.yaml`.
    Http(HttpAnswer),
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// Its status code.
    pub status: u16,
    /// Its media type.
    pub media_type: &'static str,
    /// Its body.
    pub body: String,
}
