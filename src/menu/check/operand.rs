//! What stands in conditions and is set: values, and their types.

use std::sync::Arc;

use super::types::Variables;
use crate::menu::{
    Operand, Path, Type, Value,
    problem::{Found, Problem},
    syntax::{self, Argument, Menu, Set, Verb},
    value::OneOf,
};

/// No list of ours has more records than four digits count.
const COUNT: Type = Type::Number { digits: 4 };

/// A setting, by its position, and its type.
pub(super) fn setting(set: &Set, argument: &Argument) -> Option<(Path, Type)> {
    if argument.variable != "setting" {
        return None;
    }
    let named = argument.field.as_deref();
    let mut settings = (0..).zip(&set.settings);
    let (index, setting) = settings.find(|(_, setting)| Some(setting.name.as_str()) == named)?;
    Some((Path::to_setting(index), setting.of.clone()))
}

/// What a name stands for in a condition, and its type; `None` where it is no value.
pub(super) fn named(
    set: &Set,
    variables: &Variables,
    argument: &Argument,
) -> Option<(Operand, Type)> {
    if let Some((path, of)) = setting(set, argument) {
        return Some((Operand::Value(path), of));
    }
    let field = argument.field.as_deref();
    match (argument.variable.as_str(), field) {
        ("language", None) => return Some((Operand::Language, Type::OneOf(tags(set)))),
        ("today", None) => return Some((Operand::Today, Type::Date)),
        _ => {}
    }
    let (variable, known) = variables.get(&argument.variable)?;
    let of = &known.of;
    match (field, of) {
        (None, _) => {
            let path = Path {
                variable,
                field: None,
            };
            Some((Operand::Value(path), of.clone()))
        }
        (Some("count"), Type::List(_)) => Some((Operand::Count(variable), COUNT)),
        (Some(field), Type::Record(record)) => {
            let (index, of) = record.field(field)?;
            let field = Some(u16::try_from(index).ok()?);
            Some((Operand::Value(Path { variable, field }), of))
        }
        (Some(_), _) => None,
    }
}

fn tags(set: &Set) -> Arc<OneOf> {
    let languages = set.root.languages.iter();
    let words = languages.map(|known| known.language.as_str().to_owned());
    Arc::new(OneOf {
        words: words.collect(),
        labels: Vec::new(),
    })
}

/// What a variable is set to, and its type. Of a choice a word may be given, as the text it is.
pub(super) fn given(
    set: &Set,
    variables: &Variables,
    into: &str,
    operand: &syntax::Operand,
) -> Option<(Operand, Type)> {
    if let Some((_, known)) = variables.get(into)
        && let Type::OneOf(of) = &known.of
        && let Some(word) = of.words.iter().find(|word| is_word(operand, word))
    {
        let constant = Operand::Constant(Value::Text(word.clone()));
        return Some((constant, known.of.clone()));
    }
    match operand {
        syntax::Operand::Constant(value) => {
            let of = of_constant(value)?;
            Some((Operand::Constant(value.clone()), of))
        }
        syntax::Operand::Named(argument) => named(set, variables, argument),
    }
}

fn is_word(operand: &syntax::Operand, word: &str) -> bool {
    match operand {
        syntax::Operand::Constant(Value::Text(text)) => text == word,
        syntax::Operand::Constant(_) => false,
        syntax::Operand::Named(argument) => argument.field.is_none() && argument.variable == word,
    }
}

fn of_constant(value: &Value) -> Option<Type> {
    match value {
        Value::Text(text) => Some(Type::Text {
            longest: text.chars().count(),
        }),
        Value::Number(number) => Some(Type::Number {
            digits: number.to_string().len(),
        }),
        Value::Date(_) => Some(Type::Date),
        Value::Amount(_)
        | Value::Member(_)
        | Value::Control(_)
        | Value::Phone(_)
        | Value::Record(_)
        | Value::List(_) => None,
    }
}

impl Variables {
    /// Finds the types of what a menu sets; as often as one may be set to another.
    pub(super) fn assigned(&mut self, set: &Set, menu: &Menu, problems: &mut Vec<Found>) {
        let verbs = menu
            .screens
            .iter()
            .filter_map(|screen| screen.verb.as_ref());
        let values = verbs.flat_map(|verb| {
            if let Verb::Set { values, .. } = verb {
                values.as_slice()
            } else {
                &[]
            }
        });
        let values: Vec<_> = values.collect();
        for _ in &values {
            let before = self.variables.clone();
            self.assign(set, &values, &mut Vec::new());
            if self.variables == before {
                break;
            }
        }
        self.assign(set, &values, problems);
    }

    fn assign(
        &mut self,
        set: &Set,
        values: &[&(syntax::Name, syntax::Operand)],
        problems: &mut Vec<Found>,
    ) {
        for (name, operand) in values {
            if let Some((_, of)) = given(set, self, &name.text, operand) {
                self.set(name, Some(of), problems);
            }
        }
    }

    /// Remembers what could not be found out: using it is no new mistake.
    pub(super) fn unassigned(&mut self, menu: &Menu) {
        for screen in &menu.screens {
            if let Some(Verb::Set { values, .. }) = &screen.verb {
                for (name, _) in values {
                    if self.get(&name.text).is_none() {
                        self.untyped.insert(name.text.clone());
                    }
                }
            }
        }
    }
}

/// Why two sides cannot be compared.
pub(super) fn uncomparable(left: &Type, sign: &str, right: &str) -> Problem {
    Problem::Uncomparable(left.name().into_owned(), sign.to_owned(), right.to_owned())
}
