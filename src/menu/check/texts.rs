//! Every text in every language.

use std::collections::BTreeSet;

use super::report;
use crate::menu::{
    problem::{Found, Problem},
    syntax::{Argument, Menu, Screen, Set, Text, TextsFile, Written},
};

pub(super) fn check(set: &Set, problems: &mut Vec<Found>) {
    for (index, menu) in set.menus.iter().enumerate() {
        // What it includes is looked at in the fragment.
        let mut texts = texts_of(menu.screens.iter().take(menu.own));
        if index == 0 {
            texts.extend(set.root.texts());
        }
        check_texts(set, menu, &texts, problems);
    }
    for fragment in &set.fragments {
        let texts = texts_of(fragment.screens.iter());
        check_texts(set, fragment, &texts, problems);
    }
}

fn texts_of<'a>(screens: impl Iterator<Item = &'a Screen>) -> Vec<&'a Text> {
    screens.flat_map(Screen::texts).collect()
}

fn check_texts(set: &Set, menu: &Menu, texts: &[&Text], problems: &mut Vec<Found>) {
    for language in 1..set.root.languages.len() {
        missing(set, menu, language, texts, problems);
    }
    for text in texts {
        lost(set, text, problems);
    }
}

/// Texts that a further language lacks; one problem where it has no file at all.
fn missing(set: &Set, menu: &Menu, language: usize, texts: &[&Text], problems: &mut Vec<Found>) {
    let Some(known) = set.root.languages.get(language) else {
        return;
    };
    let file = format!("{}.{}.yaml", menu.name.text, known.language);
    let lacks = |text: &&&Text| !has(text, language) && text.base.has_words();
    let mut lacking = texts.iter().filter(lacks).peekable();
    match menu.texts_files.get(language - 1) {
        Some(TextsFile::There) => {
            for text in lacking {
                let place = format!("`{}` to `{file}`", text.path);
                let problem = Problem::MissingText(known.name.clone(), place);
                report(problems, text.base.at, problem);
            }
        }
        Some(TextsFile::Missing) if lacking.peek().is_some() => {
            let problem = Problem::MissingTextsFile(file, known.name.clone());
            report(problems, menu.name.at, problem);
        }
        Some(TextsFile::Missing | TextsFile::Unreadable) | None => {}
    }
}

fn has(text: &Text, language: usize) -> bool {
    text.languages().any(|(index, _)| index == language)
}

/// Values that a translation leaves out.
fn lost(set: &Set, text: &Text, problems: &mut Vec<Found>) {
    let wanted = named(&text.base);
    for (index, written) in text.languages().skip(1) {
        let Some(language) = set.root.languages.get(index) else {
            continue;
        };
        for name in wanted.difference(&named(written)) {
            let problem = Problem::PlaceholderLost(name.clone(), language.name.clone());
            report(problems, written.at, problem);
        }
    }
}

fn named(written: &Written) -> BTreeSet<String> {
    written.values().map(Argument::written).collect()
}
