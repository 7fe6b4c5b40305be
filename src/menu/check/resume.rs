//! An author decides about every variable that a dropped dialogue may hold.

use super::{Draft, confirm, live::held, report};
use crate::menu::{
    CARRY_ON, Menu, MenuSet, Verb,
    problem::{Found, Problem},
    syntax::{self, Name},
};

/// Notes which menus a resumed dialogue may go on in from their start: where no page that it then
/// reads takes the key that went on for a "yes".
pub(super) fn from_start(set: &mut MenuSet) {
    let agrees = |set: &MenuSet, node: (u16, u16)| {
        let screen = set.screen(node.0, node.1);
        screen.is_some_and(|screen| confirms_by(&screen.verb, CARRY_ON))
    };
    for id in (0..).take(set.menus.len()) {
        let resumed = set.menu(id).is_some_and(|menu| menu.resume.is_some());
        let safe = resumed && {
            let read = confirm::from_start(set, id);
            !read.into_iter().any(|node| agrees(set, node))
        };
        let menu = set.menus.get_mut(usize::from(id));
        if let Some(resume) = menu.and_then(|menu| menu.resume.as_mut()) {
            resume.from_start = safe;
        }
    }
}

fn confirms_by(verb: &Verb, key: &str) -> bool {
    matches!(verb, Verb::Confirm { key: own, .. } if own == key)
}

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        let Some(resume) = &written.resume else {
            continue;
        };
        if draft.set.resume.is_none() {
            report(problems, resume.at, Problem::ResumeWithoutWords);
        }
        if draft.complete.get(usize::from(id)) == Some(&true) {
            undecided(resume, menu, problems);
        }
    }
}

/// Variables that stand in none of the three lists, or in two.
fn undecided(resume: &syntax::Resume, menu: &Menu, problems: &mut Vec<Found>) {
    let lists = [&resume.keep, &resume.ask_again, &resume.forget];
    let named: Vec<&Name> = lists.into_iter().flatten().collect();
    let held = held(menu);
    for (id, variable) in (0..).zip(&menu.variables) {
        let mut places = named.iter().filter(|name| name.text == variable.name);
        let problem = || Problem::ResumeUndecided(variable.name.clone());
        match (places.next(), places.next()) {
            (None, _) if held.contains(&id) => report(problems, resume.at, problem()),
            (Some(_), Some(twice)) => report(problems, twice.at, problem()),
            (None | Some(_), _) => {}
        }
    }
}
