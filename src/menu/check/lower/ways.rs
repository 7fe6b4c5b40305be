//! Returns, shortcuts and what is resumed.

use std::{collections::BTreeMap, time::Duration};

use super::{Scope, target::described};
use crate::{
    menu::{
        Arguments, Menu, Opener, Resume, ScreenId, Shortcut, Target, Type, VarId,
        check::{
            graph::targets,
            report,
            types::{self, holds},
        },
        problem::{Found, Problem, Unknown},
        syntax::{self, Argument, Name, Set},
    },
    model::source::Span,
};

impl Scope<'_> {
    /// A return with the values of this menu's `gives:`, in that order.
    pub(super) fn returned(&mut self, values: &[(Name, Argument)], at: Span) -> Target {
        let gives = self.menu().map_or(&[][..], |menu| &menu.gives);
        let known = |name: &Name| gives.iter().any(|(given, _)| given.text == name.text);
        if values.len() != gives.len() || !values.iter().all(|(name, _)| known(name)) {
            let names = gives.iter().map(|(name, _)| name.text.clone()).collect();
            self.report(at, Problem::ReturnDiffers(names));
        }
        let mut arguments = Arguments::new();
        for (name, of) in gives {
            let value = values.iter().find(|(given, _)| given.text == name.text);
            let wanted = types::taken(self.set, &of.text);
            arguments.extend(value.and_then(|(_, value)| self.given(name, wanted, value)));
        }
        Target::Return(arguments)
    }

    fn given(
        &mut self,
        name: &Name,
        wanted: Option<Type>,
        value: &Argument,
    ) -> Option<crate::menu::Path> {
        let (path, of) = self.value(value)?;
        if of.is_secret() {
            self.report(value.at, Problem::SecretKept(value.variable.clone()));
            return Some(path);
        }
        if let Some(wanted) = wanted
            && !holds(&wanted, &of)
        {
            let (of, wanted) = (described(&of), described(&wanted));
            let problem = Problem::ArgumentType(of, name.text.clone(), wanted);
            self.report(value.at, problem);
        }
        Some(path)
    }

    /// What is left of a dialogue that was dropped in this menu.
    pub(super) fn resume(&mut self, resume: &syntax::Resume) -> Resume {
        let keep = self.known(&resume.keep);
        for name in &resume.keep {
            let kept = self.variables().iter().find(|kept| kept.name == name.text);
            if kept.is_some_and(|kept| matches!(kept.of, Type::Secret { .. })) {
                self.report(name.at, Problem::SecretKept(name.text.clone()));
            }
        }
        let ask_again = self.known(&resume.ask_again);
        self.known(&resume.forget);
        Resume {
            within: Duration::from_secs(resume.within),
            keep,
            ask_again,
            from_start: false,
        }
    }

    fn known(&mut self, names: &[Name]) -> Vec<VarId> {
        let known = names.iter().filter_map(|name| self.known_variable(name));
        known.collect()
    }

    fn known_variable(&mut self, name: &Name) -> Option<VarId> {
        let found = self.variable(name);
        if found.is_none() && !self.is_untyped(&name.text) {
            let names = self.variables().iter().map(|known| known.name.as_str());
            let unknown = Unknown::new(&name.text, names);
            self.report(name.at, Problem::UnknownVariable(unknown));
        }
        found
    }
}

/// Notes in each menu where a return from it leads.
pub(super) fn openers(menus: &mut [Menu]) {
    let mut openers: BTreeMap<u16, Vec<Opener>> = BTreeMap::new();
    for (menu, of) in (0..).zip(&*menus) {
        for (screen, of) in (0..).zip(&of.screens) {
            for target in targets(&of.verb) {
                if let Target::Open {
                    menu: opened, then, ..
                } = target
                {
                    let then = *then;
                    let opener = Opener { menu, screen, then };
                    openers.entry(*opened).or_default().push(opener);
                }
            }
        }
    }
    for (id, menu) in (0..).zip(menus) {
        let mut ways = openers.remove(&id).unwrap_or_default();
        ways.sort_unstable();
        ways.dedup();
        menu.openers = ways;
    }
}

/// The shortcuts of all menus.
pub(super) fn shortcuts(written: &Set, problems: &mut Vec<Found>) -> Vec<Shortcut> {
    let mut shortcuts = Vec::new();
    for (menu, of) in (0..).zip(&written.menus) {
        for (key, screen) in &of.shortcuts {
            if let Some(screen) = screen_named(of, screen, problems) {
                let key = key.text.clone();
                shortcuts.push(Shortcut { key, menu, screen });
            }
        }
    }
    shortcuts
}

fn screen_named(menu: &syntax::Menu, name: &Name, problems: &mut Vec<Found>) -> Option<ScreenId> {
    let names = menu.screens.iter().map(|screen| screen.name.text.as_str());
    let found = (0..)
        .zip(names.clone())
        .find(|(_, known)| *known == name.text);
    if found.is_none() {
        let unknown = Unknown::new(&name.text, names);
        report(problems, name.at, Problem::UnknownScreen(unknown));
    }
    found.map(|(id, _)| id)
}
