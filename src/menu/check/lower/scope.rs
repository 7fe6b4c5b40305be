use std::collections::BTreeMap;

use super::settled::Limits;
use crate::{
    menu::{
        Path, ScreenId, Type, Variable,
        check::{operand, report, types::Variables},
        problem::{Found, Problem, Unknown},
        syntax::{Argument, Menu, Name, Set},
    },
    model::source::Span,
};

/// What names mean in one menu.
pub(super) struct Scope<'a> {
    pub(super) set: &'a Set,
    pub(super) all: &'a [Variables],
    index: usize,
    screens: BTreeMap<&'a str, ScreenId>,
    problems: &'a mut Vec<Found>,
    /// The limits of the menu's numbers, once a condition needs them.
    pub(super) limits: Option<Limits<'a>>,
    /// Whether every way in the menu is known so far.
    pub(super) complete: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        set: &'a Set,
        all: &'a [Variables],
        index: usize,
        problems: &'a mut Vec<Found>,
    ) -> Self {
        let menu = set.menus.get(index);
        let screens = menu.map_or(&[][..], |menu| &menu.screens);
        let off = menu.and_then(|menu| menu.off.as_ref());
        let off = off.map(|off| off.screen);
        let names = screens.iter().map(|screen| screen.name.text.as_str());
        // What is shown while the menu is off is no screen to go to.
        let names = names
            .zip(0..)
            .filter(|(_, id)| Some(usize::from(*id)) != off);
        Self {
            screens: names.collect(),
            set,
            all,
            index,
            problems,
            limits: None,
            complete: true,
        }
    }

    pub(super) fn report(&mut self, at: Span, problem: Problem) {
        report(self.problems, at, problem);
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    pub(super) fn menu(&self) -> Option<&'a Menu> {
        self.set.menus.get(self.index)
    }

    pub(super) fn variables(&self) -> &'a [Variable] {
        let known = self.all.get(self.index);
        known.map_or(&[], |known| &known.variables)
    }

    /// Whether something sets a variable of that name whose type could not be found.
    pub(super) fn is_untyped(&self, name: &str) -> bool {
        let known = self.all.get(self.index);
        known.is_some_and(|known| known.untyped.contains(name))
    }

    /// The screen where a menu begins; the first where that is unknown.
    pub(super) fn start(&mut self, name: Option<&Name>) -> ScreenId {
        let screen = name.and_then(|name| self.screen_named(name));
        if screen.is_none() {
            self.complete = false;
        }
        screen.unwrap_or_default()
    }

    /// The screen of that name.
    pub(super) fn screen_named(&mut self, name: &Name) -> Option<ScreenId> {
        let screens = self.menu().map_or(&[][..], |menu| &menu.screens);
        let found = self.screens.get(name.text.as_str()).copied();
        let whole = self.menu().is_none_or(|menu| menu.read);
        if found.is_none() {
            self.complete = false;
        }
        if found.is_none() && whole {
            let known = screens.iter().map(|screen| screen.name.text.as_str());
            let unknown = Unknown::new(&name.text, known);
            self.report(name.at, Problem::UnknownScreen(unknown));
        }
        found
    }

    /// A variable or its field, and its type.
    pub(super) fn value(&mut self, argument: &Argument) -> Option<(Path, Type)> {
        if argument.variable == "setting" {
            return self.setting(argument);
        }
        let known = self.all.get(self.index)?;
        let Some((variable, found)) = known.get(&argument.variable) else {
            if !known.untyped.contains(&argument.variable) {
                let names = known.variables.iter().map(|known| known.name.as_str());
                let unknown = Unknown::new(&argument.variable, names);
                self.report(argument.at, Problem::UnknownVariable(unknown));
            }
            return None;
        };
        let of = found.of.clone();
        let Some(field) = &argument.field else {
            let path = Path {
                variable,
                field: None,
            };
            return Some((path, of));
        };
        let (index, of) = self.field(field, &of, argument.at)?;
        let path = Path {
            variable,
            field: Some(index),
        };
        Some((path, of))
    }

    fn setting(&mut self, argument: &Argument) -> Option<(Path, Type)> {
        let found = operand::setting(self.set, argument);
        if found.is_none() {
            let known = self.set.settings.iter();
            let known = known.map(|setting| setting.name.as_str());
            let named = argument.field.as_deref().unwrap_or_default();
            let unknown = Unknown::new(named, known);
            self.report(argument.at, Problem::UnknownSetting(unknown));
        }
        found
    }

    fn field(&mut self, name: &str, of: &Type, at: Span) -> Option<(u16, Type)> {
        let record = if let Type::Record(record) = of {
            Some(record)
        } else {
            None
        };
        let found = record.and_then(|record| record.field(name));
        if found.is_none() {
            let fields = record.map_or(&[][..], |record| &record.fields);
            let unknown = Unknown::new(name, fields.iter().map(|field| field.name.as_ref()));
            self.report(at, Problem::UnknownField(unknown));
        }
        let (index, of) = found?;
        Some((u16::try_from(index).ok()?, of))
    }
}
