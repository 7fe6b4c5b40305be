use crate::model::source::{
    Source,
    yaml::{Kind, Node},
};

use crate::gateway::profile::{
    Event, Findings, Go, Name, Problem,
    entries::{self, Entries},
    read_yaml,
};

/// One recorded request and what is to come of it.
#[derive(Debug)]
pub(super) struct Recording {
    pub name: String,
    pub request: Line,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub expected: Expected,
    pub response: Option<Wanted>,
}

/// The first line of a request.
#[derive(Debug)]
pub(super) struct Line {
    pub method: String,
    pub path: String,
    pub query: String,
}

/// What is to be made of a request.
#[derive(Debug)]
pub(super) enum Expected {
    Refused(String),
    Heard {
        /// The accumulated text of the turn before.
        seen: String,
        /// Values by name; `None` where there must be none.
        values: Vec<(String, Option<String>)>,
        /// What the application answers.
        app: Option<(Go, String)>,
    },
}

/// What a response must be; what is left out may be anything.
#[derive(Debug)]
pub(super) struct Wanted {
    pub status: Option<u16>,
    pub media_type: Option<String>,
    pub body: Option<String>,
    pub json: Option<String>,
}

/// The recordings of a file, which is the source at `index`.
pub(super) fn recordings(source: &Source, index: usize, findings: &mut Findings) -> Vec<Recording> {
    let Some(root) = read_yaml(&source.text, index, findings) else {
        return Vec::new();
    };
    let Some(entries) = Entries::any(&root, "a file of recorded requests", findings) else {
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|(_, name, node)| recording(name, node, findings))
        .collect()
}

fn recording(name: &str, node: &Node, findings: &mut Findings) -> Option<Recording> {
    let is_refused = node.map().is_some_and(|entries| {
        let mut keys = entries.iter().map(|(key, _)| key);
        keys.any(|key| key.text() == Some("refused"))
    });
    let keys: &[&str] = if is_refused {
        &["request", "headers", "body", "refused", "response"]
    } else {
        &[
            "request", "headers", "body", "seen", "heard", "app", "response",
        ]
    };
    let entries = Entries::read(node, "a recorded request", keys, findings)?;
    let request = entries.required("request", findings);
    let request = request.and_then(|node| line(node, findings));
    let headers = headers(entries.get("headers"), findings);
    let body = text_or_empty(entries.get("body"), findings);
    let expected = match entries.get("refused") {
        Some(node) => entries::text(node, findings).map(|text| Expected::Refused(text.to_owned())),
        None => heard(&entries, findings),
    };
    let response = match entries.get("response") {
        Some(node) => Some(wanted(node, findings)?),
        None => None,
    };
    Some(Recording {
        name: name.to_owned(),
        request: request?,
        headers,
        body,
        expected: expected?,
        response,
    })
}

fn text_or_empty(node: Option<&Node>, findings: &mut Findings) -> String {
    let text = node.and_then(|node| entries::text(node, findings));
    text.unwrap_or_default().to_owned()
}

fn line(node: &Node, findings: &mut Findings) -> Option<Line> {
    let written = entries::text(node, findings)?;
    let parts = written.split_once(' ');
    let Some((method, address)) = parts.filter(|(_, address)| address.starts_with('/')) else {
        let written = written.to_owned();
        findings.add(node.span, &Problem::NotARequestLine { written });
        return None;
    };
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    Some(Line {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
    })
}

fn headers(node: Option<&Node>, findings: &mut Findings) -> Vec<(String, String)> {
    let entries = node.and_then(|node| Entries::any(node, "`headers`", findings));
    let entries = entries.iter().flat_map(Entries::iter);
    entries
        .filter_map(|(_, name, value)| {
            let value = entries::text(value, findings)?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

fn heard(entries: &Entries<'_>, findings: &mut Findings) -> Option<Expected> {
    let node = entries.required("heard", findings)?;
    let mut known = vec!["event", "input", "dialled"];
    known.extend(Name::WORDS);
    let values = Entries::read(node, "`heard`", &known, findings)?;
    if let Some(node) = values.required("event", findings) {
        let mut events = Event::WORDS.to_vec();
        events.extend(["repeat", "older", "gap"]);
        _ = entries::word(node, "event", &events, findings);
    }
    let values = values
        .iter()
        .map(|(_, name, node)| (name.to_owned(), value(node, findings)))
        .collect();
    let app = match entries.get("app") {
        Some(node) => Some(app(node, findings)?),
        None => None,
    };
    let seen = text_or_empty(entries.get("seen"), findings);
    Some(Expected::Heard { seen, values, app })
}

/// The value that must be there; `None`, where it is left empty, for none.
fn value(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = entries::text(node, findings)?;
    let is_nothing = text.is_empty() && matches!(node.kind, Kind::Scalar { plain: true, .. });
    (!is_nothing).then(|| text.to_owned())
}

fn app(node: &Node, findings: &mut Findings) -> Option<(Go, String)> {
    let entries = Entries::read(node, "`app`", Go::WORDS, findings)?;
    let (go, node) = match entries.get(Go::End.word()) {
        Some(node) => (Go::End, node),
        None => (
            Go::Continue,
            entries.required(Go::Continue.word(), findings)?,
        ),
    };
    Some((go, entries::text(node, findings)?.to_owned()))
}

fn wanted(node: &Node, findings: &mut Findings) -> Option<Wanted> {
    let keys = ["status", "type", "body", "json"];
    let entries = Entries::read(node, "a response", &keys, findings)?;
    let status = entries
        .get("status")
        .and_then(|node| entries::number(node, 100, 599, findings));
    let mut text = |key| {
        let text = entries
            .get(key)
            .and_then(|node| entries::text(node, findings));
        text.map(str::to_owned)
    };
    Some(Wanted {
        status: status.and_then(|status| u16::try_from(status).ok()),
        media_type: text("type"),
        body: text("body"),
        json: text("json"),
    })
}
