use crate::model::source::{Span, nearest, yaml::Node};

use super::{super::Problem, findings::Findings};

/// A map whose keys were looked at: none twice, none unknown.
#[derive(Debug)]
pub(in crate::gateway) struct Entries<'a> {
    /// What the map is, for its author: `a route`.
    place: &'static str,
    span: Span,
    pairs: Vec<(&'a Node, &'a Node)>,
}

impl<'a> Entries<'a> {
    /// A map with any keys; `None`, and a finding, where it is none.
    pub(in crate::gateway) fn any(
        node: &'a Node,
        place: &'static str,
        findings: &mut Findings,
    ) -> Option<Self> {
        let Some(entries) = node.map() else {
            expected("a map", node, findings);
            return None;
        };
        let mut kept: Vec<(&Node, &Node)> = Vec::new();
        for (key, value) in entries {
            if kept.iter().any(|(known, _)| known.text() == key.text()) {
                let key_text = text_of(key).to_owned();
                findings.add(key.span, &Problem::KeyTwice { key: key_text });
            } else {
                kept.push((key, value));
            }
        }
        Some(Self {
            place,
            span: node.span,
            pairs: kept,
        })
    }

    /// A map that may have these keys only.
    pub(in crate::gateway) fn read(
        node: &'a Node,
        place: &'static str,
        known: &[&str],
        findings: &mut Findings,
    ) -> Option<Self> {
        let mut map = Self::any(node, place, findings)?;
        map.pairs.retain(|(key, _)| {
            let key_text = text_of(key);
            let is_known = known.contains(&key_text);
            if !is_known {
                let problem = Problem::UnknownKey {
                    key: key_text.to_owned(),
                    place,
                    nearest: nearest(key_text, known.iter().copied()).map(str::to_owned),
                };
                findings.add(key.span, &problem);
            }
            is_known
        });
        Some(map)
    }

    /// The value of a key.
    pub(in crate::gateway) fn get(&self, key: &str) -> Option<&'a Node> {
        let mut pairs = self.pairs.iter();
        let found = pairs.find(|(known, _)| known.text() == Some(key));
        found.map(|(_, value)| *value)
    }

    /// The value of a key that must be there.
    pub(in crate::gateway) fn required(
        &self,
        key: &str,
        findings: &mut Findings,
    ) -> Option<&'a Node> {
        let value = self.get(key);
        if value.is_none() {
            let problem = Problem::MissingKey {
                key: key.to_owned(),
                place: self.place,
            };
            findings.add(self.span, &problem);
        }
        value
    }

    /// Keys and values in the order written.
    pub(in crate::gateway) fn iter(&self) -> impl Iterator<Item = (&'a Node, &'a str, &'a Node)> {
        let pairs = self.pairs.iter();
        pairs.map(|(key, value)| (*key, text_of(key), *value))
    }
}

fn text_of(key: &Node) -> &str {
    key.text().unwrap_or_default()
}

fn expected(expected: &'static str, node: &Node, findings: &mut Findings) {
    let found = node.describe();
    findings.add(node.span, &Problem::WrongType { expected, found });
}

/// The text of a scalar.
pub(in crate::gateway) fn text<'a>(node: &'a Node, findings: &mut Findings) -> Option<&'a str> {
    let text = node.text();
    if text.is_none() {
        expected("a text", node, findings);
    }
    text
}

/// The items of a list.
pub(in crate::gateway) fn list<'a>(node: &'a Node, findings: &mut Findings) -> Option<&'a [Node]> {
    let items = node.list();
    if items.is_none() {
        expected("a list", node, findings);
    }
    items
}

/// A whole number in a range, both ends included.
pub(in crate::gateway) fn number(
    node: &Node,
    least: u32,
    most: u32,
    findings: &mut Findings,
) -> Option<u32> {
    let number = text(node, findings)?.parse().ok();
    let number = number.filter(|number| (least..=most).contains(number));
    if number.is_none() {
        findings.add(node.span, &Problem::OutOfRange { least, most });
    }
    number
}

/// One of a few words.
pub(in crate::gateway) fn word<'a>(
    node: &'a Node,
    kind: &'static str,
    words: &[&str],
    findings: &mut Findings,
) -> Option<&'a str> {
    let word = text(node, findings)?;
    if words.contains(&word) {
        return Some(word);
    }
    let problem = Problem::UnknownWord {
        word: word.to_owned(),
        kind,
        words: words.join(", "),
    };
    findings.add(node.span, &problem);
    None
}
