//! A confirm screen is not reached by its own key, so that an input that comes twice confirms
//! nothing.
//!
//! A key leads through calls and opened menus to the next screen that waits. Going back leads to
//! every screen from which this one is reached; from a call, to the screen whose key made it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Draft,
    graph::{Node, edges, lands, nodes, waits},
    report,
};
use crate::menu::{
    MenuSet, Target, Verb,
    problem::{Found, Problem},
    syntax,
};

/// The screens before each screen.
type Before = BTreeMap<Node, BTreeSet<Node>>;

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = &draft.set;
    let before = before(set);
    let mut ways = BTreeSet::new();
    for (from, verb) in nodes(set).filter(|(_, verb)| waits(verb)) {
        for edge in edges(verb, &set.keys) {
            for to in shown(set, from, edge.to, &before) {
                let key = confirm_key(set, to);
                let by_key = |key: &&str| edge.by.could_be(key, set);
                ways.extend(key.filter(by_key).map(|_| (to, from)));
            }
        }
    }
    for (to, from) in ways {
        found(draft, to, from, problems);
    }
}

fn confirm_key(set: &MenuSet, node: Node) -> Option<&str> {
    if let Verb::Confirm { key, .. } = &set.screen(node.0, node.1)?.verb {
        Some(key)
    } else {
        None
    }
}

fn found(draft: &Draft<'_>, to: Node, from: Node, problems: &mut Vec<Found>) {
    let written = draft.written.menus.get(usize::from(to.0));
    let written = written.and_then(|menu| menu.screens.get(usize::from(to.1)));
    let Some(syntax::Verb::Confirm { key, .. }) = written.and_then(|screen| screen.verb.as_ref())
    else {
        return;
    };
    let from = draft.set.screen(from.0, from.1);
    let from = from.map_or_else(String::new, |screen| screen.name.clone());
    let problem = Problem::ConfirmByItsOwnKey(key.text.clone(), from);
    report(problems, key.at, problem);
}

/// The screens that wait which a target of `from` leads to.
fn shown(set: &MenuSet, from: Node, target: &Target, before: &Before) -> BTreeSet<Node> {
    if matches!(target, Target::Back) {
        return before.get(&from).cloned().unwrap_or_default();
    }
    let mut shown = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<Node> = lands(set, from.0, target).into_iter().collect();
    while let Some(node) = open.pop() {
        let Some(screen) = set.screen(node.0, node.1) else {
            continue;
        };
        if waits(&screen.verb) {
            shown.insert(node);
        } else if seen.insert(node) {
            for edge in edges(&screen.verb, &set.keys) {
                match lands(set, node.0, edge.to) {
                    Some(next) => open.push(next),
                    None => _ = shown.insert(from),
                }
            }
        }
    }
    shown
}

fn before(set: &MenuSet) -> Before {
    let mut before = Before::new();
    let none = Before::new();
    for (from, verb) in nodes(set).filter(|(_, verb)| waits(verb)) {
        for edge in edges(verb, &set.keys) {
            for to in shown(set, from, edge.to, &none) {
                before.entry(to).or_default().insert(from);
            }
        }
    }
    before
}
