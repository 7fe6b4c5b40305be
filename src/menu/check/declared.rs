//! A set's own calls are declared for something.

use std::collections::BTreeSet;

use super::{Draft, report};
use crate::menu::{
    problem::{Found, Problem},
    syntax::{Screen, Verb},
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = draft.written;
    // A menu that could not be read may be the one that uses it.
    if !set.menus.iter().all(|menu| menu.read) {
        return;
    }
    let screens = set.menus.iter().flat_map(|menu| &menu.screens);
    let used: BTreeSet<&str> = screens.filter_map(called).collect();
    for call in &set.declared {
        let name = call.signature.name.as_ref();
        if !used.contains(name) {
            report(problems, call.at, Problem::UnusedCall(name.to_owned()));
        }
    }
}

fn called(screen: &Screen) -> Option<&str> {
    match screen.verb.as_ref()? {
        Verb::Call { operation, .. } => Some(&operation.text),
        Verb::Menu { .. }
        | Verb::List { .. }
        | Verb::Ask { .. }
        | Verb::Confirm { .. }
        | Verb::Show { .. }
        | Verb::End { .. }
        | Verb::Language { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => None,
    }
}
