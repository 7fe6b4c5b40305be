//! Nothing is written in vain: every screen is reached, every menu opened.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Draft,
    graph::{edges, reachable},
    report, screens,
};
use crate::{
    menu::{
        Menu, Target,
        problem::{Found, Problem},
        syntax::{self, Set},
    },
    model::source::Span,
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    // A screen of a fragment is written in vain only where no menu that includes it reaches it.
    let mut included: BTreeMap<Span, (&syntax::Name, bool)> = BTreeMap::new();
    for (id, written, menu) in draft.menus() {
        let complete = draft.complete.get(usize::from(id)).copied();
        let unreached = if complete.unwrap_or_default() {
            unreachable(draft, id, written, menu)
        } else {
            Vec::new()
        };
        for screen in written.screens.iter().skip(written.own) {
            let reached = !unreached.contains(&&screen.name);
            let seen = included.entry(screen.name.at);
            seen.or_insert((&screen.name, false)).1 |= reached;
        }
        for name in unreached {
            if !included.contains_key(&name.at) {
                vain(name, problems);
            }
        }
    }
    for (name, reached) in included.into_values() {
        if !reached {
            vain(name, problems);
        }
    }
    if draft.complete.iter().all(|complete| *complete) {
        unopened(draft.written, problems);
    }
}

fn vain(name: &syntax::Name, problems: &mut Vec<Found>) {
    let problem = Problem::UnreachableScreen(name.text.clone());
    report(problems, name.at, problem);
}

/// The screens of a menu that no way leads to.
fn unreachable<'a>(
    draft: &Draft<'_>,
    id: u16,
    written: &'a syntax::Menu,
    menu: &'a Menu,
) -> Vec<&'a syntax::Name> {
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
    let begins = [first_dial, menu.off.as_ref().map(|off| off.screen)];
    let begins = begins.into_iter().flatten().chain([menu.start]);
    let mut reached: BTreeSet<u16> = begins.collect();
    let dialled = draft.set.shortcuts.iter();
    let dialled = dialled.filter(|shortcut| shortcut.menu == id);
    reached.extend(dialled.map(|shortcut| shortcut.screen));
    reached.extend(reachable(&ways, reached.iter().copied()));
    let unreached = screens(written, menu).filter(|(screen, _, _)| !reached.contains(screen));
    unreached.map(|(_, of, _)| &of.name).collect()
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
