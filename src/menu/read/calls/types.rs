use std::{borrow::Cow, sync::Arc};

use super::{Parameter, Reader};
use crate::{
    menu::{
        Field, OneOf, Type,
        problem::{Problem, Unknown},
        read::entries::Entries,
    },
    model::{Currency, source::yaml::Node},
};

/// The longest text and number where their length is not given, as menus take them.
const TEXT: usize = 40;
const DIGITS: usize = 9;

/// What a call can take.
const TAKEN: [&str; 10] = [
    "member_number",
    "control_number",
    "number",
    "text",
    "digits",
    "date",
    "phone",
    "pin",
    "amount",
    "word",
];

/// What a field can be that has no bound.
const UNBOUND: [&str; 4] = ["date", "member_number", "control_number", "phone"];

impl Reader<'_> {
    /// What the call takes; nothing where it is left out.
    pub(super) fn takes_of_call(&mut self, entries: &mut Entries<'_>) -> Vec<Parameter> {
        let Some(node) = entries.take("takes") else {
            return Vec::new();
        };
        let mut takes: Vec<Parameter> = Vec::new();
        for (name, of) in self.pairs(node).unwrap_or_default() {
            let (Some(name), of) = (self.name(name), self.taken_type(of)) else {
                continue;
            };
            if matches!(name.text.as_str(), "language" | "secret" | "setting") {
                self.report(name.at, Problem::ReservedName(name.text));
                continue;
            }
            takes.push(Parameter {
                field: Field {
                    name: Cow::Owned(name.text),
                    // A mistake that was told: what is handed over is not compared with it.
                    of: of.unwrap_or(Type::Text { longest: TEXT }),
                },
                at: name.at,
            });
        }
        takes
    }

    fn taken_type(&mut self, node: &Node) -> Option<Type> {
        if let Some(name) = node.text() {
            let of = bare(name);
            if of.is_none() {
                let unknown = Unknown::new(name, TAKEN);
                self.report(node.span, Problem::UnknownType(unknown));
            }
            return of;
        }
        let mut entries = self.entries(node, "a type")?;
        let secret = self.take_flag(&mut entries, "secret");
        let mut read = Vec::new();
        for key in ["text", "digits", "number"] {
            if let Some(node) = entries.take(key) {
                read.push(self.bound(key, node));
            }
        }
        self.finish(&entries);
        let [of] = <[Option<Type>; 1]>::try_from(read).ok().or_else(|| {
            self.report(
                node.span,
                Problem::WrongShape("one type", "none or several"),
            );
            None
        })?;
        let of = of?;
        if !secret {
            return Some(of);
        }
        let Type::Text { longest } = of else {
            let problem = Problem::WrongShape("a text or digits beside `secret`", "a number");
            self.report(node.span, problem);
            return None;
        };
        Some(Type::Secret { longest })
    }

    /// The type `key` with the bound at `node`.
    fn bound(&mut self, key: &str, node: &Node) -> Option<Type> {
        if key == "number" {
            let digits = self.number(node, 1, 18, "a length from 1 to 18")?;
            return Some(Type::Number {
                digits: usize::try_from(digits).ok()?,
            });
        }
        let longest = self.number(node, 1, 160, "a length from 1 to 160")?;
        Some(Type::Text {
            longest: usize::try_from(longest).ok()?,
        })
    }

    /// The type of a field that is given, and its currency where it is an amount.
    pub(super) fn given_type(
        &mut self,
        entries: &mut Entries<'_>,
    ) -> Option<(Type, Option<Currency>)> {
        let mut read = Vec::new();
        for key in ["text", "number"] {
            if let Some(node) = entries.take(key) {
                read.push(self.bound(key, node).map(|of| (of, None)));
            }
        }
        if let Some(node) = entries.take("amount") {
            read.push(
                self.currency(node)
                    .map(|currency| (Type::Amount, Some(currency))),
            );
        }
        if let Some(node) = entries.take("one_of") {
            read.push(self.one_of(node).map(|of| (of, None)));
        }
        if let Some(node) = entries.take("type") {
            read.push(self.unbound(node).map(|of| (of, None)));
        }
        let [of] = <[_; 1]>::try_from(read).ok().or_else(|| {
            let problem = Problem::WrongShape("one type", "none or several");
            self.report(entries.at, problem);
            None
        })?;
        of
    }

    fn one_of(&mut self, node: &Node) -> Option<Type> {
        let Some(items) = node.list() else {
            self.report(node.span, Problem::WrongShape("a list", node.describe()));
            return None;
        };
        let words: Vec<Option<&str>> = items.iter().map(|item| self.scalar(item)).collect();
        let words: Vec<String> = words.into_iter().flatten().map(str::to_owned).collect();
        if words.is_empty() {
            self.report(node.span, Problem::WrongShape("a word", "none"));
            return None;
        }
        Some(Type::OneOf(Arc::new(OneOf {
            words,
            labels: Vec::new(),
        })))
    }

    fn unbound(&mut self, node: &Node) -> Option<Type> {
        let name = self.scalar(node)?;
        let of = bare(name).filter(|_| UNBOUND.contains(&name));
        if of.is_none() {
            let unknown = Unknown::new(name, UNBOUND);
            self.report(node.span, Problem::UnknownType(unknown));
        }
        of
    }
}

/// A type that is a word alone.
pub(super) fn bare(name: &str) -> Option<Type> {
    Some(match name {
        "member_number" => Type::Member,
        "control_number" => Type::Control,
        "number" => Type::Number { digits: DIGITS },
        "text" | "word" | "digits" => Type::Text { longest: TEXT },
        "date" => Type::Date,
        "phone" => Type::Phone,
        "amount" => Type::Amount,
        "pin" => Type::Secret { longest: TEXT },
        _ => return None,
    })
}
