//! An option and a row stand on one line of a small screen, and no word is longer than one.
//!
//! A sentence may go on in the next line, so its length says nothing.

use super::{Draft, report, screens};
use crate::menu::{
    LanguageName, Menu, MenuSet, Screen, Template, Verb,
    check::fit::Widest,
    page::print,
    problem::{Found, Problem},
    syntax::{self, Piece, Text},
};

/// The characters of a line.
const LINE: usize = 31;

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (index, language) in draft.set.languages.iter().enumerate() {
        let mut lines = Lines {
            set: &draft.set,
            index,
            language,
            problems,
        };
        for (_, written, menu) in draft.menus() {
            lines.menu(written, menu);
        }
    }
}

/// The check of one language.
struct Lines<'a> {
    set: &'a MenuSet,
    index: usize,
    language: &'a LanguageName,
    problems: &'a mut Vec<Found>,
}

impl Lines<'_> {
    fn menu(&mut self, written: &syntax::Menu, menu: &Menu) {
        let values = Widest::of(self.set, menu);
        for (_, written, screen) in screens(written, menu) {
            if let Some(text) = written.text() {
                self.words(text);
            }
            self.numbered(written, screen, &values);
        }
    }

    /// What stands behind a key: options and rows.
    fn numbered(&mut self, written: &syntax::Screen, screen: &Screen, values: &Widest<'_>) {
        let (Verb::Menu { options, .. }
        | Verb::List { options, .. }
        | Verb::Show { options, .. }
        | Verb::Ask { options, .. }) = &screen.verb
        else {
            return;
        };
        for (choice, written) in options.iter().zip(written.options()) {
            if let Some(template) = choice.text.get(self.index) {
                self.line(&choice.key, template, &written.text, values);
            }
        }
        if let (Verb::List { row, .. }, Some(syntax::Verb::List { row: text, .. })) =
            (&screen.verb, &written.verb)
            && let Some(template) = row.get(self.index)
        {
            self.line("1", template, text, values);
        }
    }

    fn line(&mut self, key: &str, template: &Template, text: &Text, values: &Widest<'_>) {
        let printed = print(template, self.language.language, values);
        let printed = format!("{key} {printed}");
        let longest = printed.lines().map(|line| line.chars().count()).max();
        self.measure(longest, text);
    }

    /// The words of a text, which a phone breaks anywhere where they are longer than its line.
    fn words(&mut self, text: &Text) {
        let pieces = &text.written(self.index).pieces;
        let words = pieces.iter().flat_map(|piece| match piece {
            Piece::Literal(text) => text.split_whitespace(),
            Piece::Placeholder { .. } => "".split_whitespace(),
        });
        let longest = words.map(|word| word.chars().count()).max();
        self.measure(longest, text);
    }

    fn measure(&mut self, longest: Option<usize>, text: &Text) {
        if let Some(longest) = longest.filter(|longest| *longest > LINE) {
            let problem = Problem::LongLine(longest, self.language.name.clone());
            report(self.problems, text.written(self.index).at, problem);
        }
    }
}
