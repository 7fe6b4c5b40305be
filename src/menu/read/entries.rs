use std::collections::BTreeSet;

use super::Reader;
use crate::{
    menu::problem::{Problem, Unknown},
    model::source::{Span, yaml::Node},
};

/// The entries of a map that is being read, and which keys were asked for.
pub(super) struct Entries<'n> {
    /// What its author would call it: `a menu screen`.
    pub(super) of: &'static str,
    pub(super) at: Span,
    pairs: Vec<&'n (Node, Node)>,
    asked: Vec<&'static str>,
}

/// More entries than this are not read: positions of screens and variables are 16 bits wide.
const MOST: usize = 20_000;

impl<'n> Entries<'n> {
    /// Whether the key is there; asking so does not make it a known one.
    pub(super) fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name.text() == Some(key))
    }

    /// The value of a key, without asking for it.
    pub(super) fn value_of(&self, key: &str) -> Option<&'n Node> {
        let mut pairs = self.pairs.iter();
        let entry = pairs.find(|(name, _)| name.text() == Some(key))?;
        Some(&entry.1)
    }

    /// The value of a key that may stand here.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        let entry = self
            .pairs
            .iter()
            .find(|(name, _)| name.text() == Some(key))?;
        Some(&entry.1)
    }
}

impl Reader<'_> {
    /// The entries of a map whose keys we know, duplicates reported; the first of them counts.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, of: &'static str) -> Option<Entries<'n>> {
        Some(Entries {
            of,
            at: node.span,
            pairs: self.pairs(node)?,
            asked: Vec::new(),
        })
    }

    /// The entries of a map whose keys are its author's, duplicates reported.
    pub(super) fn pairs<'n>(&mut self, node: &'n Node) -> Option<Vec<&'n (Node, Node)>> {
        let Some(entries) = node.map() else {
            self.report(node.span, Problem::WrongShape("a map", node.describe()));
            return None;
        };
        if entries.len() > MOST {
            let problem = Problem::WrongShape("a map of at most 20000 entries", "a longer one");
            self.report(node.span, problem);
        }
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for entry in entries.iter().take(MOST) {
            let key = entry.0.text().unwrap_or_default();
            if seen.insert(key) {
                kept.push(entry);
            } else {
                self.report(entry.0.span, Problem::DuplicateKey(key.to_owned()));
            }
        }
        Some(kept)
    }

    /// The value of a key that must stand here.
    pub(super) fn require<'n>(
        &mut self,
        entries: &mut Entries<'n>,
        key: &'static str,
    ) -> Option<&'n Node> {
        let value = entries.take(key);
        if value.is_none() {
            self.report(entries.at, Problem::MissingKey(key, entries.of));
        }
        value
    }

    /// Reports what nobody asked for.
    pub(super) fn finish(&mut self, entries: &Entries<'_>) {
        for (name, _) in &entries.pairs {
            let key = name.text().unwrap_or_default();
            if !entries.asked.contains(&key) {
                let unknown = Unknown::new(key, entries.asked.iter().copied());
                self.report(name.span, Problem::UnknownKey(unknown));
            }
        }
    }
}
