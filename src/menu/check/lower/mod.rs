//! Names become positions.

mod scope;
mod screen;
mod target;
mod template;

use scope::Scope;
pub(super) use template::{unprintable, width_of};

use super::{report, root, types::Variables};
use crate::menu::{
    Menu, MenuSet,
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
        complete.push(scope.complete);
    }
    let set = root::lower(written, menus, first_dial, problems)?;
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
    }
}
