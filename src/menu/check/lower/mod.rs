//! Names become positions.

mod condition;
mod scope;
mod screen;
mod settled;
mod target;
mod template;
mod ways;

use scope::Scope;
pub(super) use template::{unprintable, width_of};

use super::{report, root, types::Variables};
use crate::menu::{
    Menu, MenuSet, Off, ScreenId,
    problem::{Found, Problem},
    syntax,
};

/// Compiles a set, and says for each menu whether every way in it is known. `None` where the root
/// lacks what a set cannot be without.
pub(super) fn lower(
    written: &syntax::Set,
    problems: &mut Vec<Found>,
) -> Option<(MenuSet, Vec<bool>)> {
    if let Some((taken, _)) = written.menus.first().and_then(|root| root.takes.first()) {
        report(problems, taken.at, Problem::RootTakes);
    }
    let variables: Vec<Variables> = written
        .menus
        .iter()
        .map(|menu| Variables::of(written, menu, problems))
        .collect();
    let mut menus = Vec::new();
    let mut complete = Vec::new();
    let mut first_dial = 0;
    for (index, menu) in written.menus.iter().enumerate() {
        let mut scope = Scope::new(written, &variables, index, problems);
        menus.push(lower_menu(&mut scope, menu));
        if index == 0 {
            let first = written.root.first_dial.as_ref();
            first_dial = scope.start(first);
        }
        complete.push(scope.complete && menu.read);
    }
    ways::openers(&mut menus);
    let shortcuts = ways::shortcuts(written, problems);
    let mut set = root::lower(written, menus, first_dial, problems)?;
    set.shortcuts = shortcuts;
    Some((set, complete))
}

fn lower_menu(scope: &mut Scope<'_>, menu: &syntax::Menu) -> Menu {
    let screens = menu
        .screens
        .iter()
        .map(|screen| scope.screen(screen))
        .collect();
    Menu {
        name: menu.name.text.clone(),
        takes: menu.takes.len(),
        variables: scope.variables().to_vec(),
        screens,
        start: scope.start(menu.start.as_ref()),
        openers: Vec::new(),
        resume: menu.resume.as_ref().map(|resume| scope.resume(resume)),
        off: menu.off.as_ref().and_then(|off| lower_off(scope, off)),
    }
}

fn lower_off(scope: &mut Scope<'_>, off: &syntax::Off) -> Option<Off> {
    Some(Off {
        when: off.when.as_ref().map(|when| scope.condition(when)),
        screen: ScreenId::try_from(off.screen).ok()?,
    })
}
