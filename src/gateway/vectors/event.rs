//! What a request means with what its line remembers, by the names that vectors have for it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::SecondsFormat;

use super::{
    difference::Difference,
    inbound::DIALOGUE,
    vector::{Inbound, Values},
};
use crate::{
    gateway::profile::{Event, Heard, Incoming, Receipt, ReceiptState, Refusal, RefusedAs, Said},
    model::{
        Call, Lost, Msisdn, Position, Signal,
        accumulated::{Mark, Newest, Seen, newest},
    },
};

/// An event as a vector tells it.
pub(super) struct Told<'a> {
    inbound: &'a Inbound,
    said: &'a Said,
    /// What it is.
    pub(super) event: &'static str,
    input: Option<String>,
    what: What<'a>,
    /// All that was heard; `None` where it was refused.
    heard: Option<&'a Heard>,
}

/// One of a batch.
enum Batched<'a> {
    Receipt(&'a Receipt),
    Message(&'a Incoming),
    /// A receipt that changes nothing.
    Unchanged,
}

impl<'a> Batched<'a> {
    fn receipt(one: Option<&'a Receipt>) -> Self {
        one.map_or(Self::Unchanged, Self::Receipt)
    }

    fn get(&self, name: &str) -> Option<String> {
        let event = match self {
            Self::Receipt(_) => "dlr",
            Self::Message(_) => "inbound_sms",
            Self::Unchanged => "ignored",
        };
        match self {
            _ if name == "type" => Some(event.to_owned()),
            Self::Receipt(receipt) => of_receipt(receipt, name),
            Self::Message(message) => of_message(message, name),
            Self::Unchanged => None,
        }
    }

    fn differences(&self, index: usize, expected: &Values) -> Vec<Difference> {
        let values = expected.iter().filter_map(|(name, expected)| {
            let seen = self.get(name);
            let place = format!("events.{index}.{name}");
            Difference::between(&place, expected.as_deref(), seen.as_deref())
        });
        values.collect()
    }
}

enum What<'a> {
    Call(&'a Call),
    Receipt(&'a Receipt),
    Message(&'a Incoming),
    Nothing,
    /// Why it is refused.
    Refusal(String),
}

impl<'a> Told<'a> {
    /// Of what was heard.
    pub(super) fn heard(heard: &'a Heard, inbound: &'a Inbound) -> Self {
        let (event, input, what, said) = match heard {
            Heard::Call(call, said) => {
                let (event, input) = understood(call, inbound);
                (event, input, What::Call(call), said)
            }
            Heard::Receipts(receipts, said) => match receipts.iter().flatten().next() {
                Some(receipt) => ("dlr", None, What::Receipt(receipt), said),
                None => ("ignored", None, What::Nothing, said),
            },
            Heard::Messages(messages, said) => match messages.first() {
                Some(message) => ("inbound_sms", None, What::Message(message), said),
                None => ("ignored", None, What::Nothing, said),
            },
            Heard::Ignored(said) => ("ignored", None, What::Nothing, said),
        };
        Self {
            inbound,
            said,
            event,
            input,
            what,
            heard: Some(heard),
        }
    }

    /// Of a refused request.
    pub(super) fn refused(refusal: &'a Refusal, inbound: &'a Inbound) -> Self {
        let theirs = refusal.why.answered_as() != RefusedAs::NotTheirs;
        let event = if theirs && refusal.said.event != Event::Refused {
            "protocol_error"
        } else {
            "auth_failed"
        };
        Self {
            inbound,
            said: &refusal.said,
            event,
            input: None,
            what: What::Refusal(refusal.why.to_string()),
            heard: None,
        }
    }

    /// What is otherwise than the vector expects.
    pub(super) fn differences(&self) -> Vec<Difference> {
        let mut differences = self.of_first();
        differences.extend(self.of_batch());
        differences
    }

    /// The events of a batch after the first, where the vector tells them all.
    fn of_batch(&self) -> Vec<Difference> {
        let Some(expected) = &self.inbound.events else {
            return Vec::new();
        };
        let told: Vec<Batched<'_>> = match self.heard {
            Some(Heard::Receipts(all, _)) => {
                let all = all.iter().map(Option::as_ref);
                all.map(Batched::receipt).collect()
            }
            Some(Heard::Messages(all, _)) => all.iter().map(Batched::Message).collect(),
            Some(Heard::Call(..) | Heard::Ignored(_)) | None => return Vec::new(),
        };
        let counts = (expected.len().to_string(), told.len().to_string());
        let count = Difference::between("events", Some(&counts.0), Some(&counts.1));
        let pairs = expected.iter().zip(&told).enumerate().skip(1);
        let each = pairs.flat_map(|(index, (expected, told))| told.differences(index, expected));
        count.into_iter().chain(each).collect()
    }

    fn of_first(&self) -> Vec<Difference> {
        let expected = self.inbound.expected("type").unwrap_or_default();
        if expected != self.event {
            let seen = match &self.what {
                What::Refusal(why) => format!("{}: {why}", self.event),
                What::Call(_) | What::Receipt(_) | What::Message(_) | What::Nothing => {
                    self.event.to_owned()
                }
            };
            return Vec::from_iter(Difference::between("event", Some(expected), Some(&seen)));
        }
        if self.event == "protocol_error" || matches!(self.what, What::Refusal(_)) {
            return Vec::new();
        }
        let values = self.inbound.event.iter().filter(|(name, _)| name != "type");
        let differences = values.filter_map(|(name, expected)| match expected {
            Some(expected) => self.must_be(name, expected),
            // What is nothing to us may say what it likes.
            None if self.event == "ignored" => None,
            None => {
                let told = self.told(name);
                Difference::between(name, None, told.first().map(String::as_str))
            }
        });
        differences.collect()
    }

    fn must_be(&self, name: &str, expected: &str) -> Option<Difference> {
        let (told, known) = (self.told(name), self.known(name));
        let comparable = |text: &str| match name {
            "service_code" => code(text).to_owned(),
            _ => text.to_owned(),
        };
        let mut all = told.iter().chain(&known);
        if all.any(|seen| comparable(seen) == comparable(expected)) {
            return None;
        }
        let seen = told.first().or(known.first()).map(String::as_str);
        Difference::between(name, Some(expected), seen)
    }

    /// All that the request tells, by the names of vectors; of a refused one nothing.
    pub(super) fn values(&self) -> Vec<(String, String)> {
        if self.event == "protocol_error" || matches!(self.what, What::Refusal(_)) {
            return Vec::new();
        }
        let known_as = [
            "session", "phone", "code", "text", "request", "dialed", "extras",
        ];
        let own = self.said.values.iter().map(|(name, _)| name.as_str());
        let own = own.filter(|name| match self.what {
            What::Call(_) | What::Nothing => !known_as.contains(name),
            What::Receipt(_) | What::Message(_) | What::Refusal(_) => true,
        });
        let mut names = vec![
            "session_id",
            "msisdn",
            "service_code",
            "input",
            "own_id",
            "message_id",
        ];
        names.extend(own.filter(|name| !["own_id", "message_id"].contains(name)));
        let first = |name: &str| Some((name.to_owned(), self.told(name).into_iter().next()?));
        names.into_iter().filter_map(first).collect()
    }

    /// What the request itself tells by a vector's name, in every form that a vector may expect.
    fn told(&self, name: &str) -> Vec<String> {
        let own = |name: &str| self.said.get(name).map(str::to_owned);
        let told = match (&self.what, name) {
            (What::Call(_), "input") => vec![self.input.clone()],
            (What::Call(call), "session_id") => {
                let session = Some(call.caller.session.clone());
                vec![own("session"), session.filter(|it| !it.is_empty())]
            }
            (What::Call(call), "msisdn") => vec![call.caller.phone.told().map(number)],
            (What::Call(_), "service_code") => vec![own("service_code"), own("code")],
            (What::Receipt(receipt), name) => vec![of_receipt(receipt, name), own(name)],
            (What::Message(message), name) => vec![of_message(message, name), own(name)],
            (What::Nothing, "session_id") => vec![own("session")],
            (What::Nothing, "msisdn") => vec![own("phone")],
            (What::Nothing, "service_code") => vec![own("code")],
            (What::Call(_) | What::Nothing, "first_text") => vec![own("first_text"), own("text")],
            (What::Call(_) | What::Nothing | What::Refusal(_), name) => vec![own(name)],
        };
        told.into_iter().flatten().collect()
    }

    /// What is known besides: what the session's begin told, or what was dialled in all.
    fn known(&self, name: &str) -> Vec<String> {
        let kept = self.inbound.kept(name).map(str::to_owned);
        let What::Call(call) = &self.what else {
            return Vec::from_iter(kept);
        };
        let more = match name {
            "service_code" => call.service_code.as_ref().map(ToString::to_string),
            "session_id" => call
                .caller
                .phone
                .told()
                .map(|phone| phone.as_opaque().unwrap_or(phone.digits()).to_owned()),
            _ => None,
        };
        kept.into_iter().chain(more).collect()
    }
}

/// A phone as vectors write it: international, or the id that stands for it.
fn number(phone: &Msisdn) -> String {
    phone
        .as_opaque()
        .map_or_else(|| phone.e164(), str::to_owned)
}

/// A service code without what may be missing of it.
fn code(text: &str) -> &str {
    text.trim_start_matches('*').trim_end_matches('#')
}

pub(super) fn of_receipt(receipt: &Receipt, name: &str) -> Option<String> {
    match name {
        "message_id" => receipt.message_id.clone(),
        "own_id" => receipt.own_id.clone(),
        "raw_status" => receipt.raw_status.clone(),
        "error_code" => receipt.error_code.clone(),
        "to" => receipt.to.as_ref().map(number),
        "state" => Some(state(receipt.state).to_owned()),
        _ => None,
    }
}

fn state(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Queued => "queued",
        ReceiptState::Sent => "sent",
        ReceiptState::Delivered => "delivered",
        ReceiptState::Failed => "failed",
    }
}

fn of_message(message: &Incoming, name: &str) -> Option<String> {
    match name {
        "from" => Some(number(&message.from)),
        "to" => Some(message.to.clone()),
        "text" => Some(message.text.clone()),
        "message_id" => message.message_id.clone(),
        "received_at" => {
            let at = message.received_at;
            at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        }
        _ => None,
    }
}

/// What a call is to the line that a vector describes, and what its caller typed.
fn understood(call: &Call, inbound: &Inbound) -> (&'static str, Option<String>) {
    let known = inbound.session.is_some();
    let begin = ("begin", None);
    match call.signal {
        Signal::Begin if known && newest_of(&call.position, inbound) == Newest::Repeat => {
            ("repeat", None)
        }
        Signal::Begin => begin,
        Signal::BeginOrInput if !known => begin,
        Signal::Input if !known => match call.lost {
            Lost::Begin => begin,
            Lost::Refuse => ("protocol_error", None),
        },
        Signal::Input | Signal::BeginOrInput => match newest_of(&call.position, inbound) {
            Newest::Input(input) => ("input", Some(input)),
            Newest::Repeat | Newest::Older | Newest::Rival => ("repeat", None),
            Newest::Gap => begin,
        },
        Signal::Abort => ("abort", None),
        Signal::Timeout => ("timeout", None),
        Signal::Ended => ("session_ended", None),
        Signal::Status => ("status_query", None),
    }
}

/// What is new of a text for a line that remembers the vector's.
fn newest_of(position: &Position, inbound: &Inbound) -> Newest {
    match position {
        Position::Accumulated { text } => {
            let seen = inbound.kept("last_raw_text").unwrap_or_default();
            newest(text, Seen::of(seen, &mark), &mark)
        }
        Position::Identified { request, .. } if inbound.kept("last_request") == Some(request) => {
            Newest::Repeat
        }
        Position::Shown { pages, .. } if *pages != inbound.shown() => Newest::Older,
        Position::Shown { dialogue, .. } if dialogue.0 != DIALOGUE => Newest::Older,
        Position::Identified { text, .. }
        | Position::Shown { text, .. }
        | Position::Bare { text } => Newest::Input(text.clone()),
    }
}

/// A mark without a key: a vector keeps no secret.
fn mark(text: &str) -> Mark {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish().to_be_bytes()
}
