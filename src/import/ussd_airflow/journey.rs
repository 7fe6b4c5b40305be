//! A journey as it is written: its screens by name, with what they inherit.

use std::collections::BTreeSet;

use super::fields::Fields;
use crate::{
    import::{Found, Problem},
    model::source::{Span, yaml::Node},
};

/// A journey.
#[derive(Debug)]
pub(super) struct Journey<'n> {
    /// Where it begins: a name or a map.
    pub(super) initial: Option<&'n Node>,
    /// Where that is written; the file's beginning where it is not.
    pub(super) initial_at: Span,
    pub(super) screens: Vec<Theirs<'n>>,
}

/// A screen of theirs.
#[derive(Clone, Debug)]
pub(super) struct Theirs<'n> {
    pub(super) name: &'n str,
    /// Where its name is written.
    pub(super) at: Span,
    pub(super) fields: Fields<'n>,
}

/// The key that says where a journey begins.
const INITIAL: &str = "initial_screen";

impl<'n> Journey<'n> {
    /// Reads a journey; `None` where it is none.
    pub(super) fn of(root: &'n Node, found: &mut Vec<Found>) -> Option<Self> {
        let entries = Fields::of(root, found)?;
        let mut journey = Self {
            initial: entries.peek(INITIAL),
            initial_at: match entries.peek(INITIAL) {
                Some(_) => entries.at_key(INITIAL),
                None => Span::default(),
            },
            screens: Vec::new(),
        };
        for (key, value) in entries.pairs() {
            let Some(name) = key.text().filter(|name| *name != INITIAL) else {
                continue;
            };
            match Fields::of(value, found) {
                Some(fields) => journey.screens.push(Theirs {
                    name,
                    at: key.span,
                    fields,
                }),
                None => found.push(Found {
                    problem: Problem::WrongShape("a screen", value.describe()),
                    at: value.span,
                }),
            }
        }
        journey.inherit(found);
        (!journey.screens.is_empty()).then_some(journey)
    }

    pub(super) fn screen(&self, name: &str) -> Option<&Theirs<'n>> {
        self.screens.iter().find(|screen| screen.name == name)
    }

    fn inherit(&mut self, found: &mut Vec<Found>) {
        let before = self.screens.clone();
        for screen in &mut self.screens {
            let mut seen = BTreeSet::from([screen.name]);
            let mut from = screen.fields.take("inherit");
            while let Some(node) = from {
                let name = node.text().unwrap_or_default();
                let parent = before.iter().find(|other| other.name == name);
                let Some(parent) = parent.filter(|_| seen.insert(name)) else {
                    found.push(Found {
                        problem: Problem::BadInherit(name.to_owned()),
                        at: node.span,
                    });
                    break;
                };
                screen.fields.inherit(&parent.fields);
                from = parent.fields.peek("inherit");
            }
        }
    }
}
