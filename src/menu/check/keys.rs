//! One key means one thing.

use super::{Draft, report, screens};
use crate::menu::{
    Keys, Screen, Verb,
    problem::{Found, Problem},
    syntax,
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

/// Keys that mean back, home or more. On a question where something is typed those do not work, so
/// there they are free.
fn taken_keys(keys: &Keys, screen: &syntax::Screen, problems: &mut Vec<Found>) {
    let own: Vec<&syntax::Name> = match &screen.verb {
        Some(syntax::Verb::Ask { alternatives, .. }) if alternatives.is_empty() => Vec::new(),
        Some(syntax::Verb::Ask {
            alternatives,
            options,
            ..
        }) => {
            let options = options.iter().map(|choice| &choice.key);
            let chosen = alternatives.iter().map(|one| &one.key);
            chosen.chain(options).collect()
        }
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
        Verb::Ask { answer, .. } => answer.alternatives().len() + written.options().len(),
        Verb::Menu { .. }
        | Verb::List { .. }
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

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::found_in;

    #[test]
    fn the_keys_of_a_choice_are_nobody_elses() {
        let screens = |key: &str, option: &str| {
            format!(
                "  main: {{menu: Habari, options: {{\"1\": {{text: Kadi, go: kind}}}}}}
  kind:
    ask: Kadi?
    type: {{choice: {{\"1\": {{is: nida, text: NIDA}}, \"{key}\": {{is: licence, text: Leseni}}}}}}
    as: kind
    wrong: Tena.
    go: home
    options: {{\"{option}\": {{text: Rudi, go: back}}}}\n"
            )
        };
        assert_eq!(found_in(&screens("2", "3")), []);
        let by = |code, key: &str| [(code, format!("\"{key}\""))];
        assert_eq!(found_in(&screens("0", "3")), by("M047", "0"));
        assert_eq!(found_in(&screens("2", "98")), by("M047", "98"));
        assert_eq!(found_in(&screens("2", "2")), by("M048", "2"));
    }
}
