//! What a screen can say, whatever its values: literal texts and the set's words.

use super::{View, print::literals, sheet::word_of};
use crate::menu::{Choice, Texts, Verb, Words};

/// Everything that a screen can say in its language by itself: it decides the screen's alphabet.
pub(super) fn spoken<'a>(view: &View<'a>, index: usize) -> Vec<&'a str> {
    let words = view.set.words.get(index);
    let word = |pick: &fn(&Words) -> &String| word_of(words, *pick);
    let verb = &view.screen.verb;
    let mut spoken: Vec<&str> = words_of(verb).iter().map(word).collect();
    let texts = texts_of(verb).into_iter();
    spoken.extend(
        texts
            .filter_map(|texts| texts.get(index))
            .flat_map(literals),
    );
    if let Verb::Language { .. } = verb {
        spoken.extend(view.set.languages.iter().map(|known| known.name.as_str()));
    }
    spoken
}

fn words_of(verb: &Verb) -> Vec<fn(&Words) -> &String> {
    match verb {
        Verb::Menu { .. } | Verb::List { .. } | Verb::Show { .. } | Verb::Language { .. } => vec![
            |words| &words.choose_again,
            |words| &words.back,
            |words| &words.home,
            |words| &words.more,
        ],
        Verb::Confirm { .. } => vec![
            |words| &words.choose_again,
            |words| &words.yes,
            |words| &words.no,
            |words| &words.more,
        ],
        Verb::Ask { answer, .. } if !answer.alternatives().is_empty() => {
            vec![|words| &words.back, |words| &words.home, |words| {
                &words.more
            }]
        }
        Verb::Ask { .. }
        | Verb::End { .. }
        | Verb::Call { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => vec![|words| &words.more],
    }
}

fn texts_of(verb: &Verb) -> Vec<&Texts> {
    let (own, options): (Vec<&Texts>, &[Choice]) = match verb {
        Verb::Menu { text, options } | Verb::Show { text, options, .. } => (vec![text], options),
        Verb::List {
            text, row, options, ..
        } => (vec![text, row], options),
        Verb::Ask {
            text,
            wrong,
            options,
            answer,
            ..
        } => {
            let alternatives = answer.alternatives().iter().map(|one| &one.text);
            let own = [text, wrong].into_iter().chain(alternatives);
            (own.collect(), options)
        }
        Verb::Confirm { text, .. } | Verb::End { text } | Verb::Language { text, .. } => {
            (vec![text], &[])
        }
        Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. } => (Vec::new(), &[]),
    };
    let options = options.iter().map(|choice| &choice.text);
    own.into_iter().chain(options).collect()
}
