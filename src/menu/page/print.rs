use super::Values;
use crate::{
    menu::{Part, Template, Value},
    model::{
        Language,
        gsm7::{self, Alphabet},
    },
};

/// Joins the words of a printed amount or date, so that no page is cut inside one. Becomes a space
/// when the page is done.
pub(super) const NO_BREAK: char = '\u{a0}';

/// The longest text value that is printed where its template gives no width: one SMS.
const LONGEST: usize = 160;

/// A text with its values in their places. Values are folded to the text's alphabet, one unit a
/// character, and then clipped: none costs more than the widest of its type.
pub fn print(template: &Template, language: Language, values: &dyn Values) -> String {
    let printer = Printer {
        language,
        alphabet: alphabet_of(literals(template)),
        values,
    };
    settled(&printer.compose(template))
}

/// The words as an author wrote them, the labels of choices among them, without the values.
pub(super) fn literals(template: &Template) -> impl Iterator<Item = &str> {
    let each = template.parts.iter().map(|part| match part {
        Part::Literal(text) => vec![text.as_str()],
        Part::Word { labels, .. } => labels.iter().map(|(_, label)| label.as_str()).collect(),
        Part::Value { .. } => Vec::new(),
    });
    each.flatten()
}

/// The alphabet that texts need together.
pub(super) fn alphabet_of<'a>(mut texts: impl Iterator<Item = &'a str>) -> Alphabet {
    let plain = texts.all(|text| gsm7::septets(&settled(text)).is_some());
    if plain {
        Alphabet::Gsm7
    } else {
        Alphabet::Ucs2
    }
}

/// A composed text as a phone gets it.
pub(super) fn settled(composed: &str) -> String {
    composed.replace(NO_BREAK, " ")
}

/// Prints texts of one screen.
#[derive(Clone, Copy)]
pub(super) struct Printer<'a> {
    pub(super) language: Language,
    /// The alphabet of the whole screen, to which values are folded.
    pub(super) alphabet: Alphabet,
    pub(super) values: &'a dyn Values,
}

impl Printer<'_> {
    /// The text with its values; spaces inside amounts and dates are [`NO_BREAK`].
    pub(super) fn compose(&self, template: &Template) -> String {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Value { path, width } => {
                    let value = self.values.value(*path);
                    text.push_str(&value.map_or_else(String::new, |value| self.one(value, *width)));
                }
                Part::Word { path, labels } => {
                    let value = self.values.value(*path);
                    text.push_str(value.map_or("", |value| self.label(value, labels)));
                }
            }
        }
        text
    }

    /// The label of a choice's word. What is none of the words gets the longest label.
    fn label<'l>(&self, value: &Value, labels: &'l [(String, String)]) -> &'l str {
        let word = if let Value::Text(word) = value {
            word.as_str()
        } else {
            ""
        };
        let known = labels.iter().find(|(known, _)| known == word);
        let longest = labels.iter().max_by_key(|(_, label)| self.units(label));
        known.or(longest).map_or("", |(_, label)| label)
    }

    fn units(&self, text: &str) -> usize {
        match self.alphabet {
            Alphabet::Gsm7 => gsm7::septets(text).unwrap_or_default(),
            Alphabet::Ucs2 => text.encode_utf16().count(),
        }
    }

    fn one(&self, value: &Value, width: Option<usize>) -> String {
        let printed = match self.alphabet {
            Alphabet::Gsm7 => gsm7::fold(&value.print(self.language)),
            Alphabet::Ucs2 => gsm7::fold_wide(&value.print(self.language)),
        };
        if matches!(value, Value::Text(_)) {
            clipped(&printed, width.unwrap_or(LONGEST).min(LONGEST))
        } else {
            printed.replace(' ', &NO_BREAK.to_string())
        }
    }
}

/// At most `width` characters; the last one kept becomes a point where some were left out. Of one
/// character, an initial, the letter says more than the point.
pub(super) fn clipped(text: &str, width: usize) -> String {
    if width <= 1 || text.chars().count() <= width {
        return text.chars().take(width).collect();
    }
    let kept = text.chars().take(width.saturating_sub(1));
    kept.chain(std::iter::once('.')).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        menu::{Path, Type},
        model::{Amount, Currency, NumberRule},
    };

    struct One(Value);

    impl Values for One {
        fn value(&self, _: Path) -> Option<&Value> {
            Some(&self.0)
        }
    }

    fn printed(before: &str, value: Value, width: Option<usize>) -> String {
        let path = Path {
            variable: 0,
            field: None,
        };
        let parts = vec![
            Part::Literal(before.to_owned()),
            Part::Value { path, width },
        ];
        print(&Template { parts }, Language::FRENCH, &One(value))
    }

    #[test]
    fn a_value_is_folded_to_the_alphabet_of_its_text() {
        let name = || Value::Text("Zoë".to_owned());
        assert_eq!(printed("Nom ", name(), None), "Nom Zoe");
        assert_eq!(printed("Reçu ", name(), None), "Reçu Zoë");
    }

    #[test]
    fn a_long_value_is_clipped_visibly_and_an_amount_never() {
        let name = Value::Text("Mwanaisha".to_owned());
        assert_eq!(printed("", name.clone(), Some(6)), "Mwana.");
        assert_eq!(printed("", name, Some(9)), "Mwanaisha");
        let amount = Value::Amount(Amount::from_major(30_000, Currency::TZS));
        assert_eq!(printed("", amount, Some(4)), "30 000 TZS");
        let endless = Value::Text("x".repeat(500));
        assert_eq!(printed("", endless, None).chars().count(), LONGEST);
    }

    #[test]
    fn a_value_cannot_forge_a_line_or_a_placeholder() {
        let forged = Value::Text("Asha\n1 Lipa {0}\u{202e}".to_owned());
        assert_eq!(printed("", forged, None), "Asha 1 Lipa (0)");
    }

    #[test]
    fn a_choice_prints_its_label_and_no_other_is_longer_than_what_is_measured() {
        let path = Path {
            variable: 0,
            field: None,
        };
        let labels = |labels: [(&str, &str); 3]| {
            let owned = labels.map(|(word, label)| (word.to_owned(), label.to_owned()));
            let labels = owned.to_vec().into();
            Template {
                parts: vec![Part::Word { path, labels }],
            }
        };
        let printed = |template: &Template, word: &str| {
            print(
                template,
                Language::SWAHILI,
                &One(Value::Text(word.to_owned())),
            )
        };
        let plain = labels([("a", "Leseni"), ("b", "[NIDA]"), ("c", "NIDA")]);
        assert_eq!(printed(&plain, "a"), "Leseni");
        // Brackets cost two units of the plain alphabet.
        assert_eq!(printed(&plain, ""), "[NIDA]");
        let wide = labels([("a", "Leseni"), ("b", "[NIDA]"), ("c", "Reçu, né")]);
        assert_eq!(printed(&wide, "c"), "Reçu, né");
        assert_eq!(printed(&wide, ""), "Reçu, né");
    }

    #[test]
    fn an_initial_that_folds_to_two_letters_stays_a_letter() {
        let initial = Value::Text("Œ".to_owned());
        assert_eq!(printed("", initial, Some(1)), "O");
    }

    proptest! {
        #[test]
        fn no_text_value_costs_more_than_the_widest(
            value in "[a-z{}\\[\\]~|\\\\^€œ…漢😀é]{0,50}|.{0,50}",
            width in 1_usize..45,
            before in prop::sample::select(vec!["Jina ", "Reçu "]),
        ) {
            let widest = Type::Text { longest: width }.widest(NumberRule::Chf);
            let widest = gsm7::cost(&printed(before, widest, Some(width)));
            let cost = gsm7::cost(&printed(before, Value::Text(value), Some(width)));
            prop_assert_eq!(cost.alphabet, widest.alphabet);
            prop_assert!(cost.units <= widest.units);
        }
    }
}
