//! Menus: the files that a scheme's administrator writes, read, checked and compiled.
//!
//! 1. [`compile()`] takes the files of one menu set and gives the compiled [`MenuSet`], or every
//!    [`Problem`] in one run.
//! 2. A [`MenuSet`] is what `dialogue` steps through: indices instead of names, texts by language.
//! 3. [`page`] lays a screen out: text, options, keys, pages. The check and the dialogue use the same
//!    code, so what the check proves to fit is what a phone gets.
//! 4. [`picture`] draws a set: screens, keys, calls and outcomes.
//!
//! To add a verb: a variant of [`Verb`], its reading in `read`, its rules in `check`, its step in
//! `dialogue`, a fixture for each of its problems, a transcript, and its place in `menus/README.md`.
//!
//! To add a call: a variant of [`Operation`], its [`Signature`], and what runs it in `effect`. A set
//! declares calls of its own in a file: [`declared`].
//!
//! Left out: the state of a dialogue, and anything that does what a call asks.
#![deny(clippy::disallowed_types)]

mod answer;
mod check;
mod compile;
mod compiled;
mod condition;
mod days;
pub mod declared;
#[cfg(test)]
pub(crate) mod fixture;
mod message;
mod onward;
mod operation;
pub mod page;
pub mod picture;
mod problem;
mod read;
pub mod schema;
mod setting;
mod syntax;
mod value;

pub use compile::{CheckOptions, Compilation, compile};

pub use answer::{Alternative, AnswerType, BadPattern, DayLimit, National, Pattern};
pub use compiled::{
    Arguments, Choice, Keys, LanguageName, Late, MOST_ASKS, Menu, MenuId, MenuSet, Messages, Off,
    OutcomeTarget, Part, Path, Screen, ScreenId, Target, Template, Texts, VarId, Variable, Verb,
    Way, Words,
};
pub use condition::{Condition, Facts, Operand, Test};
pub use declared::DeclaredCall;
pub use message::MessageKind;
pub use onward::{CARRY_ON, Opener, Resume, ResumeWords, START_AGAIN, Shortcut};
pub use operation::{Operation, OutcomeKind, OutcomeName, Signature};
pub use problem::{Found, Overlong, Problem, Unknown};
pub use read::is_installation;
pub use setting::Setting;
pub use value::{Field, OneOf, Record, Type, Value};
