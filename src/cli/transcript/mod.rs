//! Transcripts: what a caller presses and reads, word for word, in files beside the menus.
//!
//! 1. [`read`] takes a file and gives a [`Transcript`], or every mistake in it in one run.
//! 2. Whoever runs it goes through [`Transcript::steps`]: a [`Step`] is done or is expected.
//! 3. [`compare`] says nothing where a phone saw what was expected, else shows both side by side.
//!
//! The format is in `menus/README.md`, section "Transcripts".
//!
//! To add a step: a variant of [`Action`], its reading and its place in the order in `read`, a
//! fixture in its tests, and a line in the manual.
//!
//! Left out: dialling, waiting and paying.

mod compare;
mod mistake;
mod order;
mod read;
pub mod schema;

use chrono::NaiveDate;

pub use compare::compare;
pub use read::{is_one, read};

use crate::model::{ControlNumber, Language, Msisdn, ServiceCode, source::Span};

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
    /// The story goes on as this phone.
    Phone(Msisdn),
}
