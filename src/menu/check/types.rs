//! What each variable of a menu is.

use std::{collections::BTreeSet, sync::Arc};

use super::report;
use crate::menu::{
    Type, VarId, Variable,
    problem::{Found, Problem, Unknown},
    syntax::{Menu, Name, Screen, Set, Target, Verb},
};

/// The longest text that a menu takes; the longest that a call gives.
const TAKEN_TEXT: Type = Type::Text { longest: 40 };
/// The longest number that a menu takes; the longest that can be asked for.
const TAKEN_NUMBER: Type = Type::Number { digits: 9 };

/// The variables of one menu: what it takes first, then in the order in which they are set.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) variables: Vec<Variable>,
    /// Names that are set by something whose type could not be found; using them is no new mistake.
    pub(super) untyped: BTreeSet<String>,
}

impl Variables {
    /// Finds the variables of a menu.
    pub(super) fn of(set: &Set, menu: &Menu, problems: &mut Vec<Found>) -> Self {
        let mut variables = Self::default();
        for (name, of) in &menu.takes {
            let Some(known) = taken(set, &of.text) else {
                let records = set.records().map(|record| record.name.as_ref());
                let unknown = Unknown::new(&of.text, TYPES.into_iter().chain(records));
                report(problems, of.at, Problem::UnknownType(unknown));
                variables.untyped.insert(name.text.clone());
                continue;
            };
            variables.set(name, Some(known), problems);
        }
        let verbs = || {
            menu.screens
                .iter()
                .filter_map(|screen| screen.verb.as_ref())
        };
        for verb in verbs() {
            variables.answered_or_called(set, verb, problems);
        }
        variables.returned(set, menu, problems);
        // A list may be set to another, and a row to something else.
        variables.assigned(set, menu, &mut Vec::new());
        for verb in verbs() {
            variables.listed(verb, problems);
        }
        variables.assigned(set, menu, problems);
        variables.unassigned(menu);
        variables
    }

    /// Position and type of a variable.
    pub(super) fn get(&self, name: &str) -> Option<(VarId, &Variable)> {
        let mut variables = (0..).zip(&self.variables);
        variables.find(|(_, variable)| variable.name == name)
    }

    fn answered_or_called(&mut self, set: &Set, verb: &Verb, problems: &mut Vec<Found>) {
        if let Verb::Ask { into, answer, .. } = verb {
            self.set(into, Some(answer.value_type()), problems);
        }
        if let Verb::Call {
            operation,
            into: Some(into),
            ..
        } = verb
        {
            let called = set.call(&operation.text);
            let gives = called.and_then(|(_, signature)| signature.gives.clone());
            self.set(into, gives, problems);
        }
    }

    /// What the menus that it opens return with.
    fn returned(&mut self, set: &Set, menu: &Menu, problems: &mut Vec<Found>) {
        for target in menu.screens.iter().flat_map(Screen::targets) {
            let Target::Open { menu, results, .. } = target else {
                continue;
            };
            let opened = set.menus.iter().find(|known| known.name.text == menu.text);
            let gives = opened.map_or(&[][..], |opened| &opened.gives);
            let mut types = gives.iter().map(|(_, of)| taken(set, &of.text));
            for name in results {
                let of = types.next().flatten();
                self.set(name, of, problems);
            }
        }
    }

    fn listed(&mut self, verb: &Verb, problems: &mut Vec<Found>) {
        if let Verb::List { items, item, .. } = verb {
            let of = self
                .get(&items.variable)
                .and_then(|(_, list)| match &list.of {
                    Type::List(record) => Some(Type::Record(Arc::clone(record))),
                    Type::Text { .. }
                    | Type::Number { .. }
                    | Type::Amount
                    | Type::Date
                    | Type::Member
                    | Type::Control
                    | Type::Phone
                    | Type::OneOf(_)
                    | Type::Secret { .. }
                    | Type::Record(_) => None,
                });
            self.set(item, of, problems);
        }
    }

    pub(super) fn set(&mut self, name: &Name, of: Option<Type>, problems: &mut Vec<Found>) {
        let Some(of) = of else {
            self.untyped.insert(name.text.clone());
            return;
        };
        let known = self
            .variables
            .iter_mut()
            .find(|known| known.name == name.text);
        match known {
            None => self.variables.push(Variable {
                name: name.text.clone(),
                of,
            }),
            Some(known) if known.of.fits(&of) => {
                known.of = wider(&known.of, &of);
            }
            Some(known) => {
                let (one, other) = (named(&known.of), named(&of));
                report(
                    problems,
                    name.at,
                    Problem::TwoTypes(name.text.clone(), one, other),
                );
            }
        }
    }
}

/// Whether every value of `given` has room in `wanted`. A choice that is handed over as a text is its
/// word.
pub(super) fn holds(wanted: &Type, given: &Type) -> bool {
    if let (Type::Text { longest }, Type::OneOf(words)) = (wanted, given) {
        return words.longest().chars().count() <= *longest;
    }
    given.fits(wanted) && wider(wanted, given) == *wanted
}

/// Of two types that fit each other the one with more room.
fn wider(one: &Type, other: &Type) -> Type {
    match (one, other) {
        (Type::Text { longest: a }, Type::Text { longest: b }) => Type::Text { longest: *a.max(b) },
        (Type::Number { digits: a }, Type::Number { digits: b }) => {
            Type::Number { digits: *a.max(b) }
        }
        (Type::Secret { longest: a }, Type::Secret { longest: b }) => {
            Type::Secret { longest: *a.max(b) }
        }
        (one, _) => one.clone(),
    }
}

/// A type as it is told apart from another: a choice by its words and labels.
fn named(of: &Type) -> String {
    let Type::OneOf(of) = of else {
        return of.name().into_owned();
    };
    let labels = of.labels.iter().map(|labels| labels.join(", "));
    let words = of.words.iter().zip(labels);
    let words = words.map(|(word, label)| format!("{word} ({label})"));
    format!("a choice of {}", words.collect::<Vec<_>>().join(", "))
}

/// The names of types besides those of records.
pub(super) const TYPES: [&str; 8] = [
    "member_number",
    "control_number",
    "number",
    "text",
    "amount",
    "date",
    "phone",
    "secret",
];

/// The type written `name` in `takes:` or `gives:`.
pub(super) fn taken(set: &Set, name: &str) -> Option<Type> {
    match name {
        "member_number" => Some(Type::Member),
        "control_number" => Some(Type::Control),
        "number" => Some(TAKEN_NUMBER),
        "text" => Some(TAKEN_TEXT),
        "amount" => Some(Type::Amount),
        "date" => Some(Type::Date),
        "phone" => Some(Type::Phone),
        "secret" => Some(Type::Secret { longest: 40 }),
        _ => set.records().find_map(|record| {
            let named = record.name == name;
            named.then(|| Type::Record(Arc::clone(record)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::check::sketch::{found, found_in, root, source};

    #[test]
    fn every_name_of_a_type_is_one() {
        let set = Set::default();
        for name in TYPES
            .into_iter()
            .chain(["cover", "quote", "bill", "payment"])
        {
            let of = taken(&set, name).unwrap();
            assert_eq!(of.name(), name);
        }
        assert_eq!(taken(&set, "people"), None);
    }

    #[test]
    fn a_secret_stays_one_in_the_menus_that_it_is_handed_to() {
        let main = root(
            "  main: {ask: Siri?, type: {digits: {length: 4, sensitive: true}}, as: pin, wrong: Tena., go: {open: a, with: [pin]}}\n",
        );
        let a = |of: &str| {
            let text = format!(
                "menu: a\ntakes: {{x: {of}}}\nstart: a\nscreens: {{a: {{end: \"Asante {{x}}\"}}}}\n"
            );
            source("a", &text)
        };
        let shown = found(&[main.clone(), a("secret")]);
        assert_eq!(shown, [("M040", "{x}".to_owned())]);
        let forgotten = found(&[main, a("text")]);
        assert_eq!(forgotten, [("M066", "pin".to_owned())]);
    }

    #[test]
    fn a_choice_is_handed_over_as_the_text_that_its_word_is() {
        let main = |word: &str| {
            root(&format!(
                "  main: {{ask: Kadi?, type: {{choice: {{\"1\": {{is: nida, text: NIDA}}, \"2\": {{is: {word}, text: Leseni}}}}}}, as: kind, wrong: Tena., go: {{open: a, with: [kind]}}}}\n"
            ))
        };
        let a = source(
            "a",
            "menu: a\ntakes: {x: text}\nstart: a\nscreens: {a: {end: \"Kadi {x}\"}}\n",
        );
        assert_eq!(found(&[main("licence"), a.clone()]), []);
        let long = found(&[main(&"w".repeat(41)), a]);
        assert_eq!(long, [("M037", "kind".to_owned())]);
    }

    #[test]
    fn one_variable_is_one_choice() {
        let screens = |label: &str| {
            let choice = |label: &str| {
                format!(
                    "{{choice: {{\"1\": {{is: a, text: {label}}}, \"2\": {{is: b, text: B}}}}}}"
                )
            };
            format!(
                "  main: {{ask: Kadi?, type: {}, as: kind, wrong: Tena., go: more}}
  more: {{ask: Kadi?, type: {}, as: kind, wrong: Tena., go: bye}}
  bye: {{end: \"{{kind}}\"}}\n",
                choice("A"),
                choice(label)
            )
        };
        assert_eq!(found_in(&screens("A")), []);
        assert_eq!(found_in(&screens("C")), [("M035", "kind".to_owned())]);
    }

    #[test]
    fn a_longer_text_has_no_room_in_a_shorter_one() {
        let text = |longest| Type::Text { longest };
        assert!(holds(&text(40), &text(24)));
        assert!(!holds(&text(24), &text(40)));
        assert!(!holds(&Type::Date, &Type::Amount));
    }
}
