use super::Scope;
use crate::{
    menu::{
        Arguments, MenuId, Target, Type,
        check::types::holds,
        problem::{Problem, Unknown},
        syntax::{self, Argument, Name},
    },
    model::source::Span,
};

impl Scope<'_> {
    /// Where something leads; home where that is unknown, so that the rest can be checked.
    pub(super) fn target(&mut self, target: &syntax::Target) -> Target {
        match target {
            syntax::Target::Back => Target::Back,
            syntax::Target::Home => Target::Home,
            syntax::Target::Screen(name) => {
                self.screen_named(name).map_or(Target::Home, Target::Screen)
            }
            syntax::Target::Open {
                menu,
                arguments,
                results,
                then,
            } => {
                let then = then.as_ref().and_then(|then| self.screen_named(then));
                let into = results.iter().filter_map(|name| self.variable(name));
                let into = into.collect();
                let opened = self.open(menu, arguments);
                opened.map_or(Target::Home, |(menu, arguments)| Target::Open {
                    menu,
                    arguments,
                    into,
                    then,
                })
            }
            syntax::Target::Return { values, at } => self.returned(values, *at),
        }
    }

    fn open(&mut self, name: &Name, arguments: &[Argument]) -> Option<(MenuId, Arguments)> {
        let menus = &self.set.menus;
        let Some(index) = menus.iter().position(|menu| menu.name.text == name.text) else {
            let known = menus.iter().skip(1).map(|menu| menu.name.text.as_str());
            let unknown = Unknown::new(&name.text, known);
            self.report(name.at, Problem::UnknownMenu(unknown));
            self.complete = false;
            return None;
        };
        let menu = menus.get(index)?;
        let taken = self.all.get(index)?;
        let wanted = menu.takes.iter().map(|(name, _)| {
            let of = taken
                .get(&name.text)
                .map(|(_, variable)| variable.of.clone());
            (name.text.clone(), of)
        });
        let wanted: Vec<(String, Option<Type>)> = wanted.collect();
        let arguments = if menu.read {
            self.arguments(name, &wanted, arguments)
        } else {
            Vec::new()
        };
        Some((MenuId::try_from(index).ok()?, arguments))
    }

    /// What is handed over, in the order taken. A wanted type is absent where it was no type.
    pub(super) fn arguments(
        &mut self,
        of: &Name,
        wanted: &[(String, Option<Type>)],
        given: &[Argument],
    ) -> Arguments {
        if wanted.len() != given.len() {
            let names = wanted.iter().map(|(name, _)| name.clone()).collect();
            let problem = Problem::ArgumentCount(of.text.clone(), names, given.len());
            let at = given.iter().map(|argument| argument.at).reduce(join);
            self.report(at.unwrap_or(of.at), problem);
        }
        let pairs = wanted.iter().zip(given);
        pairs
            .filter_map(|((name, wanted), given)| {
                self.argument(&of.text, name, wanted.as_ref(), given)
            })
            .collect()
    }

    fn argument(
        &mut self,
        to: &str,
        name: &str,
        wanted: Option<&Type>,
        given: &Argument,
    ) -> Option<crate::menu::Path> {
        let (path, of) = self.value(given)?;
        if let Some(wanted) = wanted
            && !holds(wanted, &of)
        {
            let keeps = matches!(wanted, Type::Secret { .. });
            let problem = if matches!(of, Type::Secret { .. }) && !keeps {
                Problem::SecretHandedOn(given.written(), to.to_owned())
            } else {
                Problem::ArgumentType(described(&of), name.to_owned(), described(wanted))
            };
            self.report(given.at, problem);
        }
        Some(path)
    }
}

/// A type with what bounds it.
pub(super) fn described(of: &Type) -> String {
    match of {
        Type::Text { longest } => format!("text of {longest} characters"),
        Type::Number { digits } => format!("number of {digits} digits"),
        Type::List(record) => format!("a list of {}", record.name),
        Type::Secret { longest } => format!("a secret of {longest} characters"),
        Type::OneOf(words) => format!("one of {}", words.words.join(", ")),
        Type::Amount
        | Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::Record(_) => of.name().into_owned(),
    }
}

fn join(one: Span, other: Span) -> Span {
    Span {
        end: other.end,
        ..one
    }
}
