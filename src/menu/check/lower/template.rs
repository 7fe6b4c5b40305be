use super::Scope;
use crate::menu::{
    Part, Path, Template, Texts, Type,
    problem::{Problem, Unknown},
    syntax::{Argument, Piece, Text, Written},
};

impl Scope<'_> {
    /// A text in every language of the set; where one is missing the first stands for it.
    pub(super) fn texts(&mut self, text: &Text) -> Texts {
        let base = self.template(&text.base);
        let others = text.others.iter().map(|written| match written {
            Some(written) => self.template(written),
            None => base.clone(),
        });
        let others: Vec<Template> = others.collect();
        Texts(std::iter::once(base).chain(others).collect())
    }

    fn template(&mut self, written: &Written) -> Template {
        let parts = written.pieces.iter().filter_map(|piece| self.part(piece));
        Template {
            parts: parts.collect(),
        }
    }

    fn part(&mut self, piece: &Piece) -> Option<Part> {
        match piece {
            Piece::Literal(text) => Some(Part::Literal(text.clone())),
            Piece::Placeholder { value, width } => {
                let (path, of) = self.value(value)?;
                if self.is_secret(path) {
                    self.report(value.at, Problem::SecretInText(value.variable.clone()));
                }
                let problem = unprintable(value, of, width.is_some());
                if let Some(problem) = problem {
                    self.report(value.at, problem);
                    return None;
                }
                Some(Part::Value {
                    path,
                    width: *width,
                })
            }
        }
    }

    fn is_secret(&self, path: Path) -> bool {
        let variable = self.variables().get(usize::from(path.variable));
        variable.is_some_and(|variable| variable.sensitive)
    }
}

/// Why a value cannot be printed so.
pub(in crate::menu::check) fn unprintable(
    value: &Argument,
    of: Type,
    clipped: bool,
) -> Option<Problem> {
    match of {
        Type::Record(record) | Type::List(record) => {
            let fields = record.fields.iter().map(|field| field.name);
            let whole = Unknown::new(&value.written(), fields);
            Some(Problem::NotPrintable(whole))
        }
        Type::Number { .. } | Type::Amount | Type::Date | Type::Member | Type::Control
            if clipped =>
        {
            Some(Problem::BadWidth(of.name()))
        }
        Type::Text { .. }
        | Type::Number { .. }
        | Type::Amount
        | Type::Date
        | Type::Member
        | Type::Control => None,
    }
}
