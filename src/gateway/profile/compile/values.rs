use crate::model::source::{
    nearest,
    yaml::{Kind, Node},
};

use super::{
    super::{Chain, Filter, Go, Map, Piece, Problem, Source, Template, Value},
    entries::text,
    findings::Findings,
    grammar::{self, Fault},
    scope::Scope,
};

const BUILT_IN: &[(&str, Filter)] = &[
    ("lower", Filter::Lower),
    ("upper", Filter::Upper),
    ("trim", Filter::Trim),
    ("digits", Filter::Digits),
    ("e164", Filter::E164),
    ("bare", Filter::Bare),
    ("tel", Filter::Tel),
    ("national", Filter::National),
    ("opaque", Filter::Opaque),
    ("number", Filter::Number),
    ("text", Filter::Text),
    ("typed", Filter::Typed),
    ("bool", Filter::Bool),
    ("next", Filter::Next),
    ("last_segment", Filter::LastSegment),
    ("code", Filter::Code),
    ("after_code", Filter::AfterCode),
    ("url_decode", Filter::UrlDecode),
    ("url_encode", Filter::UrlEncode),
    ("base64", Filter::Base64),
    ("base64_decode", Filter::Base64Decode),
    ("hex", Filter::Hex),
    ("hex_decode", Filter::HexDecode),
    ("ucs2_hex", Filter::Ucs2Hex),
    ("ucs2_hex_decode", Filter::Ucs2HexDecode),
    ("ascii", Filter::Ascii),
    ("epoch", Filter::Epoch),
    ("epoch_ms", Filter::EpochMs),
    ("iso", Filter::Iso),
    ("signed", Filter::Signed),
];

/// A filter of the language.
pub(super) fn built_in(name: &str) -> Option<Filter> {
    let found = BUILT_IN.iter().find(|(known, _)| *known == name);
    found.map(|(_, filter)| filter.clone())
}

/// Reads `form.status | outcome`, a text with placeholders, or a list of these.
pub(super) fn value(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Value> {
    if let Kind::List(items) = &node.kind {
        if items.is_empty() {
            let expected = "a place, or a list of places";
            let found = "an empty list";
            findings.add(node.span, &Problem::WrongType { expected, found });
        }
        let chains: Vec<_> = items
            .iter()
            .map(|item| chain(item, scope, findings))
            .collect();
        return chains.into_iter().collect::<Option<_>>().map(Value);
    }
    chain(node, scope, findings).map(|chain| Value(vec![chain]))
}

/// Reads `form.status | outcome`, or a text with placeholders.
pub(super) fn chain(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Chain> {
    let written = text(node, findings)?;
    if written.contains(['{', '}']) {
        let template = template(node, scope, findings)?;
        let source = Source::Template(Box::new(template));
        let filters = Vec::new();
        return Some(Chain { source, filters });
    }
    match grammar::chain(written) {
        Ok(written) => compiled(&written, node, scope, findings),
        Err(problem) => {
            fault(&problem, node, findings);
            None
        }
    }
}

/// The first place of a value as its author wrote it, without filters.
pub(super) fn written(node: &Node) -> String {
    let first = match &node.kind {
        Kind::List(items) => items.first().and_then(Node::text),
        Kind::Scalar { text, .. } => Some(text.as_str()),
        Kind::Map(_) => None,
    };
    let first = first.unwrap_or_default();
    let chain = grammar::chain(first).map(|chain| chain.place.written());
    let inner = grammar::template(first).ok().and_then(|pieces| {
        pieces.into_iter().find_map(|piece| match piece {
            grammar::Piece::Slot(chain) => Some(chain.place.written()),
            grammar::Piece::Literal(_) => None,
        })
    });
    chain.ok().or(inner).unwrap_or_else(|| first.to_owned())
}

/// Reads a text with placeholders.
pub(super) fn template(
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Template> {
    let written = text(node, findings)?;
    let pieces = match grammar::template(written) {
        Ok(pieces) => pieces,
        Err(problem) => {
            fault(&problem, node, findings);
            return None;
        }
    };
    let pieces: Vec<_> = pieces
        .into_iter()
        .map(|piece| match piece {
            grammar::Piece::Literal(text) => Some(Piece::Literal(text)),
            grammar::Piece::Slot(written) => {
                let chain = compiled(&written, node, scope, findings)?;
                Some(Piece::Slot(Value(vec![chain])))
            }
        })
        .collect();
    pieces.into_iter().collect::<Option<_>>().map(Template)
}

/// Notes what the grammar does not take.
pub(super) fn fault(fault: &Fault, node: &Node, findings: &mut Findings) {
    let text = node.text().unwrap_or_default();
    let part = |at: &std::ops::Range<usize>| text.get(at.clone()).unwrap_or_default().to_owned();
    let (at, problem) = match fault {
        Fault::Place(at) => {
            let (written, nearest) = (part(at), None);
            (at, Problem::NotAField { written, nearest })
        }
        Fault::Filter(at) => {
            let (name, nearest) = (part(at), None);
            (at, Problem::UnknownFilter { name, nearest })
        }
        Fault::Test(at) => {
            let written = part(at);
            (at, Problem::NotATest { written })
        }
        Fault::Brace(at) => (at, Problem::LooseBrace),
    };
    let span = findings.part(node, at.clone());
    findings.add(span, &problem);
}

/// Looks up the names of a chain that stands in `node`.
pub(super) fn compiled(
    written: &grammar::Chain,
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Chain> {
    let source = match scope.source(&written.place) {
        Ok(source) => Some(source),
        Err(problem) => {
            let span = findings.part(node, written.place.at.clone());
            findings.add(span, &problem);
            None
        }
    };
    let filters: Vec<_> = written
        .filters
        .iter()
        .map(|name| filter(name, node, scope, findings))
        .collect();
    let filters: Vec<Filter> = filters.into_iter().collect::<Option<_>>()?;
    let source = source?;
    match (&source, filters.first()) {
        (Source::Go, Some(Filter::Map(map))) => {
            let name = written.filters.first().map_or("", |name| &name.text);
            knows_both(name, map, node, findings);
        }
        (Source::Now, Some(Filter::Date(_) | Filter::Epoch | Filter::EpochMs | Filter::Iso)) => {}
        (Source::Now, _) => {
            let span = findings.part(node, written.place.at.clone());
            findings.add(span, &Problem::TimeWithoutForm);
        }
        _ => {}
    }
    Some(Chain { source, filters })
}

fn filter(
    name: &grammar::Word,
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Filter> {
    let found = scope
        .book
        .filter(&name.text)
        .or_else(|| built_in(&name.text));
    if found.is_none() {
        let known = BUILT_IN.iter().map(|(name, _)| *name);
        let nearest = nearest(&name.text, scope.book.filters().chain(known)).map(str::to_owned);
        let span = findings.part(node, name.at.clone());
        let name = name.text.clone();
        findings.add(span, &Problem::UnknownFilter { name, nearest });
    }
    found
}

fn knows_both(name: &str, map: &Map, node: &Node, findings: &mut Findings) {
    for word in Go::WORDS {
        let known = map.entries.iter().any(|(key, _)| key == word);
        if !known && map.otherwise.is_none() {
            let map = name.to_owned();
            findings.add(node.span, &Problem::MapLacksWord { map, word });
        }
    }
}
