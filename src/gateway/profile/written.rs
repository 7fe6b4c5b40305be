//! What is to be written, and what goes out: screens, messages, calls of ours.

use std::{borrow::Cow, fmt, time::Duration};

use chrono::{DateTime, Utc};

use super::{Go, charset};
use crate::model::Msisdn;

/// A screen to be shown, with what an answer may say of its dialogue.
#[derive(Clone)]
pub struct Screen<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether the dialogue goes on.
    pub go: Go,
    /// How many pages the dialogue has shown, this one included.
    pub turn: u32,
    /// Our id of the dialogue.
    pub dialogue: u128,
    /// Whether the session was known before.
    pub known: bool,
    /// What the session's begin told.
    pub kept: &'a [(String, String)],
}

/// An SMS to be sent.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// To whom.
    pub to: &'a Msisdn,
    /// The sender that it shows; `None` where the account has none.
    pub from: Option<&'a str>,
    /// Its text.
    pub text: &'a str,
    /// Our id of it.
    pub own_id: &'a str,
    /// The aggregator's id of it, for a poll.
    pub message_id: Option<&'a str>,
    /// The clock of the whole call.
    pub now: DateTime<Utc>,
}

/// A call to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct Outbound {
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// Whole addresses with their query, to be tried in this order.
    pub addresses: Vec<String>,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body's text.
    pub body: String,
    /// Line of the profile that wrote it, from 1.
    pub line: usize,
}

impl Outbound {
    /// The body's bytes, in the character set that its content type declares.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        charset::outgoing(&self.body, &self.headers)
    }
}

impl fmt::Debug for Outbound {
    /// Without address, headers and body: they hold credentials and phone numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.method, self.body.len())
    }
}

/// The aggregator's reply to a call of ours.
#[derive(Clone, Copy)]
pub struct Replied<'a> {
    /// Status code.
    pub status: u16,
    /// Names in any case, and values.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The body.
    pub body: &'a [u8],
}

/// A token that was got.
#[derive(Clone)]
pub struct Token {
    /// What is sent.
    pub token: String,
    /// For how long it is kept: until a minute before it ends.
    pub lasts: Duration,
}

/// What came of sending an SMS.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// How it ended; never [`Outcome::ByStatus`](super::Outcome::ByStatus).
    pub outcome: super::Outcome,
    /// The aggregator's id of what it took, exactly as it was sent.
    pub message_id: Option<String>,
    /// Its code of an error; none for what it took.
    pub error_code: Option<String>,
    /// Its words for it, in one line of at most 200 characters; may name the phone, so it is never logged.
    pub error: Option<String>,
    /// Not before this time has passed, where it says so (`Retry-After`).
    pub wait: Option<Duration>,
    /// Line of the rule that decided, from 1; 0 where the status did.
    pub line: usize,
}

impl fmt::Debug for Sent {
    /// Without the aggregator's words and its id: they may name the phone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.error_code.as_deref().unwrap_or("none");
        write!(
            f,
            "Sent({:?}, code {code}, line {})",
            self.outcome, self.line
        )
    }
}

impl fmt::Debug for Screen<'_> {
    /// Without its text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Screen({:?}, turn {})", self.go, self.turn)
    }
}

impl fmt::Debug for Outgoing<'_> {
    /// Without its text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({}, to {})", self.own_id, self.to)
    }
}

impl fmt::Debug for Replied<'_> {
    /// Without headers and body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

impl fmt::Debug for Token {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(for {:?})", self.lasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::profile::{Outcome, Traced};

    #[test]
    fn what_is_printed_names_no_phone_and_nothing_that_was_typed() {
        let sent = Sent {
            outcome: Outcome::Rejected,
            message_id: None,
            error_code: Some("403".to_owned()),
            error: Some("255700000001 is barred".to_owned()),
            wait: None,
            line: 3,
        };
        let traced = Traced {
            line: 3,
            written: "input".to_owned(),
            saw: vec![Some("4321".to_owned())],
            passed: true,
        };
        let printed = format!("{sent:?} {traced:?}");
        for never in ["255700000001", "4321"] {
            assert!(!printed.contains(never), "{printed}");
        }
        assert!(printed.contains("403"), "{printed}");
    }
}
