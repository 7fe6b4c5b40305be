use std::sync::Arc;

use crate::model::source::yaml::Node;

use super::{
    super::{Chain, Filter, Map, Problem, Read, Value},
    book::Book,
    entries::Entries,
    findings::Findings,
    never::plain,
    scope::{Scope, Told},
    settings::is_name,
    values,
};

/// Names that mean something of ours where values are read or answers are written.
const RESERVED: &[&str] = &[
    "screen", "go", "turn", "known", "error", "missing", "kept", "setting", "part", "item",
    "method", "status", "body", "query", "form", "param", "header", "path", "json", "xml", "soap",
    "rpc",
];

/// Names whose values are words of ours, so that they come through a map.
const MAPPED: &[(&str, &[&str])] = &[
    ("outcome", &["completed", "abandoned", "error"]),
    (
        "state",
        &["queued", "sent", "delivered", "failed", "unchanged"],
    ),
];

/// Reads `read:` and `may:` of a map, whose names are then known in `scope`.
pub(super) fn both(
    entries: &Entries<'_>,
    scope: &mut Scope<'_>,
    findings: &mut Findings,
) -> Vec<Read> {
    let mut reads = Vec::new();
    for (key, required) in [("read", true), ("may", false)] {
        if let Some(node) = entries.get(key) {
            read(node, required, scope, &mut reads, findings);
        }
    }
    reads
}

fn read(
    node: &Node,
    required: bool,
    scope: &mut Scope<'_>,
    reads: &mut Vec<Read>,
    findings: &mut Findings,
) {
    let place = if required { "`read`" } else { "`may`" };
    let entries = Entries::any(node, place, findings);
    for (key, name, node) in entries.iter().flat_map(Entries::iter) {
        let is_free = named(key, name, scope, findings);
        let value = values::value(node, scope, findings);
        // Known even where its value is wrong, so that its uses are not called unknown.
        scope.names.extend(is_free.then(|| name.to_owned()));
        let value = value.unwrap_or(Value(Vec::new()));
        if let Some((_, words)) = MAPPED.iter().find(|(mapped, _)| *mapped == name) {
            mapped((name, words), &value, (node, scope.book), findings);
        }
        reads.push(Read {
            name: name.to_owned(),
            value,
            required,
            written: values::written(node),
        });
    }
}

/// Whether a name means nothing else yet; notes it where it does.
fn named(key: &Node, name: &str, scope: &Scope<'_>, findings: &mut Findings) -> bool {
    let written = name.to_owned();
    let is_reserved = RESERVED.contains(&name) && !(name == "error" && scope.told == Told::Reply);
    if !is_name(name) {
        findings.add(key.span, &Problem::NotAName { written });
    } else if is_reserved {
        let by = "a word of the language";
        findings.add(key.span, &Problem::NameTaken { name: written, by });
    } else if scope.names.iter().any(|known| known == name) {
        findings.add(key.span, &Problem::KeyTwice { key: written });
    }
    !is_reserved
}

/// Every place of the value must end in a map, whose values are all ours.
fn mapped(
    (name, words): (&str, &[&'static str]),
    value: &Value,
    (node, book): (&Node, &Book),
    findings: &mut Findings,
) {
    for chain in &value.0 {
        let Some(map) = last_map(chain) else {
            let is_setting = matches!(chain.filters.last(), Some(Filter::SettingMap(_)));
            if !is_setting {
                let name = name.to_owned();
                findings.add(node.span, &Problem::WordWithoutMap { name });
            }
            continue;
        };
        let values = map.entries.iter().map(|(_, value)| value);
        let values = values.chain(&map.otherwise);
        for (index, value) in values.enumerate() {
            let word = plain(value);
            if !words.contains(&word.as_str()) {
                let problem = Problem::UnknownWord {
                    word,
                    kind: if name == "state" { "state" } else { "outcome" },
                    words: words.join(", "),
                };
                let at = book.places(map).get(index);
                findings.add(at.copied().unwrap_or(node.span), &problem);
            }
        }
    }
}

fn last_map(chain: &Chain) -> Option<&Arc<Map>> {
    match chain.filters.last() {
        Some(Filter::Map(map)) => Some(map),
        _ => None,
    }
}
