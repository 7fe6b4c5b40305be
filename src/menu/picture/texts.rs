//! The texts of a page: placeholders by name, wrapped as on the phone.

use super::{
    model::{Line, Run},
    names::Names,
};
use crate::menu::{Part, Template};

/// The characters of a line on a page.
pub(super) const LINE: usize = 30;

/// The most lines of a text; what is longer ends in `…`.
const MOST_LINES: usize = 7;

/// A text in one line, its placeholders in braces.
pub(super) fn in_line(names: Names<'_>, template: &Template) -> String {
    let letters = letters(names, template).into_iter();
    let text: String = letters.map(|(letter, _)| letter).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as the lines of a page.
pub(super) fn lines(names: Names<'_>, template: &Template) -> Vec<Line> {
    let letters = letters(names, template);
    let paragraphs = letters.split(|(letter, _)| *letter == '\n');
    let mut lines: Vec<_> = paragraphs.flat_map(wrapped).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            last.truncate(LINE - 1);
            last.push(('…', false));
        }
    }
    lines.iter().map(|line| runs(line)).collect()
}

/// A line of a page that is not the author's.
pub(super) fn plain(text: &str) -> Line {
    let letters: Vec<_> = text.chars().map(|letter| (letter, false)).collect();
    runs(&letters)
}

/// At most `width` characters; what is cut ends in `…`.
pub(super) fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

type Letter = (char, bool);

fn letters(names: Names<'_>, template: &Template) -> Vec<Letter> {
    let mut letters = Vec::new();
    for part in &template.parts {
        match part {
            Part::Literal(text) => letters.extend(text.chars().map(|letter| (letter, false))),
            Part::Value { path, .. } | Part::Word { path, .. } => {
                let name = format!("{{{}}}", names.short(*path));
                letters.extend(name.chars().map(|letter| (letter, true)));
            }
        }
    }
    letters
}

/// A paragraph cut between words; a word that is longer than a line is cut in itself.
fn wrapped(paragraph: &[Letter]) -> Vec<Vec<Letter>> {
    let mut lines = vec![Vec::new()];
    for word in paragraph.split(|(letter, _)| *letter == ' ') {
        for (index, piece) in word.chunks(LINE).enumerate() {
            push(&mut lines, piece, index == 0);
        }
    }
    lines
}

fn push(lines: &mut Vec<Vec<Letter>>, piece: &[Letter], spaced: bool) {
    let Some(last) = lines.last_mut() else {
        return;
    };
    let space = usize::from(spaced && !last.is_empty());
    if last.len() + space + piece.len() > LINE {
        lines.push(piece.to_vec());
        return;
    }
    last.extend(std::iter::repeat_n((' ', false), space));
    last.extend_from_slice(piece);
}

fn runs(letters: &[Letter]) -> Line {
    let runs = letters.chunk_by(|one, other| one.1 == other.1);
    let runs = runs.map(|run| Run {
        text: run.iter().map(|(letter, _)| *letter).collect(),
        value: run.first().is_some_and(|(_, value)| *value),
    });
    Line(runs.collect())
}
