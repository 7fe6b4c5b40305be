//! Profiles and values for the tests of what is written, without a file to compile.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, FixedOffset};
use serde_json::json;

use super::{
    Account, Agreed, Algorithm, Answer, Body, BodyKind, CallerProof, Chain, Charset, Class,
    Comparison, Dates, Encoding, Event, Exchange, Filter, FirstText, Go, JsonStep, Lost, Map,
    Newline, Operand, OutRequest, Outcome, Outgoing, Piece, Profile, Proof, Read, Refused, Replies,
    Rule, Said, Screen, ScreenRules, Session, Setting, SettingKind, SettingValue, Signature,
    Source, Template, Test, Value,
    value::{Datum, Sources},
};
use crate::model::{Msisdn, PageSize};

/// A text with places, as a profile writes it; with the filters that take no name.
pub(super) fn template(text: &str) -> Template {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (place, behind) = behind.split_once('}').unwrap();
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.to_owned()));
        }
        pieces.push(Piece::Slot(value(place)));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Template(pieces)
}

pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, Template)> {
    let pairs = pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), template(text)));
    pairs.collect()
}

fn value(place: &str) -> Value {
    let mut words = place.split(" | ");
    let source = source(words.next().unwrap());
    let filters = words.map(filter).collect();
    Value(vec![Chain { source, filters }])
}

fn filter(word: &str) -> Filter {
    match word {
        "number" => Filter::Number,
        "bool" => Filter::Bool,
        "bare" => Filter::Bare,
        "tel" => Filter::Tel,
        "ascii" => Filter::Ascii,
        "url_encode" => Filter::UrlEncode,
        "epoch" => Filter::Epoch,
        "east_african" => Filter::Date(Arc::new(Dates {
            formats: vec!["%Y-%m-%d %H:%M:%S".into()],
            zone: FixedOffset::east_opt(3 * 3600).unwrap(),
        })),
        "hash" => Filter::Signature(Arc::new(Signature {
            algorithm: Algorithm::Sha256,
            key: Some(template("{setting.private_key}")),
            encoding: Encoding::Base64,
        })),
        "coding" => Filter::Map(Arc::new(Map {
            entries: vec![("ucs2".into(), json!(2))],
            otherwise: None,
        })),
        other => panic!("no filter {other}"),
    }
}

fn source(place: &str) -> Source {
    let named = place.split_once('.');
    match (place, named) {
        ("screen", _) => Source::Screen,
        ("screen.alphabet", _) => Source::ScreenAlphabet,
        ("go", _) => Source::Go,
        ("turn", _) => Source::Turn,
        ("state", _) => Source::State,
        ("known", _) => Source::Known,
        ("error", _) => Source::Error,
        ("missing", _) => Source::Missing,
        ("public", _) => Source::Public,
        ("gateway", _) => Source::Gateway,
        ("now", _) => Source::Now,
        ("to", _) => Source::To,
        ("from", _) => Source::From,
        ("text", _) => Source::Text,
        ("text.alphabet", _) => Source::TextAlphabet,
        ("segments", _) => Source::Segments,
        ("ref", _) => Source::Ref,
        ("message_id", _) => Source::MessageId,
        (_, Some(("setting", name))) => Source::Setting(name.into()),
        (_, Some(("kept", name))) => Source::Kept(name.into()),
        (_, Some(("part", name))) => Source::Part(name.into()),
        (name, _) => Source::Said(name.into()),
    }
}

pub(super) fn profile() -> Profile {
    Profile {
        name: "jirani".into(),
        proof: Proof::default(),
        settings: Vec::new(),
        caller: CallerProof::default(),
        session: Session {
            class: Class::Bare,
            key: vec!["session".into()],
            keep: Vec::new(),
            lost: Lost::Refuse,
            first: FirstText::Lost,
        },
        screen: ScreenRules {
            page: PageSize::default(),
            newline: Newline::LineFeed,
            ban: Vec::new(),
            trim_start: false,
            gsm7_only: false,
        },
        country: Some(template("255")),
        deadline: Duration::from_secs(4),
        idle: None,
        retries: None,
        receive: Vec::new(),
        reports: Vec::new(),
        replies: Replies::default(),
        later: None,
        send: Vec::new(),
        poll: None,
    }
}

/// An account of a profile, with these settings, in which `ref` is a place.
pub(super) fn account(mut profile: Profile, settings: &[(&str, &str)]) -> Account {
    let named = settings.iter().map(|(name, _)| Setting {
        name: (*name).to_owned(),
        kind: SettingKind::Text,
        default: None,
        places: vec!["ref".into()],
        about: None,
    });
    profile.settings = named.collect();
    let text = |text: &str| SettingValue::Text(text.to_owned());
    let settings = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), text(value)));
    Account {
        name: "jirani".into(),
        settings: settings.collect(),
        profile: Arc::new(profile),
        public: "https://ussd.example.org".into(),
        secret: None,
        agreed: Agreed::default(),
        key: [7; 32],
        code: None,
        recalls: false,
        unsaid: false,
    }
}

pub(super) fn answer(status: u16, body: Body) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        media_type: Some("text/plain".into()),
        charset: Charset::Utf8,
        body,
        line: 3,
    }
}

pub(super) fn text(status: u16, text: &str) -> Answer {
    answer(status, Body::Text(template(text)))
}

pub(super) fn said(event: Event, values: &[(&str, &str)]) -> Said {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Said {
        event,
        reply: None,
        values: values.iter().map(owned).collect(),
    }
}

pub(super) fn screen(text: &str, go: Go) -> Screen<'_> {
    Screen {
        text,
        go,
        turn: 2,
        dialogue: 77,
        known: true,
        kept: &[],
    }
}

/// A call by POST, of an address.
pub(super) fn request(address: &str, body: Body) -> OutRequest {
    OutRequest {
        method: "POST".into(),
        addresses: vec![template(address)],
        query: Vec::new(),
        headers: Vec::new(),
        auth: None,
        parts: Vec::new(),
        media_type: (!matches!(body, Body::Nothing)).then(|| "application/json".into()),
        charset: Charset::Utf8,
        body,
        knows_our_id: false,
        needs_sender: false,
        line: 9,
    }
}

/// A call whose reply is read as JSON, and told by its status.
pub(super) fn exchange(request: OutRequest) -> Exchange {
    Exchange {
        when: Vec::new(),
        request,
        reads: BodyKind::Json,
        values: Vec::new(),
        rules: Vec::new(),
    }
}

/// `json.a.b`, as a profile writes it.
pub(super) fn json_place(path: &str) -> Chain {
    let step = |name: &str| match name.parse() {
        Ok(number) => JsonStep::Index(number),
        Err(_) => JsonStep::Name(name.to_owned()),
    };
    Chain {
        source: Source::Json(path.split('.').map(step).collect()),
        filters: Vec::new(),
    }
}

/// `NAME: json.a.b`.
pub(super) fn reads(name: &str, path: &str) -> Read {
    Read {
        name: name.to_owned(),
        value: Value(vec![json_place(path)]),
        required: false,
        written: format!("json.{path}"),
    }
}

/// `OUTCOME: VALUE is WORD`, without one `OUTCOME` alone.
pub(super) fn rule(outcome: Outcome, test: Option<(Chain, &str)>) -> Rule<Outcome> {
    let tests = test.into_iter().map(|(chain, word)| Test::Compared {
        any: vec![chain],
        comparison: Comparison::Is(vec![Operand::Literal(word.to_owned())]),
    });
    Rule {
        outcome,
        tests: tests.collect(),
        reply: None,
        say: None,
        written: String::new(),
        line: 12,
        source: 0,
    }
}

/// A message with the id `m-1`, on the morning of 21 November 2026.
pub(super) fn message<'a>(to: &'a Msisdn, text: &'a str) -> Outgoing<'a> {
    Outgoing {
        to,
        from: Some("2020"),
        text,
        own_id: "m-1",
        message_id: None,
        now: DateTime::parse_from_rfc3339("2026-11-21T07:15:00Z")
            .unwrap()
            .to_utc(),
    }
}

/// Sources in which `{NAME}` is one of these.
pub(super) struct Told {
    account: Account,
    values: Vec<(String, Datum)>,
}

pub(super) fn told(values: &[(&str, Datum)]) -> Told {
    let owned = |(name, datum): &(&str, Datum)| ((*name).to_owned(), datum.clone());
    Told {
        account: account(profile(), &[]),
        values: values.iter().map(owned).collect(),
    }
}

impl Sources for Told {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        let found = self
            .values
            .iter()
            .find(|(name, _)| *source == Source::Said(name.clone()));
        Ok(found.map(|(_, datum)| datum.clone()))
    }

    fn account(&self) -> &Account {
        &self.account
    }
}
