//! The answers to choose from at a question.

use super::Reader;
use crate::{
    menu::{
        AnswerType, Part, Template, Texts,
        problem::{Problem, Unknown},
        syntax::{Alternative, Name, Piece, Text, Written},
    },
    model::source::yaml::Node,
};

impl Reader<'_> {
    /// `{"1": {is: nida, text: NIDA}, …}`.
    pub(super) fn choice_answer(&mut self, node: &Node) -> Option<(AnswerType, Vec<Alternative>)> {
        let pairs = self.pairs(node)?;
        if pairs.len() < 2 {
            let problem = Problem::WrongShape("a choice of two or more", "fewer");
            self.report(node.span, problem);
            return None;
        }
        let read: Vec<Option<_>> = self.below("choice", |reader| {
            let pairs = pairs.iter();
            pairs
                .map(|(key, node)| reader.alternative(key, node))
                .collect()
        });
        let read: Option<Vec<(Name, Alternative)>> = read.into_iter().collect();
        let read = read?;
        self.words_twice(&read)?;
        let answers = read.iter().map(|(is, one)| crate::menu::Alternative {
            key: one.key.text.clone(),
            is: is.text.clone(),
            text: literals(&one.text),
        });
        let answer = AnswerType::Choice(answers.collect());
        Some((answer, read.into_iter().map(|(_, one)| one).collect()))
    }

    fn alternative(&mut self, key: &Node, node: &Node) -> Option<(Name, Alternative)> {
        let key = self.key(key);
        let mut entries = self.entries(node, "an answer to choose")?;
        let is = self.require(&mut entries, "is");
        let is = is.and_then(|node| self.name(node));
        let below = key.as_ref().map_or("", |key| key.text.as_str()).to_owned();
        let text = self.below(&below, |reader| reader.require_text(&mut entries, "text"));
        self.finish(&entries);
        let (key, text) = (key?, text?);
        self.without_values(&text);
        Some((is?, Alternative { key, text }))
    }

    fn without_values(&mut self, text: &Text) {
        for (_, written) in text.languages() {
            for value in written.values() {
                let unknown = Unknown::new(&value.written(), []);
                self.report(value.at, Problem::UnknownVariable(unknown));
            }
        }
    }

    /// Reports a word that two keys mean.
    fn words_twice(&mut self, read: &[(Name, Alternative)]) -> Option<()> {
        let mut twice = None;
        for (index, (is, _)) in read.iter().enumerate() {
            let mut before = read.iter().take(index);
            if before.any(|(other, _)| other.text == is.text) {
                self.report(is.at, Problem::DuplicateKey(is.text.clone()));
                twice = Some(());
            }
        }
        twice.is_none().then_some(())
    }
}

/// A text without values in every language of the set.
fn literals(text: &Text) -> Texts {
    let languages = 0..=text.others.len();
    Texts(
        languages
            .map(|index| literal(text.written(index)))
            .collect(),
    )
}

fn literal(written: &Written) -> Template {
    let parts = written.pieces.iter().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(Part::Literal(text.clone())),
        Piece::Placeholder { .. } => None,
    });
    Template {
        parts: parts.collect(),
    }
}
