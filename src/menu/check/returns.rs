//! A menu that is opened comes back as its opener expects.

use super::{Draft, graph::waits, live::leads, report, screens, types::TYPES};
use crate::menu::{
    Menu, Target,
    problem::{Found, Problem, Unknown},
    syntax::{self, Name, Set},
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        gives(draft.written, written, problems);
        if id == 0 {
            root(written, problems);
        } else if draft.complete.get(usize::from(id)) == Some(&true) {
            never(written, menu, problems);
        }
        for (_, screen, of) in screens(written, menu) {
            for target in screen.targets() {
                opens(draft, target, waits(&of.verb), problems);
            }
        }
    }
}

/// What a menu gives has a type.
fn gives(set: &Set, menu: &syntax::Menu, problems: &mut Vec<Found>) {
    for (_, of) in &menu.gives {
        if super::types::taken(set, &of.text).is_none() {
            let records = set.records().map(|record| record.name.as_ref());
            let unknown = Unknown::new(&of.text, TYPES.into_iter().chain(records));
            report(problems, of.at, Problem::UnknownType(unknown));
        }
    }
}

fn root(menu: &syntax::Menu, problems: &mut Vec<Found>) {
    for (at, _) in menu.returns() {
        report(problems, at, Problem::ReturnInRoot);
    }
    if let Some((name, _)) = menu.gives.first()
        && menu.returns().next().is_none()
    {
        report(problems, name.at, Problem::ReturnInRoot);
    }
}

/// A menu that gives something and never returns.
fn never(written: &syntax::Menu, menu: &Menu, problems: &mut Vec<Found>) {
    if let Some((name, _)) = written.gives.first()
        && !returns(menu)
    {
        let problem = Problem::NeverReturns(written.name.text.clone());
        report(problems, name.at, problem);
    }
}

fn returns(menu: &Menu) -> bool {
    leads(menu).any(|target| matches!(target, Target::Return(_)))
}

/// What stands beside `open:`.
fn opens(draft: &Draft<'_>, target: &syntax::Target, waits: bool, problems: &mut Vec<Found>) {
    let syntax::Target::Open {
        menu,
        results,
        then,
        ..
    } = target
    else {
        return;
    };
    let mut menus = draft.menus();
    let Some((id, written, opened)) = menus.find(|(_, known, _)| known.name.text == menu.text)
    else {
        return;
    };
    if draft.complete.get(usize::from(id)) != Some(&true) {
        return;
    }
    let place = results.first().or(then.as_ref());
    match (returns(opened), place) {
        (false, Some(place)) => {
            let problem = Problem::ThenWithoutReturn(menu.text.clone());
            report(problems, place.at, problem);
        }
        (true, _) if then.is_none() && !waits => {
            report(
                problems,
                menu.at,
                Problem::NothingToReturnTo(menu.text.clone()),
            );
        }
        (true | false, _) => {}
    }
    too_many(written, results, problems);
}

fn too_many(opened: &syntax::Menu, results: &[Name], problems: &mut Vec<Found>) {
    let returns = opened.returns().next().is_some();
    if let Some(name) = results.get(opened.gives.len()).filter(|_| returns) {
        let gives = opened.gives.iter().map(|(name, _)| name.text.clone());
        let problem =
            Problem::TooManyResults(opened.name.text.clone(), gives.collect(), results.len());
        report(problems, name.at, problem);
    }
}
