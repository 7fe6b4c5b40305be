use super::Scope;
use crate::menu::{
    Part, Path, Template, Texts, Type,
    problem::{Problem, Unknown},
    syntax::{Argument, Piece, Text, Written},
};

impl Scope<'_> {
    /// A text in every language of the set; where one is missing the first stands for it.
    pub(super) fn texts(&mut self, text: &Text) -> Texts {
        let base = self.template(&text.base, 0);
        let others = (1..).zip(&text.others);
        let others = others.map(|(language, written)| match written {
            Some(written) => self.template(written, language),
            None => base.clone(),
        });
        let others: Vec<Template> = others.collect();
        Texts(std::iter::once(base).chain(others).collect())
    }

    fn template(&mut self, written: &Written, language: usize) -> Template {
        let pieces = written.pieces.iter();
        let parts = pieces.filter_map(|piece| self.part(piece, language));
        Template {
            parts: parts.collect(),
        }
    }

    fn part(&mut self, piece: &Piece, language: usize) -> Option<Part> {
        match piece {
            Piece::Literal(text) => Some(Part::Literal(text.clone())),
            Piece::Placeholder { value, width } => {
                let (path, of) = self.value(value)?;
                if matches!(of, Type::Secret { .. }) {
                    self.report(value.at, Problem::SecretInText(value.variable.clone()));
                }
                let problem = unprintable(value, &of, width.is_some());
                if let Some(problem) = problem {
                    self.report(value.at, problem);
                    return None;
                }
                Some(labelled(path, &of, language).unwrap_or(Part::Value {
                    path,
                    width: width_of(&of, *width),
                }))
            }
        }
    }
}

/// A choice's word, with its labels in the language of the text.
fn labelled(path: Path, of: &Type, language: usize) -> Option<Part> {
    let Type::OneOf(of) = of else {
        return None;
    };
    let labels = of.words.iter().zip(&of.labels);
    let labels = labels.filter_map(|(word, labels)| {
        let label = labels.get(language).or(labels.first())?;
        Some((word.clone(), label.clone()))
    });
    let labels: Vec<(String, String)> = labels.collect();
    let labels = labels.into();
    (!of.labels.is_empty()).then_some(Part::Word { path, labels })
}

/// The most characters of a value that are printed: a text's written width, and never more than its
/// type is long, so that what the check measured is the longest. What has no width is not clipped.
pub(in crate::menu::check) fn width_of(of: &Type, written: Option<usize>) -> Option<usize> {
    match of {
        Type::Text { longest } => Some(written.map_or(*longest, |width| width.min(*longest))),
        Type::Number { .. }
        | Type::Amount
        | Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::OneOf(_)
        | Type::Secret { .. }
        | Type::Record(_)
        | Type::List(_) => None,
    }
}

/// Why a value cannot be printed so.
pub(in crate::menu::check) fn unprintable(
    value: &Argument,
    of: &Type,
    clipped: bool,
) -> Option<Problem> {
    match of {
        Type::Record(record) | Type::List(record) => {
            let fields = record.fields.iter().map(|field| field.name.as_ref());
            let whole = Unknown::new(&value.written(), fields);
            Some(Problem::NotPrintable(whole))
        }
        Type::Number { .. }
        | Type::Amount
        | Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::OneOf(_)
            if clipped =>
        {
            Some(Problem::BadWidth(of.name().into_owned()))
        }
        Type::Text { .. }
        | Type::Number { .. }
        | Type::Amount
        | Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::OneOf(_)
        | Type::Secret { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::{
        Verb,
        check::sketch::{compiled, root},
    };

    #[test]
    fn a_text_is_clipped_at_its_types_length_and_an_amount_nowhere() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Malipo, go: look}}}
  look: {call: payment.bills, as: bills, on: {found: pick, nothing: bye, down: bye}}
  pick: {list: bills, as: bill, text: Chagua, row: \"{bill.initials} {bill.initials:4} {bill.initials:99} {bill.amount}\", go: bye}
  bye: {end: Kwaheri}\n";
        let set = compiled(&[root(screens)]).set.unwrap();
        let rows = set.menus[0].screens.iter().filter_map(|screen| {
            if let Verb::List { row, .. } = &screen.verb {
                row.get(0)
            } else {
                None
            }
        });
        let parts = rows.flat_map(|row| &row.parts);
        let widths = parts.filter_map(|part| match part {
            Part::Value { width, .. } => Some(*width),
            Part::Literal(_) | Part::Word { .. } => None,
        });
        let widths: Vec<_> = widths.collect();
        assert_eq!(widths, [Some(9), Some(4), Some(9), None]);
    }
}
