//! Routes, reads and rules for the tests of what is heard, written as a profile writes them.

use std::sync::Arc;

use regex::Regex;
use serde_json::{Value as Json, json};

use super::{
    Account, BodyKind, Chain, Channel, Charset, Class, Comparison, Dates, Event, Filter, FirstText,
    Heard, Item, JsonStep, Map, Operand, PathPart, Profile, Read, Refusal, Refused, Request, Route,
    Rule, Source, Test, Value, XmlName, XmlStep, fixture,
};
use crate::model::{Call, Msisdn};

/// `form.a | lower`.
pub(super) fn chain(text: &str) -> Chain {
    let mut words = text.split(" | ");
    Chain {
        source: source(words.next().unwrap().trim()),
        filters: words.map(|word| filter(word.trim())).collect(),
    }
}

fn source(place: &str) -> Source {
    let Some((root, rest)) = place.split_once('.') else {
        return match place {
            "body" => Source::Body,
            "method" => Source::Method,
            name => Source::Said(name.into()),
        };
    };
    match root {
        "form" => Source::Form(rest.into()),
        "query" => Source::Query(rest.into()),
        "param" => Source::Param(rest.into()),
        "header" => Source::Header(rest.into()),
        "path" => Source::Path(rest.into()),
        "setting" => Source::Setting(rest.into()),
        "json" => Source::Json(json_steps(rest)),
        "item" => Source::ItemJson(json_steps(rest)),
        "xml" => Source::Xml(xml_steps(rest)),
        "element" => Source::ItemXml(xml_steps(rest)),
        "rpc" if rest == "method" => Source::RpcMethod,
        "rpc" => Source::Rpc(0, json_steps(rest)),
        other => panic!("no place {other}"),
    }
}

fn json_steps(text: &str) -> Vec<JsonStep> {
    let step = |word: &str| match word.parse() {
        Ok(index) => JsonStep::Index(index),
        Err(_) => JsonStep::Name(word.into()),
    };
    text.split('.').map(step).collect()
}

fn xml_steps(text: &str) -> Vec<XmlStep> {
    let element = |local: &str| XmlName {
        namespace: None,
        local: local.into(),
    };
    let step = |word: &str| match (word.strip_prefix('@'), word.parse()) {
        (Some(attribute), _) => XmlStep::Attribute(attribute.into()),
        (None, Ok(index)) => XmlStep::Index(index),
        (None, Err(_)) => XmlStep::Element(element(word)),
    };
    text.split('.').map(step).collect()
}

pub(super) fn filter(word: &str) -> Filter {
    match word {
        "lower" => Filter::Lower,
        "upper" => Filter::Upper,
        "trim" => Filter::Trim,
        "digits" => Filter::Digits,
        "e164" => Filter::E164,
        "bare" => Filter::Bare,
        "tel" => Filter::Tel,
        "national" => Filter::National,
        "opaque" => Filter::Opaque,
        "number" => Filter::Number,
        "bool" => Filter::Bool,
        "next" => Filter::Next,
        "last_segment" => Filter::LastSegment,
        "code" => Filter::Code,
        "after_code" => Filter::AfterCode,
        "url_decode" => Filter::UrlDecode,
        "url_encode" => Filter::UrlEncode,
        "base64" => Filter::Base64,
        "base64_decode" => Filter::Base64Decode,
        "hex" => Filter::Hex,
        "hex_decode" => Filter::HexDecode,
        "ucs2_hex" => Filter::Ucs2Hex,
        "ucs2_hex_decode" => Filter::Ucs2HexDecode,
        "text" => Filter::Text,
        "typed" => Filter::Typed,
        "ascii" => Filter::Ascii,
        "epoch" => Filter::Epoch,
        "epoch_ms" => Filter::EpochMs,
        "iso" => Filter::Iso,
        "signed" => Filter::Signed,
        "state" => map(&[
            ("1", json!("delivered")),
            ("2", json!("failed")),
            ("4", json!("unchanged")),
            ("8", json!("on its way")),
        ]),
        "close" => map(&[("continue", json!(false)), ("end", json!(true))]),
        "quoted" => Filter::Pattern(Arc::new(Regex::new("\"([^\"]*)\"").unwrap())),
        "sent" => Filter::Date(Arc::new(Dates {
            formats: vec![
                "%Y-%m-%d %H:%M:%S".into(),
                "%d/%m/%Y".into(),
                "%Y%m%d%H%M%S%z".into(),
            ],
            zone: chrono::FixedOffset::east_opt(3 * 3600).unwrap(),
        })),
        other => panic!("no filter {other}"),
    }
}

fn map(entries: &[(&str, Json)]) -> Filter {
    let entries = entries
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()));
    Filter::Map(Arc::new(Map {
        entries: entries.collect(),
        otherwise: None,
    }))
}

/// `form.a, query.a | lower` under a name; one that begins with `?` may be missing.
fn read((name, places): &(&str, &str)) -> Read {
    let value: Vec<Chain> = places.split(", ").map(chain).collect();
    let first = places.split([',', ' ']).next().unwrap();
    Read {
        name: name.trim_start_matches('?').to_owned(),
        value: Value(value),
        required: !name.starts_with('?'),
        written: first.to_owned(),
    }
}

/// `form.a is 1 or absent`, `form.a or form.b is present`, `session is new`.
pub(super) fn test(text: &str) -> Test {
    if text == "session is new" {
        return Test::SessionNew;
    }
    let words = [" is not ", " is ", " starts ", " in ", " matches "];
    let cut = words
        .iter()
        .find_map(|word| Some((*word, text.split_once(word)?)));
    let (word, (left, right)) = cut.unwrap();
    let operand = |word: &str| match (word, word.strip_prefix("setting.")) {
        ("absent", _) => Operand::Absent,
        ("present", _) => Operand::Present,
        ("empty", _) => Operand::Empty,
        (_, Some(setting)) => Operand::Setting(setting.into()),
        (literal, None) => Operand::Literal(literal.into()),
    };
    let operands = || right.split(" or ").map(operand).collect();
    let comparison = match word {
        " is not " => Comparison::IsNot(operands()),
        " is " => Comparison::Is(operands()),
        " starts " => Comparison::Starts(operands()),
        " matches " => Comparison::Matches(Arc::new(Regex::new(right).unwrap())),
        _ => {
            let (from, to) = right.split_once("..").unwrap();
            Comparison::Within(from.parse().unwrap(), to.parse().unwrap())
        }
    };
    Test::Compared {
        any: left.split(" or ").map(chain).collect(),
        comparison,
    }
}

/// A route at a path, `/session/{session}`, that takes every method.
pub(super) fn route(path: &str, body: BodyKind, reads: &[(&str, &str)]) -> Route {
    let part = |part: &str| match part.strip_prefix('{') {
        Some(name) => PathPart::Named(name.trim_end_matches('}').into()),
        None => PathPart::Literal(part.into()),
    };
    Route {
        path: path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(part)
            .collect(),
        methods: Vec::new(),
        body,
        charset: Charset::Utf8,
        any_type: false,
        any_case: false,
        item: None,
        reads: reads.iter().map(read).collect(),
        event_reads: Vec::new(),
        rules: Vec::new(),
        written: path.to_owned(),
    }
}

impl Route {
    pub(super) fn when(mut self, outcome: Event, tests: &[&str]) -> Self {
        self.rules.push(Rule {
            outcome,
            tests: tests.iter().map(|text| test(text)).collect(),
            reply: None,
            say: None,
            written: tests.join(", "),
            line: self.rules.len() + 1,
            source: 0,
        });
        self
    }

    pub(super) fn reads(mut self, event: Event, reads: &[(&str, &str)]) -> Self {
        self.event_reads
            .push((event, reads.iter().map(read).collect()));
        self
    }

    pub(super) fn items(mut self, at: &str, each: bool) -> Self {
        let at = source(at);
        self.item = Some(Item { at, each });
        self
    }
}

/// An account of a profile with these addresses.
pub(super) fn account(routes: Vec<Route>, change: impl FnOnce(&mut Profile)) -> Account {
    let mut profile = fixture::profile();
    profile.receive = routes.clone();
    profile.reports = routes;
    change(&mut profile);
    let mut account = fixture::account(profile, &[("password", "s3cret")]);
    account.unsaid = super::uses::unsaid_begins(&account.profile);
    account.recalls = super::uses::kept(&account.profile);
    account
}

pub(super) fn request<'a>(path: &'a str, query: &'a str, body: &'a [u8]) -> Request<'a> {
    Request {
        method: if body.is_empty() { "GET" } else { "POST" },
        path,
        query,
        headers: &[],
        body,
        address: "https://ussd.example.org/ussd/jirani",
        peer: None,
    }
}

/// What is heard in a POST to `/`.
pub(super) fn post(account: &Account, channel: Channel, body: &str) -> Result<Heard, Refusal> {
    account.hear(channel, &request("/", "", body.as_bytes()))
}

pub(super) fn call(heard: Result<Heard, Refusal>) -> Call {
    match heard {
        Ok(Heard::Call(call, _)) => *call,
        other => panic!("{other:?}"),
    }
}

pub(super) fn why(heard: Result<Heard, Refusal>) -> Refused {
    heard.unwrap_err().why
}

pub(super) fn missing(names: &[&str]) -> Refused {
    Refused::Missing(names.iter().map(|name| (*name).to_owned()).collect())
}

pub(super) fn phone() -> Msisdn {
    Msisdn::parse("+255700000001").unwrap()
}

/// All inputs joined by `*`; a first text that is not empty was dialled.
pub(super) fn accumulated(first: FirstText) -> Account {
    let reads = [
        ("session", "form.s"),
        ("phone", "form.p"),
        ("code", "form.c"),
        ("text", "form.t"),
        ("?network", "form.n"),
    ];
    let form = route("/", BodyKind::Form, &reads)
        .when(Event::Begin, &["form.t is empty"])
        .when(Event::Input, &[]);
    account(vec![form], |profile| {
        profile.session.class = Class::Accumulated;
        profile.session.first = first;
    })
}

/// A begin and an input read the same field, and only the session tells them apart.
pub(super) fn unsaid() -> Account {
    let both = route(
        "/",
        BodyKind::Nothing,
        &[("session", "query.s"), ("phone", "query.p")],
    )
    .reads(Event::Begin, &[("code", "query.i"), ("msc", "query.MSC")])
    .reads(
        Event::Input,
        &[("text", "query.i"), ("charge", "query.CHARGE")],
    )
    .when(Event::Abort, &["query.clean is present"])
    .when(Event::Begin, &["session is new"])
    .when(Event::Input, &[]);
    account(vec![both], |profile| {
        profile.session.keep = vec!["code".into(), "msc".into()];
    })
}
