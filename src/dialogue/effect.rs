use std::fmt;

use serde::{Deserialize, Serialize};

use super::State;
use crate::{
    menu::{Operation, OutcomeName, Value},
    model::Language,
};

/// What is asked of the world before a page can be shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// A call of the menu.
    Call {
        /// Which.
        operation: Operation,
        /// Whether it can be late, as its signature says.
        late: bool,
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

impl fmt::Debug for Effect {
    /// Without what the caller typed or is told: that must not reach a log by `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call {
                operation,
                arguments,
                ..
            } => write!(f, "Call({operation:?}, {arguments:?})"),
            Self::RememberLanguage(language) => write!(f, "RememberLanguage({language})"),
            Self::SendSms(text) => write!(f, "SendSms({} characters)", text.chars().count()),
            Self::OpenAnswer(typed) => write!(f, "OpenAnswer(typed: {})", typed.is_some()),
        }
    }
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
