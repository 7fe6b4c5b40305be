//! A shortcut means one thing, and leads to a screen that can be begun with.

use std::collections::BTreeMap;

use super::{
    Draft,
    graph::{name, root_start, waits},
    report, screens,
};
use crate::menu::{
    Menu, MenuSet, Verb,
    problem::{Found, Problem},
    syntax::{self, Name},
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = &draft.set;
    let mut taken = of_start(draft);
    for (id, written, menu) in draft.menus() {
        for (key, screen) in &written.shortcuts {
            if let Some(by) = taken.get(&key.text) {
                let problem = Problem::ShortcutTaken(key.text.clone(), by.clone());
                report(problems, key.at, problem);
            } else {
                taken.insert(key.text.clone(), format!("{}.{}", menu.name, screen.text));
            }
            if draft.complete.get(usize::from(id)) == Some(&true) {
                needs(written, menu, screen, problems);
            }
            let start = root_start(set);
            if set
                .screen(start.0, start.1)
                .is_some_and(|start| !waits(&start.verb))
            {
                let problem = Problem::ShortcutOverCall(name(set, start));
                report(problems, key.at, problem);
            }
        }
    }
}

/// The keys of the root's start, which are dialled too.
fn of_start(draft: &Draft<'_>) -> BTreeMap<String, String> {
    let set = &draft.set;
    let start = root_start(set);
    let Some(screen) = set.screen(start.0, start.1) else {
        return BTreeMap::new();
    };
    let keys = match &screen.verb {
        Verb::Language { .. } => numbers(set),
        Verb::Confirm { key, .. } => vec![key.clone(), set.keys.back.clone()],
        Verb::Menu { options, .. }
        | Verb::List { options, .. }
        | Verb::Ask { options, .. }
        | Verb::Show { options, .. } => options.iter().map(|choice| choice.key.clone()).collect(),
        Verb::End { .. } | Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. } => Vec::new(),
    };
    let by = name(set, start);
    keys.into_iter().map(|key| (key, by.clone())).collect()
}

fn numbers(set: &MenuSet) -> Vec<String> {
    (1..=set.languages.len())
        .map(|number| number.to_string())
        .collect()
}

/// What the screen of a shortcut reads must be set when its menu begins: nothing is.
fn needs(written: &syntax::Menu, menu: &Menu, screen: &Name, problems: &mut Vec<Found>) {
    let found = screens(written, menu).find(|(_, named, _)| named.name.text == screen.text);
    let Some((_, _, of)) = found else {
        return;
    };
    let taken = (0..).take(menu.takes);
    let mut missing: Vec<u16> = of.live.iter().copied().chain(taken).collect();
    missing.sort_unstable();
    missing.dedup();
    let variables = missing
        .into_iter()
        .filter_map(|id| menu.variables.get(usize::from(id)));
    let names: Vec<String> = variables.map(|variable| variable.name.clone()).collect();
    if !names.is_empty() {
        let problem = Problem::ShortcutNeeds(screen.text.clone(), names);
        report(problems, screen.at, problem);
    }
}
