//! One key means one thing.

use super::{Draft, report, screens};
use crate::{
    menu::{
        AnswerType, Keys, Screen, Verb,
        problem::{Found, Problem},
        syntax,
    },
    model::{ControlNumber, MemberNumber},
};

/// More things to choose from than this are too many for one page (`facts/limits.md`, B3).
const FEW: usize = 5;

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (_, written, menu) in draft.menus() {
        for (_, written, screen) in screens(written, menu) {
            taken_keys(&draft.set.keys, written, problems);
            answers(written, screen, problems);
            many(draft.set.languages.len(), written, screen, problems);
        }
    }
}

/// Keys that mean back, home or more. On a question those do not work, so there they are free.
fn taken_keys(keys: &Keys, screen: &syntax::Screen, problems: &mut Vec<Found>) {
    let own: Vec<&syntax::Name> = match &screen.verb {
        Some(syntax::Verb::Ask { .. }) => Vec::new(),
        Some(syntax::Verb::Confirm { key, .. }) => vec![key],
        Some(_) | None => screen.options().iter().map(|choice| &choice.key).collect(),
    };
    for key in own {
        let meaning = [
            (&keys.back, "back"),
            (&keys.home, "home"),
            (&keys.more, "more"),
        ];
        let meaning = meaning.into_iter().find(|(taken, _)| **taken == key.text);
        if let Some((_, meaning)) = meaning {
            let problem = Problem::KeyTaken(key.text.clone(), meaning);
            report(problems, key.at, problem);
        }
    }
}

/// Options of a question that a right answer can be.
fn answers(written: &syntax::Screen, screen: &Screen, problems: &mut Vec<Found>) {
    let Verb::Ask { answer, .. } = &screen.verb else {
        return;
    };
    for choice in written.options() {
        if answer.takes(&choice.key.text) {
            let problem = Problem::KeyIsAnAnswer(choice.key.text.clone());
            report(problems, choice.key.at, problem);
        }
    }
}

fn many(languages: usize, written: &syntax::Screen, screen: &Screen, problems: &mut Vec<Found>) {
    let count = match &screen.verb {
        Verb::Language { .. } => languages,
        Verb::Menu { .. }
        | Verb::List { .. }
        | Verb::Ask { .. }
        | Verb::Confirm { .. }
        | Verb::Show { .. }
        | Verb::End { .. }
        | Verb::Call { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => written.options().len(),
    };
    if count > FEW {
        report(problems, written.name.at, Problem::ManyOptions(count));
    }
}

impl AnswerType {
    /// Whether this input, in western digits and without spaces around it, is a right answer.
    pub(super) fn takes(self, input: &str) -> bool {
        let digits = !input.is_empty() && input.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Member => MemberNumber::parse(input).is_ok(),
            Self::Control => ControlNumber::parse(input).is_ok(),
            Self::Number { min, max } => {
                let number = input.parse::<i64>().ok().filter(|_| digits);
                number.is_some_and(|number| (min..=max).contains(&number))
            }
            Self::Digits { length, .. } => digits && input.len() == usize::from(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_an_answer_only_where_the_type_takes_it() {
        let number = AnswerType::Number { min: 1, max: 9 };
        assert!(number.takes("9") && number.takes("09"));
        assert!(!number.takes("0") && !number.takes("+1") && !number.takes(""));
        let digits = AnswerType::Digits {
            length: 2,
            sensitive: false,
        };
        assert!(digits.takes("00") && !digits.takes("0"));
        assert!(!AnswerType::Member.takes("0"));
        assert!(AnswerType::Member.takes("070707081"));
    }
}
