use crate::model::source::yaml::Node;

use super::{
    super::{
        Problem,
        compiled::{Class, Event, Name, Read, Route},
        fields::{BodyKind, Root},
    },
    Session,
    entries::Entries,
    field,
    findings::Findings,
    maps::Maps,
    rules::{self, Rules},
};

/// Values without which no request can be placed.
const ALWAYS: &[Name] = &[Name::Session, Name::Phone];

/// Those of a gateway whose begin tells the phone for its whole session.
const REMEMBERING: &[Name] = &[Name::Session];

/// The words that `outcome` may become.
const OUTCOMES: &[&str] = &["completed", "abandoned", "error"];

/// Reads `receive:`.
pub(super) fn routes(
    node: &Node,
    session: Session,
    maps: &Maps,
    findings: &mut Findings,
) -> Vec<Route> {
    let Some(entries) = Entries::any(node, "`receive`", findings) else {
        return Vec::new();
    };
    let mut routes = Vec::new();
    for (key, path, node) in entries.iter() {
        if !is_path(path) {
            let written = path.to_owned();
            findings.add(key.span, &Problem::NotAPath { written });
        }
        routes.extend(route(path, node, session, maps, findings));
    }
    if entries.iter().next().is_none() {
        _ = entries.required("/", findings);
    }
    routes
}

fn is_path(path: &str) -> bool {
    let fits = |part: &str| {
        let mut characters = part.chars();
        !part.is_empty() && characters.all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
    };
    let parts = path.strip_prefix('/');
    path == "/" || parts.is_some_and(|parts| parts.split('/').all(fits))
}

fn route(
    path: &str,
    node: &Node,
    session: Session,
    maps: &Maps,
    findings: &mut Findings,
) -> Option<Route> {
    let before = findings.count();
    let keys = ["read", "may", "event"];
    let entries = Entries::read(node, "a route", &keys, findings)?;
    let mut reads = Vec::new();
    if let Some(node) = entries.required("read", findings) {
        always(node, session, findings);
        reads.extend(read(node, true, maps, findings));
    }
    if let Some(node) = entries.get("may") {
        not_twice(node, &reads, findings);
        reads.extend(read(node, false, maps, findings));
    }
    let events = entries.required("event", findings)?;
    let rules = rules::read(events, &reads, findings);
    let body = body(node, &reads, &rules, findings);
    if findings.count() == before {
        sufficient(events, &reads, &rules, session, findings);
    }
    Some(Route {
        path: path.to_owned(),
        body: body?,
        reads,
        rules: rules.ordered,
        otherwise: rules.otherwise?,
    })
}

/// What every request of the gateway must tell stands under `read`.
fn always(node: &Node, session: Session, findings: &mut Findings) {
    // What is wrong with the map itself is found where it is read.
    let mut unheard = Findings::default();
    let names = if session.remembers_phone {
        REMEMBERING
    } else {
        ALWAYS
    };
    if let Some(entries) = Entries::any(node, "`read`", &mut unheard) {
        for name in names {
            _ = entries.required(name.word(), findings);
        }
    }
}

fn read(node: &Node, required: bool, maps: &Maps, findings: &mut Findings) -> Vec<Read> {
    let place = if required { "`read`" } else { "`may`" };
    let Some(entries) = Entries::read(node, place, Name::WORDS, findings) else {
        return Vec::new();
    };
    let mut reads = Vec::new();
    for (_, word, node) in entries.iter() {
        let Some((field, map)) = field::mapped(node, maps, findings) else {
            continue;
        };
        reads.extend(Name::from_word(word).map(|name| Read {
            name,
            field,
            map,
            required,
        }));
        if let Some(read) = reads.last().filter(|_| word == Name::Outcome.word()) {
            outcome(read, node, findings);
        }
    }
    reads
}

/// A name under `may` must not stand under `read` too.
fn not_twice(may: &Node, reads: &[Read], findings: &mut Findings) {
    for (key, _) in may.map().unwrap_or_default() {
        let name = key.text().and_then(Name::from_word);
        if let Some(read) = reads.iter().find(|read| Some(read.name) == name) {
            let key_text = read.name.word().to_owned();
            findings.add(key.span, &Problem::KeyTwice { key: key_text });
        }
    }
}

/// `outcome` must come out as one of our words.
fn outcome(read: &Read, node: &Node, findings: &mut Findings) {
    let Some(map) = &read.map else {
        findings.add(node.span, &Problem::OutcomeWithoutMap);
        return;
    };
    let values = map.entries.iter().map(|(_, value)| value);
    for value in values.chain(&map.otherwise) {
        let word = super::super::answer::plain(value);
        if !OUTCOMES.contains(&word.as_str()) {
            let problem = Problem::UnknownWord {
                word,
                kind: "outcome",
                words: OUTCOMES.join(", "),
            };
            findings.add(node.span, &problem);
        }
    }
}

fn body(node: &Node, reads: &[Read], rules: &Rules, findings: &mut Findings) -> Option<BodyKind> {
    let read = reads.iter().map(|read| read.field.root);
    let tested = rules.ordered.iter().map(|rule| rule.field.root);
    let roots: Vec<Root> = read.chain(tested).collect();
    match (roots.contains(&Root::Form), roots.contains(&Root::Json)) {
        (true, true) => {
            findings.add(node.span, &Problem::TwoBodies);
            None
        }
        (true, false) => Some(BodyKind::Form),
        (false, true) => Some(BodyKind::Json),
        (false, false) => Some(BodyKind::Nothing),
    }
}

/// Every event that the route can give must find what it needs.
fn sufficient(
    node: &Node,
    reads: &[Read],
    rules: &Rules,
    session: Session,
    findings: &mut Findings,
) {
    let mut lacks = |event: Event, name: Name| {
        let (event, name) = (event.word(), name.word());
        findings.add(node.span, &Problem::EventLacksValue { event, name });
    };
    let events = || {
        rules
            .ordered
            .iter()
            .map(|rule| rule.event)
            .chain(rules.otherwise)
    };
    let told = |name| reads.iter().any(|read| read.name == name);
    if events().any(|event| event == Event::Begin) && !told(Name::Phone) {
        lacks(Event::Begin, Name::Phone);
    }
    let takes_part = |event: &Event| matches!(event, Event::Begin | Event::Input);
    let Some(event) = events().find(takes_part) else {
        return;
    };
    let needs: &[Name] = match session.class {
        Some(Class::Identified) => &[Name::Text, Name::Request],
        Some(Class::Accumulated | Class::Bare) | None => &[Name::Text],
    };
    // What was dialled behind the code says nothing without the code.
    let code = told(Name::Extras).then_some(&Name::Code);
    for name in needs.iter().chain(code) {
        if !reads.iter().any(|read| read.required && read.name == *name) {
            lacks(event, *name);
        }
    }
}

impl Route {
    /// The events that it can give.
    pub(super) fn events(&self) -> impl Iterator<Item = Event> {
        let ordered = self.rules.iter().map(|rule| rule.event);
        ordered.chain([self.otherwise])
    }
}
