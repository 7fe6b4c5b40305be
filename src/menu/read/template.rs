//! Cuts a text into words and placeholders: `{var}`, `{var.field}`, `{var.field:16}`; a doubled
//! brace is one.

use super::{Reader, is_name};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Argument, Piece},
    },
    model::source::{Source, Span},
};

impl Reader<'_> {
    /// The pieces of a text; a placeholder that cannot be read is reported and left out.
    pub(super) fn pieces(&mut self, text: &str, at: Span) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        let mut search = at;
        while let Some((before, brace, after)) = split_at_brace(rest) {
            literal.push_str(before);
            rest = after;
            if let Some(after) = after.strip_prefix(brace) {
                literal.push(brace);
                rest = after;
                continue;
            }
            let Some((inner, after)) = (brace == '{').then(|| after.split_once('}')).flatten()
            else {
                self.report(at, Problem::BadPlaceholder(format!("a lone `{brace}`")));
                continue;
            };
            rest = after;
            let place = self.locate(inner, &mut search);
            if let Some(piece) = self.placeholder(inner, place) {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(piece);
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        pieces
    }

    fn placeholder(&mut self, inner: &str, at: Span) -> Option<Piece> {
        let (path, width) = match inner.split_once(':') {
            Some((path, width)) => (path, Some(width)),
            None => (inner, None),
        };
        let Some(value) = argument(path, at) else {
            let why = format!("`{path}` is no variable or field");
            self.report(at, Problem::BadPlaceholder(why));
            return None;
        };
        let width = match width.map(str::parse::<usize>) {
            None => None,
            Some(Ok(width @ 1..=160)) => Some(width),
            Some(_) => {
                self.report(at, Problem::BadNumber("a width from 1 to 160"));
                return None;
            }
        };
        Some(Piece::Placeholder { value, width })
    }

    /// Where a placeholder stands in its file, from `search` on; `search` moves behind it. The whole
    /// text where escapes hide it.
    pub(super) fn locate(&self, inner: &str, search: &mut Span) -> Span {
        let written = self.sources.get(search.source);
        let found = written
            .and_then(|Source { text, .. }| text.get(search.start..search.end))
            .and_then(|text| text.find(&format!("{{{inner}}}")));
        let Some(offset) = found else {
            return *search;
        };
        let start = search.start + offset;
        let place = Span {
            start,
            end: start + inner.len() + 2,
            ..*search
        };
        search.start = place.end;
        place
    }
}

/// `member` or `bill.number`.
pub(super) fn argument(text: &str, at: Span) -> Option<Argument> {
    let (variable, field) = match text.split_once('.') {
        Some((variable, field)) => (variable, Some(field)),
        None => (text, None),
    };
    let fits = is_name(variable) && field.is_none_or(is_name);
    fits.then(|| Argument {
        variable: variable.to_owned(),
        field: field.map(str::to_owned),
        at,
    })
}

/// The text before the first brace, the brace, and the text behind it.
pub(super) fn split_at_brace(text: &str) -> Option<(&str, char, &str)> {
    let index = text.find(['{', '}'])?;
    let (before, rest) = text.split_at_checked(index)?;
    let mut characters = rest.chars();
    let brace = characters.next()?;
    Some((before, brace, characters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> (Vec<String>, usize) {
        let sources = [Source {
            name: "chf/chf.yaml".into(),
            text: text.into(),
        }];
        let mut problems = Vec::new();
        let mut reader = Reader {
            sources: &sources,
            problems: &mut problems,
            translations: Vec::new(),
            texts: Vec::new(),
            path: Vec::new(),
        };
        let at = Span {
            source: 0,
            start: 0,
            end: text.len(),
        };
        let pieces = reader.pieces(text, at);
        let written = pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Placeholder { value, width } => {
                let place = text.get(value.at.start..value.at.end).unwrap();
                format!("<{place} {} {width:?}>", value.written())
            }
        });
        (written.collect(), problems.len())
    }

    #[test]
    fn a_text_is_cut_at_its_placeholders_which_know_their_places() {
        let (pieces, problems) = pieces("Hi {a} {{x}} {a}{b.c:12}!");
        let expected = [
            "Hi ",
            "<{a} a None>",
            " {x} ",
            "<{a} a None>",
            "<{b.c:12} b.c Some(12)>",
            "!",
        ];
        assert_eq!(pieces, expected);
        assert_eq!(problems, 0);
    }

    #[test]
    fn what_is_no_placeholder_is_reported_and_left_out() {
        for text in [
            "{", "a } b", "{a", "{A}", "{a.}", "{.b}", "{a b}", "{a:x}", "{a:0}", "{}",
        ] {
            assert_eq!(pieces(text).1, 1, "{text}");
        }
    }
}
