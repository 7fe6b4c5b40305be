use std::collections::BTreeMap;

use crate::{
    menu::{
        Path, ScreenId, Type, Variable,
        check::{report, types::Variables},
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
        let names = screens.iter().map(|screen| screen.name.text.as_str());
        Self {
            screens: names.zip(0..).collect(),
            set,
            all,
            index,
            problems,
            complete: true,
        }
    }

    pub(super) fn report(&mut self, at: Span, problem: Problem) {
        report(self.problems, at, problem);
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
        if found.is_none() {
            let known = screens.iter().map(|screen| screen.name.text.as_str());
            let unknown = Unknown::new(&name.text, known);
            self.report(name.at, Problem::UnknownScreen(unknown));
            self.complete = false;
        }
        found
    }

    /// A variable or its field, and its type.
    pub(super) fn value(&mut self, argument: &Argument) -> Option<(Path, Type)> {
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
