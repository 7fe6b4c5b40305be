use std::fmt;

use chrono::{DateTime, Utc};

use super::{Event, Refused, compile};
use crate::model::{Call, Msisdn};

/// What was heard in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A dialogue's turn, end or status.
    Call(Box<Call>, Said),
    /// How far SMS are; one request may tell of several, `None` for those that change nothing.
    Receipts(Vec<Option<Receipt>>, Said),
    /// SMS that came.
    Messages(Vec<Incoming>, Said),
    /// Nothing to us.
    Ignored(Said),
}

impl Heard {
    /// All that the request told.
    pub fn said(&self) -> &Said {
        match self {
            Self::Call(_, said)
            | Self::Receipts(_, said)
            | Self::Messages(_, said)
            | Self::Ignored(said) => said,
        }
    }
}

/// A request that is refused: why, and what it told before that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Refused,
    /// What it told.
    pub said: Said,
}

/// A rule that was tried.
#[derive(Clone, PartialEq, Eq)]
pub struct Traced {
    /// Line in the profile's file, from 1.
    pub line: usize,
    /// As the author wrote it.
    pub written: String,
    /// What each of its tests saw, up to the first that did not pass; `None` where nothing was there. May hold what a
    /// caller typed: for the author's eyes, never for a log.
    pub saw: Vec<Option<String>>,
    /// Whether it passed.
    pub passed: bool,
}

impl fmt::Debug for Traced {
    /// Without what its tests saw.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, {})", self.written, self.line, self.passed)
    }
}

/// All that a request told, by name and as it came or as its map says; and what it was taken for.
#[derive(Clone, PartialEq, Eq)]
pub struct Said {
    /// What the request is.
    pub event: Event,
    /// The answer that its rule chose, in place of the event's own.
    pub reply: Option<String>,
    /// Names and values, in the profile's order.
    pub values: Vec<(String, String)>,
}

impl Said {
    /// The value of a name; `None` where the request did not tell it.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Said {
    /// Names only: phone and text are among the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.values.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

impl Event {
    /// As a profile writes it; of what may be a begin or an input, `begin or input`.
    pub fn word(self) -> &'static str {
        match self {
            Self::BeginOrInput => "begin or input",
            Self::Begin
            | Self::Input
            | Self::Abort
            | Self::Timeout
            | Self::SessionEnded
            | Self::StatusQuery
            | Self::Receipt
            | Self::Message
            | Self::Ignored
            | Self::Error
            | Self::Refused => compile::event_word(self),
        }
    }
}

/// How far an SMS is.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The aggregator's id.
    pub message_id: Option<String>,
    /// Ours.
    pub own_id: Option<String>,
    /// How far.
    pub state: ReceiptState,
    /// The aggregator's own word for that.
    pub raw_status: Option<String>,
    /// Why it failed, as the aggregator says it.
    pub error_code: Option<String>,
    /// To whom it went.
    pub to: Option<Msisdn>,
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({:?})", self.state)
    }
}

/// How far an SMS is, as a receipt tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptState {
    /// The aggregator has it.
    Queued,
    /// The operator has it.
    Sent,
    /// The phone has it.
    Delivered,
    /// It will not come.
    Failed,
}

/// An SMS that came.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Who sent it.
    pub from: Msisdn,
    /// To which number of ours, as the aggregator writes it.
    pub to: String,
    /// What.
    pub text: String,
    /// The aggregator's id.
    pub message_id: Option<String>,
    /// When, where the aggregator tells it.
    pub received_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for Incoming {
    /// Without its text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Incoming({}, {} characters)",
            self.from,
            self.text.chars().count()
        )
    }
}
