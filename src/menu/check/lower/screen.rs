use std::sync::Arc;

use super::Scope;
use crate::menu::{
    Choice, OutcomeKind, OutcomeTarget, Screen, Signature, Target, Template, Texts, Type, VarId,
    Verb, Way,
    problem::{Problem, Unknown},
    syntax::{self, Argument, Name, Text},
};

/// A call as it is written.
struct Call<'a> {
    operation: &'a Name,
    arguments: &'a [Argument],
    into: Option<&'a Name>,
    on: &'a [(Name, syntax::Target)],
    sms: &'a [(Name, Text)],
}

impl Scope<'_> {
    /// A screen. One that could not be read becomes an empty end, and its menu is not complete.
    pub(super) fn screen(&mut self, screen: &syntax::Screen) -> Screen {
        let verb = screen.verb.as_ref().and_then(|verb| self.verb(verb));
        if verb.is_none() {
            self.complete = false;
        }
        Screen {
            name: screen.name.text.clone(),
            span: screen.name.at,
            verb: verb.unwrap_or_else(|| self.empty_end()),
            sms: screen.sms.as_ref().map(|text| self.texts(text)),
            // Known when every screen is.
            live: Arc::default(),
            direct: screen.direct,
        }
    }

    fn empty_end(&self) -> Verb {
        let languages = self.set.root.languages.iter();
        Verb::End {
            text: Texts(languages.map(|_| Template::default()).collect()),
        }
    }

    fn verb(&mut self, verb: &syntax::Verb) -> Option<Verb> {
        Some(match verb {
            syntax::Verb::Menu { text, options } => Verb::Menu {
                text: self.texts(text),
                options: self.choices(options),
            },
            syntax::Verb::List {
                items,
                item,
                text,
                row,
                go,
                options,
            } => Verb::List {
                items: self.list(items)?,
                item: self.variable(item)?,
                text: self.texts(text),
                row: self.texts(row),
                go: self.target(go),
                options: self.choices(options),
            },
            syntax::Verb::Ask {
                text,
                answer,
                alternatives: _,
                into,
                wrong,
                tries,
                exhausted,
                go,
                options,
            } => Verb::Ask {
                text: self.texts(text),
                answer: answer.clone(),
                into: self.variable(into)?,
                wrong: self.texts(wrong),
                tries: *tries,
                exhausted: self.target(exhausted),
                go: self.target(go),
                options: self.choices(options),
            },
            syntax::Verb::Confirm { text, key, yes, no } => Verb::Confirm {
                text: self.texts(text),
                key: key.text.clone(),
                yes: self.target(yes),
                no: self.target(no),
            },
            syntax::Verb::Show {
                text,
                paged,
                options,
            } => Verb::Show {
                text: self.texts(text),
                paged: *paged,
                options: self.choices(options),
            },
            syntax::Verb::End { text } => Verb::End {
                text: self.texts(text),
            },
            syntax::Verb::Call {
                operation,
                arguments,
                into,
                on,
                sms,
            } => self.call(&Call {
                operation,
                arguments,
                into: into.as_ref(),
                on,
                sms,
            })?,
            syntax::Verb::Language { text, go } => Verb::Language {
                text: self.texts(text),
                go: self.target(go),
            },
            syntax::Verb::Route { ways, otherwise } => {
                let conditions = self.conditions(ways.iter().map(|(when, _)| when));
                let ways = conditions.into_iter().zip(ways);
                Verb::Route {
                    ways: ways
                        .map(|(when, (_, go))| Way {
                            when,
                            go: self.target(go),
                        })
                        .collect(),
                    otherwise: self.target(otherwise),
                }
            }
            syntax::Verb::Set { values, go } => Verb::Set {
                values: self.values(values)?,
                go: self.target(go),
            },
        })
    }

    fn choices(&mut self, choices: &[syntax::Choice]) -> Vec<Choice> {
        let lowered = choices.iter().map(|choice| Choice {
            key: choice.key.text.clone(),
            text: self.texts(&choice.text),
            go: self.target(&choice.go),
            when: choice.when.as_ref().map(|when| self.condition(when)),
        });
        lowered.collect()
    }

    /// The position of a variable that this menu itself sets.
    pub(super) fn variable(&self, name: &Name) -> Option<VarId> {
        let mut variables = (0..).zip(self.variables());
        variables
            .find(|(_, variable)| variable.name == name.text)
            .map(|(id, _)| id)
    }

    fn list(&mut self, items: &Argument) -> Option<VarId> {
        let (path, of) = self.value(items)?;
        if !matches!(of, Type::List(_)) {
            let problem = Problem::NotAList(items.written(), of.name().into_owned());
            self.report(items.at, problem);
            return None;
        }
        Some(path.variable)
    }

    fn call(&mut self, call: &Call<'_>) -> Option<Verb> {
        let name = call.operation;
        let set = self.set;
        let Some((operation, signature)) = set.call(&name.text) else {
            if !set.unread_calls.contains(&name.text) {
                let unknown = Unknown::new(&name.text, set.calls());
                self.report(name.at, Problem::UnknownCall(unknown));
            }
            return None;
        };
        let takes = signature.takes.iter();
        let wanted: Vec<(String, Option<Type>)> = takes
            .map(|field| (field.name.to_string(), Some(field.of.clone())))
            .collect();
        self.known_outcomes(&signature.outcomes, call);
        self.all_outcomes(signature, call);
        // What is left out stands behind all others, so those keep their places.
        let written = |kind: &&OutcomeKind| !kind.optional || is_written(kind, call);
        let on = signature.outcomes.iter().filter(written);
        Some(Verb::Call {
            operation,
            arguments: self.arguments(name, &wanted, call.arguments),
            into: call.into.and_then(|into| self.variable(into)),
            on: on.map(|kind| self.outcome(kind, call)).collect(),
        })
    }

    /// Reports outcomes that the call does not have.
    fn known_outcomes(&mut self, kinds: &[OutcomeKind], call: &Call<'_>) {
        let on = call.on.iter().map(|(name, _)| name);
        for name in on.chain(call.sms.iter().map(|(name, _)| name)) {
            let known = kinds.iter().map(|kind| kind.written.as_ref());
            if !known.clone().any(|known| known == name.text) {
                let unknown = Unknown::new(&name.text, known);
                self.report(name.at, Problem::UnknownOutcome(unknown));
                self.complete = false;
            }
        }
    }

    /// Reports outcomes that lead nowhere.
    fn all_outcomes(&mut self, signature: &Signature, call: &Call<'_>) {
        let needed = signature.outcomes.iter().filter(|kind| !kind.optional);
        let names = needed.map(|kind| &kind.written);
        let unhandled: Vec<String> = names
            .filter(|known| !call.on.iter().any(|(name, _)| name.text == **known))
            .map(ToString::to_string)
            .collect();
        if !unhandled.is_empty() {
            let problem = Problem::UnhandledOutcome(unhandled, signature.name.to_string());
            self.report(call.operation.at, problem);
            self.complete = false;
        }
    }

    fn outcome(&mut self, kind: &OutcomeKind, call: &Call<'_>) -> OutcomeTarget {
        let named = |name: &Name| name.text == kind.written;
        let target = call.on.iter().find(|(name, _)| named(name));
        let sms = call.sms.iter().find(|(name, _)| named(name));
        OutcomeTarget {
            name: kind.name,
            gives: kind.gives,
            target: target.map_or(Target::Home, |(_, target)| self.target(target)),
            sms: sms.map(|(_, text)| self.texts(text)),
        }
    }
}

/// Whether `on:` names the outcome.
fn is_written(kind: &OutcomeKind, call: &Call<'_>) -> bool {
    call.on.iter().any(|(name, _)| name.text == kind.written)
}
