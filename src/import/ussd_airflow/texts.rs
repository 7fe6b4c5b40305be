//! Texts: one, or one in each language; templates made into placeholders.

use std::collections::BTreeSet;

use super::{
    Translation,
    draft::{Text, Version},
    expression::Expression,
    fields::Fields,
    journey::Journey,
    phrases::{self, Phrases},
    template::{Piece, pieces},
    values::{Plain, Value},
};
use crate::{
    import::{Found, Problem},
    model::{
        Language,
        source::{Span, yaml::Node},
    },
};

/// What `item`, `key`, `value` and the answer mean where something stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The rows of a list that stand around it.
    pub(super) rows: Option<Rows>,
    /// Constants that stand around it, by name.
    pub(super) constants: Vec<(&'static str, String)>,
    /// The value that was just asked for, by their name.
    pub(super) answer: Option<String>,
}

/// Rows that a request gives.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Where they stand: the request's value, and the way down its answer.
    pub(super) list: Vec<String>,
    /// The variable of the chosen row.
    pub(super) row: String,
}

/// What a value of theirs is here.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Value(Value),
    Literal(String),
}

/// The languages of a journey: its default first, then in the order of their tags. Tags that are none
/// are reported.
pub(super) fn languages(journey: &Journey<'_>, found: &mut Vec<Found>) -> Vec<String> {
    let initial = journey.initial.and_then(Node::map).unwrap_or_default();
    let named = initial
        .iter()
        .find(|(key, _)| key.text() == Some("default_language"));
    let first = named
        .and_then(|(_, node)| tag(node.text()?))
        .unwrap_or_else(|| "en".to_owned());
    let mut tags = BTreeSet::new();
    let roots = journey
        .screens
        .iter()
        .flat_map(|screen| screen.fields.pairs());
    let roots = roots.map(|(key, value)| (key.text().unwrap_or_default(), value));
    let initial = initial
        .iter()
        .map(|(key, value)| (key.text().unwrap_or_default(), value));
    for (key, value) in roots.chain(initial) {
        collect(key, value, &mut tags, found);
    }
    let mut plain = Vec::new();
    // A journey whose texts are all of another language has that for its own.
    if tags.is_empty() || tags.contains(&first) {
        plain.push(first.clone());
    }
    plain.extend(tags.into_iter().filter(|tag| *tag != first));
    plain
}

fn collect(key: &str, node: &Node, tags: &mut BTreeSet<String>, found: &mut Vec<Found>) {
    let is_text = matches!(
        key,
        "text" | "error_message" | "more_option" | "back_option"
    );
    for (key, value) in node.map().unwrap_or_default() {
        let name = key.text().unwrap_or_default();
        if !is_text {
            collect(name, value, tags, found);
        } else if name != "default" {
            match tag(name) {
                Some(tag) => _ = tags.insert(tag),
                None => found.push(Found {
                    problem: Problem::BadLanguage(name.to_owned()),
                    at: key.span,
                }),
            }
        }
    }
    for item in node.list().unwrap_or_default() {
        collect(key, item, tags, found);
    }
}

fn tag(text: &str) -> Option<String> {
    let small = text.trim().to_ascii_lowercase();
    Language::parse(&small)
        .ok()
        .map(|language| language.to_string())
}

impl Translation<'_> {
    /// The text below a key, else a phrase of ours.
    pub(super) fn text_of(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        scope: &Scope,
        phrase: impl Fn(&Phrases) -> &'static str,
    ) -> Text {
        if let Some(node) = fields.take(key) {
            self.text(node, scope, phrase)
        } else {
            self.report(fields.at, Problem::MissingKey(key));
            self.phrase(phrase)
        }
    }

    /// A text of ours in every language.
    pub(super) fn phrase(&self, phrase: impl Fn(&Phrases) -> &'static str) -> Text {
        let versions = self.languages.iter().map(|tag| Version {
            text: phrase(phrases::of(tag)).to_owned(),
            copied: !phrases::has(tag),
        });
        Text(versions.collect())
    }

    /// A text of theirs in every language.
    pub(super) fn text(
        &mut self,
        node: &Node,
        scope: &Scope,
        phrase: impl Fn(&Phrases) -> &'static str,
    ) -> Text {
        let written = self.written(node);
        let first = written.first().copied().flatten();
        let Some(first) = first.or_else(|| written.iter().flatten().next().copied()) else {
            self.shape(node, "a text");
            return self.phrase(phrase);
        };
        let base = self.render(first, scope);
        if base.is_empty() {
            self.report(node.span, Problem::EmptyText);
            return self.phrase(phrase);
        }
        let versions = written.into_iter().enumerate().map(|(index, own)| {
            let own = own.filter(|own| own.span != first.span);
            let text = own
                .map(|own| self.render(own, scope))
                .filter(|text| !text.is_empty());
            Version {
                copied: text.is_none() && index > 0,
                text: text.unwrap_or_else(|| base.clone()),
            }
        });
        Text(versions.collect())
    }

    /// The node of each language's text, in the order of the languages.
    fn written<'a>(&mut self, node: &'a Node) -> Vec<Option<&'a Node>> {
        let Some(entries) = node.map() else {
            let text = node.text().map(|_| node);
            return self.languages.iter().map(|_| text).collect();
        };
        let of = |wanted: &str| {
            let own =
                |(key, _): &&(Node, Node)| key.text().and_then(tag).as_deref() == Some(wanted);
            entries
                .iter()
                .find(own)
                .map(|(_, value)| value)
                .filter(|value| value.text().is_some())
        };
        let written: Vec<Option<&Node>> = self.languages.iter().map(|tag| of(tag)).collect();
        for (tag, own) in self.languages.iter().zip(&written) {
            if own.is_none() {
                let problem = Problem::MissingText(tag.clone());
                self.found.push(Found {
                    problem,
                    at: node.span,
                });
            }
        }
        let default = entries
            .iter()
            .find(|(key, _)| key.text() == Some("default"));
        let default = default.and_then(|(_, tag)| of(tag.text()?));
        let mut written = written;
        if let Some(first) = written.first_mut() {
            *first = first.or(default);
        }
        written
    }

    /// A text with its placeholders.
    pub(super) fn render(&mut self, node: &Node, scope: &Scope) -> String {
        let mut rendered = String::new();
        let mut search = node.span;
        for piece in pieces(node.text().unwrap_or_default()) {
            match piece {
                Piece::Literal(text) => rendered.push_str(&escaped(text)),
                Piece::Statement(written) => {
                    let at = self.locate(written, &mut search);
                    self.report(at, Problem::Statement(written.to_owned()));
                }
                Piece::Value(inner) => {
                    let at = self.locate(inner, &mut search);
                    rendered.push_str(&self.placeholder(inner, at, scope));
                }
            }
        }
        let lines: Vec<&str> = rendered.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').trim_end().to_owned()
    }

    fn placeholder(&mut self, inner: &str, at: Span, scope: &Scope) -> String {
        let named = format!("({})", escaped(inner));
        let path = match Expression::parse(inner) {
            Some(Expression::Text(text)) => return escaped(&text),
            Some(Expression::Number(number)) => return number.to_string(),
            Some(Expression::Path(path)) if !path.length => path,
            _ => {
                self.report(at, Problem::Computed(format!("`{inner}`")));
                return named;
            }
        };
        let meaning = self.meaning(&path.parts, scope);
        if let (Some(filter), Some(_)) = (path.filters.first(), &meaning) {
            self.report(at, Problem::Filter(filter.clone()));
        }
        match meaning {
            Some(Meaning::Literal(text)) => escaped(&text),
            Some(Meaning::Value(value)) if value.plain != Plain::Secret => {
                self.used(&value, at);
                format!("{{{}}}", value.written)
            }
            Some(Meaning::Value(_)) => {
                let why = "a secret is shown nowhere".to_owned();
                self.report(at, Problem::Computed(why));
                named
            }
            None => {
                self.report(at, Problem::UnknownValue(path.parts.join(".")));
                named
            }
        }
    }

    /// What stands at a path of theirs.
    pub(super) fn meaning(&mut self, parts: &[String], scope: &Scope) -> Option<Meaning> {
        let (first, rest) = parts.split_first()?;
        let constant = scope.constants.iter().find(|(name, _)| name == first);
        if let (Some((_, text)), true) = (constant, rest.is_empty()) {
            return Some(Meaning::Literal(text.clone()));
        }
        if let (Some(rows), "item") = (&scope.rows, first.as_str()) {
            return self
                .values
                .of_row(&rows.list, &rows.row, rest)
                .map(Meaning::Value);
        }
        let is_answer =
            ["ussd_request", "input"] == parts.iter().map(String::as_str).collect::<Vec<_>>()[..];
        if let (Some(answer), true) = (&scope.answer, is_answer) {
            return self
                .values
                .value(std::slice::from_ref(answer))
                .map(Meaning::Value);
        }
        self.values.value(parts).map(Meaning::Value)
    }

    /// Notes that the screen in hand uses a value.
    pub(super) fn used(&mut self, value: &Value, at: Span) {
        let variable = value.variable.clone();
        self.uses.extend(variable.map(|variable| (variable, at)));
    }

    /// Where a piece of a text stands, from `search` on, which moves behind it; the whole text where
    /// folding hides it.
    fn locate(&self, piece: &str, search: &mut Span) -> Span {
        let text = self.source.text.get(search.start..search.end);
        let Some(offset) = text.and_then(|text| text.find(piece)) else {
            return *search;
        };
        let start = search.start + offset;
        search.start = start + piece.len();
        Span {
            start,
            end: search.start,
            ..*search
        }
    }
}

/// A text without what phones do not show, its braces doubled.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '{' | '}' => escaped.extend([character, character]),
            '\t' | '\u{a0}' => escaped.push(' '),
            '\n' => escaped.push('\n'),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
