//! Nothing is written in vain: every screen is reached, every menu opened.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Draft,
    graph::{edges, reachable},
    report, screens,
};
use crate::menu::{
    Menu, Target,
    problem::{Found, Problem},
    syntax::{self, Set},
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        let complete = draft.complete.get(usize::from(id)).copied();
        if complete.unwrap_or_default() {
            unreachable(draft, id, written, menu, problems);
        }
    }
    if draft.complete.iter().all(|complete| *complete) {
        unopened(draft.written, problems);
    }
}

fn unreachable(
    draft: &Draft<'_>,
    id: u16,
    written: &syntax::Menu,
    menu: &Menu,
    problems: &mut Vec<Found>,
) {
    let mut ways: BTreeMap<u16, BTreeSet<u16>> = BTreeMap::new();
    for (screen, _, of) in screens(written, menu) {
        let edges = edges(&of.verb, &draft.set.keys);
        let next = edges.iter().filter_map(|edge| match edge.to {
            Target::Screen(screen) => Some(*screen),
            Target::Open { then, .. } => *then,
            Target::Back | Target::Home | Target::Return(_) => None,
        });
        ways.insert(screen, next.collect());
    }
    let first_dial = (id == 0).then_some(draft.set.first_dial);
    let mut reached: BTreeSet<u16> = first_dial.into_iter().chain([menu.start]).collect();
    let dialled = draft.set.shortcuts.iter();
    let dialled = dialled.filter(|shortcut| shortcut.menu == id);
    reached.extend(dialled.map(|shortcut| shortcut.screen));
    reached.extend(reachable(&ways, reached.iter().copied()));
    for (screen, of, _) in screens(written, menu) {
        if !reached.contains(&screen) {
            let problem = Problem::UnreachableScreen(of.name.text.clone());
            report(problems, of.name.at, problem);
        }
    }
}

fn unopened(set: &Set, problems: &mut Vec<Found>) {
    let opened: BTreeSet<&str> = set.menus.iter().flat_map(syntax::Menu::opens).collect();
    for menu in set.menus.iter().skip(1) {
        if !opened.contains(menu.name.text.as_str()) && menu.shortcuts.is_empty() {
            let problem = Problem::UnopenedMenu(menu.name.text.clone());
            report(problems, menu.name.at, problem);
        }
    }
}
