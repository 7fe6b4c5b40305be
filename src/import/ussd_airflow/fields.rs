//! The entries of a map of theirs, and which of them were understood.

use std::collections::BTreeSet;

use crate::{
    import::{Found, Problem},
    model::source::{Span, yaml::Node},
};

/// The entries of a map; of a key that stands twice the last one, as there.
#[derive(Clone, Debug)]
pub(super) struct Fields<'n> {
    pub(super) at: Span,
    pairs: Vec<(&'n Node, &'n Node)>,
    asked: BTreeSet<&'static str>,
}

impl<'n> Fields<'n> {
    pub(super) fn of(node: &'n Node, found: &mut Vec<Found>) -> Option<Self> {
        let entries = node.map()?;
        let mut pairs: Vec<(&Node, &Node)> = Vec::new();
        let mut seen = BTreeSet::new();
        for (key, value) in entries.iter().rev() {
            if seen.insert(key.text()) {
                pairs.push((key, value));
            } else {
                let problem = Problem::DuplicateKey(key.text().unwrap_or_default().to_owned());
                found.push(Found {
                    problem,
                    at: key.span,
                });
            }
        }
        pairs.reverse();
        Some(Self {
            at: node.span,
            pairs,
            asked: BTreeSet::new(),
        })
    }

    /// The value of a key that may stand here; one without a value is as good as none.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.insert(key);
        self.peek(key)
    }

    /// The value of a key, without taking it for understood.
    pub(super) fn peek(&self, key: &str) -> Option<&'n Node> {
        let mut pairs = self.pairs.iter();
        let (_, value) = pairs.find(|(name, _)| name.text() == Some(key))?;
        let empty = value.describe() == "nothing" || value.text() == Some("~");
        (!empty).then_some(value)
    }

    /// Where a key is written; the whole map where it is not there.
    pub(super) fn at_key(&self, key: &str) -> Span {
        let mut pairs = self.pairs.iter();
        let found = pairs.find(|(name, _)| name.text() == Some(key));
        found.map_or(self.at, |(name, _)| name.span)
    }

    /// The text below a key.
    pub(super) fn word(&mut self, key: &'static str) -> Option<&'n str> {
        self.take(key)?.text()
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'n Node, &'n Node)> {
        self.pairs.iter().copied()
    }

    /// Takes what it lacks from another.
    pub(super) fn inherit(&mut self, other: &Self) {
        for (key, value) in &other.pairs {
            if key.text() != Some("inherit")
                && !self.pairs.iter().any(|(name, _)| name.text() == key.text())
            {
                self.pairs.push((key, value));
            }
        }
    }

    /// Reports what nobody asked for.
    pub(super) fn finish(&self, found: &mut Vec<Found>) {
        for (key, _) in &self.pairs {
            let name = key.text().unwrap_or_default();
            if !self.asked.contains(name) {
                found.push(Found {
                    problem: Problem::UnknownKey(name.to_owned()),
                    at: key.span,
                });
            }
        }
    }
}
