//! What an event's values mean: a call for a dialogue, a receipt, a message.

use chrono::DateTime;

use super::{
    Account, Class, Event, FirstText, Heard, Incoming, Lost, Receipt, ReceiptState, Refusal,
    Refused, filter, hear::Told, parsed::Parsed, phone, state,
};
use crate::model::{self, Call, Caller, DialogueId, Known, Msisdn, Position, ServiceCode, Signal};

impl Told<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.said.get(name)
    }

    /// A name as the profile writes where it stands.
    fn written(&self, name: &str) -> String {
        let read = self.reads.iter().find(|read| read.name == name);
        read.map_or_else(|| name.to_owned(), |read| read.written.clone())
    }

    /// Whether its request id is a state of ours.
    fn brings_back(&self) -> bool {
        let mut reads = self.reads.iter();
        reads.any(|read| read.name == "request" && read.is_signed())
    }

    fn missing(&self, name: &str) -> Refused {
        Refused::Missing(vec![self.written(name)])
    }

    /// The phone of a name: a number, or an id where the profile says so.
    fn phone(&self, name: &str, parsed: &Parsed<'_>) -> Result<Option<Msisdn>, Refused> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let mut reads = self.reads.iter().filter(|read| read.name == name);
        let read = if reads.any(|read| read.is_opaque(parsed)) {
            Msisdn::opaque(text).ok()
        } else {
            phone::read(text, parsed)?
        };
        read.map(Some)
            .ok_or_else(|| Refused::NotPhone(self.written(name)))
    }
}

impl Account {
    /// A dialogue's turn, end or status.
    pub(super) fn call(&self, parsed: &Parsed<'_>, told: &Told<'_>) -> Result<Call, Refused> {
        let signal = signal(told.said.event).ok_or(Refused::Rule(None))?;
        let phone = self.caller(parsed, told, signal)?;
        let service_code = self.service_code(told, signal)?;
        Ok(Call {
            recalls: signal != Signal::Begin && (self.recalls || phone.told().is_none()),
            caller: Caller {
                phone,
                session: self.session(told)?,
            },
            signal,
            position: self.position(told, signal)?,
            service_code,
            keep: self.keeps(told, signal),
            forgets: self.unsaid,
            lost: match self.profile.session.lost {
                Lost::Begin => model::Lost::Begin,
                Lost::Refuse => model::Lost::Refuse,
            },
        })
    }

    /// The names that are the session, but for the phone, whose line it is anyway. No two different sessions read alike.
    fn session(&self, told: &Told<'_>) -> Result<String, Refused> {
        let names = self
            .profile
            .session
            .key
            .iter()
            .filter(|name| *name != "phone");
        let parts = names.map(|name| told.get(name).ok_or_else(|| told.missing(name)));
        let parts: Vec<&str> = parts.collect::<Result<_, _>>()?;
        Ok(match parts.as_slice() {
            [one] => (*one).to_owned(),
            several => {
                let parts = several
                    .iter()
                    .map(|part| part.replace('%', "%25").replace('|', "%7C"));
                parts.collect::<Vec<_>>().join("|")
            }
        })
    }

    fn caller(
        &self,
        parsed: &Parsed<'_>,
        told: &Told<'_>,
        signal: Signal,
    ) -> Result<Known, Refused> {
        let session = &self.profile.session;
        let kept = session.keep.iter().any(|name| name == "phone");
        let in_key = session.key.iter().any(|name| name == "phone");
        match told.phone("phone", parsed)? {
            Some(phone) if kept => Ok(Known::ToldForAll(phone)),
            Some(phone) => Ok(Known::Told(phone)),
            None if kept && !in_key && signal != Signal::Begin => Ok(Known::Before),
            None if signal == Signal::Status && !in_key => Ok(Known::Before),
            None => Err(told.missing("phone")),
        }
    }

    /// What a begin tells for the whole session besides phone and code.
    fn keeps(&self, told: &Told<'_>, signal: Signal) -> Vec<(String, String)> {
        if !begins(signal) {
            return Vec::new();
        }
        let names = self.profile.session.keep.iter();
        let others = names.filter(|name| *name != "phone" && *name != "code");
        let values = others.filter_map(|name| Some((name.clone(), told.get(name)?.to_owned())));
        values.collect()
    }

    /// The code, and on a begin what was dialled behind it.
    fn service_code(
        &self,
        told: &Told<'_>,
        signal: Signal,
    ) -> Result<Option<ServiceCode>, Refused> {
        let read = told.get("code").map(dialable);
        let code = match read {
            // What may be an input need not look like a code.
            Some(None) if signal != Signal::BeginOrInput => {
                return Err(Refused::NotCode(told.written("code")));
            }
            Some(code) => code,
            None => self.code.clone(),
        };
        if !begins(signal) {
            return Ok(code);
        }
        // What reads as nothing that a phone dials is left out: it is no reason to refuse a caller.
        let Some(code) = told.get("dialed").and_then(dialable).or(code) else {
            return Ok(None);
        };
        let longer = self
            .extras(told)
            .and_then(|extras| code.with_extras(extras));
        Ok(Some(longer.unwrap_or(code)))
    }

    fn extras<'t>(&self, told: &'t Told<'_>) -> Option<&'t str> {
        let session = &self.profile.session;
        let first = session.class == Class::Accumulated && self.dials_first();
        let text = told.get("text").filter(|text| first && !text.is_empty());
        told.get("extras").or(text)
    }

    /// Whether a first text that is not empty was dialled behind the code.
    fn dials_first(&self) -> bool {
        match &self.profile.session.first {
            FirstText::Lost => false,
            FirstText::Dialled => true,
            FirstText::Setting(name) => self.text_of(name) == Some("dialled"),
        }
    }

    fn position(&self, told: &Told<'_>, signal: Signal) -> Result<Position, Refused> {
        let needed = matches!(signal, Signal::Input | Signal::BeginOrInput);
        let value = |name: &str| match told.get(name) {
            Some(text) => Ok(text.to_owned()),
            None if needed => Err(told.missing(name)),
            None => Ok(String::new()),
        };
        let text = value("text")?;
        Ok(match self.profile.session.class {
            Class::Accumulated => Position::Accumulated { text },
            Class::Identified => match (told.get("request"), told.brings_back()) {
                (Some(request), false) => Position::Identified {
                    text,
                    request: request.to_owned(),
                },
                (Some(state), true) if signal != Signal::Begin => shown(text, state),
                (None, false) if needed => return Err(told.missing("request")),
                (Some(_), true) | (None, _) => Position::Bare { text },
            },
            Class::Bare => Position::Bare { text },
        })
    }

    /// A receipt or a message.
    pub(super) fn report(parsed: &Parsed<'_>, told: Told<'_>) -> Result<Heard, Refusal> {
        let heard = match told.said.event {
            Event::Receipt => {
                receipt(parsed, &told).map(|one| Heard::Receipts(vec![one], told.said.clone()))
            }
            Event::Message => {
                message(parsed, &told).map(|one| Heard::Messages(vec![one], told.said.clone()))
            }
            Event::Ignored => Ok(Heard::Ignored(told.said.clone())),
            Event::Begin
            | Event::Input
            | Event::BeginOrInput
            | Event::Abort
            | Event::Timeout
            | Event::SessionEnded
            | Event::StatusQuery
            | Event::Error
            | Event::Refused => Err(Refused::Rule(None)),
        };
        heard.map_err(|why| Refusal {
            why,
            said: told.said,
        })
    }
}

/// What was typed on the page of which a state of ours tells.
fn shown(text: String, state: &str) -> Position {
    match state::page(state) {
        Some((pages, dialogue)) => Position::Shown {
            text,
            pages,
            dialogue: DialogueId(dialogue),
        },
        None => Position::Bare { text },
    }
}

/// What a phone dials, with `*` and `#` where they are missing. A `#` within parts it as a `*` does: `*123#1#`.
fn dialable(text: &str) -> Option<ServiceCode> {
    let code = filter::code(text);
    let inner = code.strip_suffix('#')?;
    ServiceCode::parse(&format!("{}#", inner.replace('#', "*"))).ok()
}

/// `None` for one that changes nothing.
fn receipt(parsed: &Parsed<'_>, told: &Told<'_>) -> Result<Option<Receipt>, Refused> {
    let owned = |name: &str| told.get(name).map(str::to_owned);
    let (message_id, own_id) = (owned("message_id"), owned("own_id"));
    if message_id.is_none() && own_id.is_none() {
        return Err(told.missing("message_id"));
    }
    let state = match told.get("state").ok_or_else(|| told.missing("state"))? {
        "queued" => ReceiptState::Queued,
        "sent" => ReceiptState::Sent,
        "delivered" => ReceiptState::Delivered,
        "failed" => ReceiptState::Failed,
        "unchanged" => return Ok(None),
        _ => return Err(Refused::Unmapped(told.written("state"))),
    };
    Ok(Some(Receipt {
        message_id,
        own_id,
        state,
        raw_status: owned("raw_status"),
        error_code: owned("error_code"),
        // Beside the ids it is for people only: one that is no number is left out.
        to: told.phone("to", parsed).ok().flatten(),
    }))
}

fn message(parsed: &Parsed<'_>, told: &Told<'_>) -> Result<Incoming, Refused> {
    let owned = |name: &str| told.get(name).map(str::to_owned);
    let time = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    Ok(Incoming {
        from: told
            .phone("from", parsed)?
            .ok_or_else(|| told.missing("from"))?,
        to: owned("to").ok_or_else(|| told.missing("to"))?,
        text: owned("text").ok_or_else(|| told.missing("text"))?,
        message_id: owned("message_id"),
        received_at: told
            .get("received_at")
            .and_then(time)
            .map(|time| time.to_utc()),
    })
}

fn begins(signal: Signal) -> bool {
    matches!(signal, Signal::Begin | Signal::BeginOrInput)
}

fn signal(event: Event) -> Option<Signal> {
    match event {
        Event::Begin => Some(Signal::Begin),
        Event::Input => Some(Signal::Input),
        Event::BeginOrInput => Some(Signal::BeginOrInput),
        Event::Abort => Some(Signal::Abort),
        Event::Timeout => Some(Signal::Timeout),
        Event::SessionEnded => Some(Signal::Ended),
        Event::StatusQuery => Some(Signal::Status),
        Event::Receipt | Event::Message | Event::Ignored | Event::Error | Event::Refused => None,
    }
}
