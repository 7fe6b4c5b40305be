//! What each variable of a menu is.

use std::{collections::BTreeSet, sync::Arc};

use super::report;
use crate::menu::{
    AnswerType, Type, VarId, Variable,
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
            variables.set(name, Some(known), false, problems);
        }
        let verbs = || {
            menu.screens
                .iter()
                .filter_map(|screen| screen.verb.as_ref())
        };
        for verb in verbs() {
            variables.answered_or_called(set, verb, problems);
        }
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
            let (of, sensitive) = answered(*answer);
            self.set(into, Some(of), sensitive, problems);
        }
        if let Verb::Call {
            operation,
            into: Some(into),
            ..
        } = verb
        {
            let called = set.call(&operation.text);
            let gives = called.and_then(|(_, signature)| signature.gives.clone());
            self.set(into, gives, false, problems);
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
            self.set(item, of, false, problems);
        }
    }

    pub(super) fn set(
        &mut self,
        name: &Name,
        of: Option<Type>,
        sensitive: bool,
        problems: &mut Vec<Found>,
    ) {
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
                sensitive,
            }),
            Some(known) if known.of.fits(&of) => {
                known.of = wider(&known.of, &of);
                known.sensitive |= sensitive;
            }
            Some(known) => {
                let (one, other) = (known.of.name(), of.name());
                let problem =
                    Problem::TwoTypes(name.text.clone(), one.into_owned(), other.into_owned());
                report(problems, name.at, problem);
            }
        }
    }
}

/// Makes secret what a menu takes where another hands it a secret; as often as menus can open each
/// other, so that a secret is followed through all of them.
pub(super) fn hand_over_secrets(set: &Set, variables: &mut [Variables]) {
    for _ in &set.menus {
        for (index, menu) in set.menus.iter().enumerate() {
            for (opened, position) in secrets(menu, variables.get(index)) {
                let position_of = set
                    .menus
                    .iter()
                    .position(|menu| menu.name.text == opened.text);
                let taken = position_of.and_then(|index| variables.get_mut(index));
                if let Some(taken) = taken.and_then(|taken| taken.variables.get_mut(position)) {
                    taken.sensitive = true;
                }
            }
        }
    }
}

/// The menus that get a secret, and its position among what they take.
fn secrets<'a>(menu: &'a Menu, variables: Option<&Variables>) -> Vec<(&'a Name, usize)> {
    let targets = menu.screens.iter().flat_map(Screen::targets);
    let mut secrets = Vec::new();
    for target in targets {
        if let Target::Open { menu, arguments } = target {
            let secret = arguments.iter().enumerate().filter(|(_, argument)| {
                let variable = variables.and_then(|known| known.get(&argument.variable));
                variable.is_some_and(|(_, variable)| variable.sensitive)
            });
            secrets.extend(secret.map(|(position, _)| (menu, position)));
        }
    }
    secrets
}

/// Whether every value of `given` has room in `wanted`.
pub(super) fn holds(wanted: &Type, given: &Type) -> bool {
    given.fits(wanted) && wider(wanted, given) == *wanted
}

/// Of two types that fit each other the one with more room.
fn wider(one: &Type, other: &Type) -> Type {
    match (one, other) {
        (Type::Text { longest: a }, Type::Text { longest: b }) => Type::Text { longest: *a.max(b) },
        (Type::Number { digits: a }, Type::Number { digits: b }) => {
            Type::Number { digits: *a.max(b) }
        }
        (one, _) => one.clone(),
    }
}

fn answered(answer: AnswerType) -> (Type, bool) {
    match answer {
        AnswerType::Member => (Type::Member, false),
        AnswerType::Control => (Type::Control, false),
        AnswerType::Number { max, .. } => {
            let digits = max.to_string().len();
            (Type::Number { digits }, false)
        }
        AnswerType::Digits { length, sensitive } => {
            let longest = usize::from(length);
            (Type::Text { longest }, sensitive)
        }
    }
}

/// The names of types besides those of records.
const TYPES: [&str; 8] = [
    "member_number",
    "control_number",
    "number",
    "text",
    "amount",
    "date",
    "phone",
    "secret",
];

/// The type written `name` in `takes:`.
fn taken(set: &Set, name: &str) -> Option<Type> {
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
    use crate::menu::check::sketch::{found, root, source};

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
        let a = source(
            "a",
            "menu: a\ntakes: {x: text}\nstart: a\nscreens: {a: {menu: Habari, options: {\"1\": {text: Tena, open: b, with: [x]}}}}\n",
        );
        let b = source(
            "b",
            "menu: b\ntakes: {y: text}\nstart: b\nscreens: {b: {end: \"{y}\"}}\n",
        );
        assert_eq!(found(&[main, a, b]), [("M040", "{y}".to_owned())]);
    }

    #[test]
    fn a_longer_text_has_no_room_in_a_shorter_one() {
        let text = |longest| Type::Text { longest };
        assert!(holds(&text(40), &text(24)));
        assert!(!holds(&text(24), &text(40)));
        assert!(!holds(&Type::Date, &Type::Amount));
    }
}
