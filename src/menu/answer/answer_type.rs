use std::sync::Arc;

use chrono::NaiveDate;

use super::{DayLimit, National, Pattern, day, whole};
use crate::{
    menu::{OneOf, Part, Template, Texts, Type, Value},
    model::{Amount, ControlNumber, Currency, NumberRule},
};

/// What is a right answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerType {
    /// A member number of this rule.
    Member(NumberRule),
    /// A control number.
    Control,
    /// A whole number within limits, both included.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Digits, kept as text.
    Digits {
        /// The fewest.
        min: u8,
        /// The most.
        max: u8,
        /// What they must look like besides.
        pattern: Option<Pattern>,
        /// Whether they are secret.
        sensitive: bool,
    },
    /// Money in whole units of its currency.
    Amount {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
        /// Its currency.
        currency: Currency,
    },
    /// A day.
    Date {
        /// The first that is right.
        min: Option<DayLimit>,
        /// The last that is right.
        max: Option<DayLimit>,
    },
    /// A phone number.
    Phone(National),
    /// One of these, by its key. The page shows them, with back and home.
    Choice(Vec<Alternative>),
    /// A text of so many characters.
    Text {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
        /// What it must look like besides.
        pattern: Option<Pattern>,
        /// Whether it is secret.
        sensitive: bool,
    },
}

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// What is typed.
    pub key: String,
    /// The word that it means, by which conditions and calls know it.
    pub is: String,
    /// Beside the key, and wherever the answer is printed. It holds no values.
    pub text: Texts,
}

impl AnswerType {
    /// The value of an input that is trimmed and in western digits, on the day `today`; `None` where
    /// it is not right.
    pub fn read(&self, text: &str, today: NaiveDate) -> Option<Value> {
        match self {
            Self::Member(rule) => rule.read(text).ok().map(Value::Member),
            Self::Control => ControlNumber::parse(text).ok().map(Value::Control),
            Self::Number { min, max } => whole::number(text)
                .filter(|number| (min..=max).contains(&number))
                .map(Value::Number),
            Self::Digits {
                min, max, pattern, ..
            } => {
                let length = (usize::from(*min), usize::from(*max));
                let digits = whole::are_digits(text) && fits(text, length, pattern.as_ref());
                digits.then(|| Value::Text(text.to_owned()))
            }
            Self::Amount { min, max, currency } => whole::grouped(text)
                .filter(|units| (min..=max).contains(&units))
                .map(|units| Value::Amount(Amount::from_major(units, *currency))),
            Self::Date { min, max } => {
                let day = day::read(text)?;
                let after = min.is_none_or(|first| first.on(today) <= day);
                let before = max.is_none_or(|last| day <= last.on(today));
                (after && before).then_some(Value::Date(day))
            }
            Self::Phone(national) => national.read(text).map(Value::Phone),
            Self::Choice(alternatives) => {
                let chosen = alternatives.iter().find(|one| one.key == text)?;
                Some(Value::Text(chosen.is.clone()))
            }
            Self::Text {
                min, max, pattern, ..
            } => {
                // Spaces that have no width would leave a blank where the answer is shown.
                let seen = |letter: char| letter.is_alphanumeric() || letter.is_ascii_punctuation();
                let plain = !text.chars().any(char::is_control) && text.chars().any(seen);
                let right = plain && fits(text, (*min, *max), pattern.as_ref());
                right.then(|| Value::Text(text.to_owned()))
            }
        }
    }

    /// Whether `key`, one to three digits, is a right answer on some day.
    pub(in crate::menu) fn takes(&self, key: &str) -> bool {
        // No day is written in three digits, so it does not matter which one this is.
        self.read(key, NaiveDate::default()).is_some()
    }

    /// The type of its values.
    pub fn value_type(&self) -> Type {
        match self {
            Self::Member(_) => Type::Member,
            Self::Control => Type::Control,
            Self::Number { max, .. } => Type::Number {
                digits: max.to_string().len(),
            },
            Self::Digits { max, sensitive, .. } => text_type(usize::from(*max), *sensitive),
            Self::Text { max, sensitive, .. } => text_type(*max, *sensitive),
            Self::Amount { .. } => Type::Amount,
            Self::Date { .. } => Type::Date,
            Self::Phone(_) => Type::Phone,
            Self::Choice(alternatives) => Type::OneOf(Arc::new(one_of(alternatives))),
        }
    }

    /// What there is to choose from; nothing where something is typed.
    pub fn alternatives(&self) -> &[Alternative] {
        match self {
            Self::Choice(alternatives) => alternatives,
            Self::Member(_)
            | Self::Control
            | Self::Number { .. }
            | Self::Digits { .. }
            | Self::Amount { .. }
            | Self::Date { .. }
            | Self::Phone(_)
            | Self::Text { .. } => &[],
        }
    }
}

fn text_type(longest: usize, sensitive: bool) -> Type {
    if sensitive {
        Type::Secret { longest }
    } else {
        Type::Text { longest }
    }
}

fn fits(text: &str, (min, max): (usize, usize), pattern: Option<&Pattern>) -> bool {
    let length = text.chars().count();
    (min..=max).contains(&length) && pattern.is_none_or(|pattern| pattern.matches(text))
}

fn one_of(alternatives: &[Alternative]) -> OneOf {
    let labels = |one: &Alternative| one.text.0.iter().map(literal).collect();
    OneOf {
        words: alternatives.iter().map(|one| one.is.clone()).collect(),
        labels: alternatives.iter().map(labels).collect(),
    }
}

fn literal(template: &Template) -> String {
    let parts = template.parts.iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text.as_str()),
        Part::Value { .. } | Part::Word { .. } => None,
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
    }

    fn read(answer: &AnswerType, text: &str) -> Option<Value> {
        answer.read(text, today())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_number_is_right_only_within_its_limits() {
        let persons = AnswerType::Number { min: 1, max: 9 };
        assert_eq!(read(&persons, "6"), Some(Value::Number(6)));
        for wrong in ["", "0", "10", "+6", "6.0", "six", "99999999999999999999"] {
            assert_eq!(read(&persons, wrong), None, "{wrong}");
        }
        assert!(read(&AnswerType::Member(NumberRule::Chf), "070707081").is_some());
        assert!(read(&AnswerType::Member(NumberRule::Chf), "070707082").is_none());
        assert!(read(&AnswerType::Control, "999990000017").is_some());
    }

    #[test]
    fn digits_have_a_length_and_perhaps_a_pattern() {
        let digits = |pattern: Option<&str>| AnswerType::Digits {
            min: 4,
            max: 6,
            pattern: pattern.map(|written| Pattern::new(written).unwrap()),
            sensitive: true,
        };
        assert_eq!(read(&digits(None), "0042"), Some(text("0042")));
        for wrong in ["042", "0042123", "004x"] {
            assert_eq!(read(&digits(None), wrong), None, "{wrong}");
        }
        assert_eq!(read(&digits(Some("7.*")), "7042"), Some(text("7042")));
        assert_eq!(read(&digits(Some("7.*")), "0742"), None);
        assert_eq!(digits(None).value_type(), Type::Secret { longest: 6 });
    }

    #[test]
    fn a_text_has_a_length_and_perhaps_a_pattern() {
        let plate = AnswerType::Text {
            min: 2,
            max: 5,
            pattern: Some(Pattern::new("[A-Z]{2}[0-9]*").unwrap()),
            sensitive: false,
        };
        assert_eq!(read(&plate, "AB123"), Some(text("AB123")));
        for wrong in ["", "A", "AB1234", "ab123", "AB12\t"] {
            assert_eq!(read(&plate, wrong), None, "{wrong}");
        }
        assert_eq!(plate.value_type(), Type::Text { longest: 5 });
    }

    #[test]
    fn an_amount_is_in_whole_units_of_its_currency() {
        let amount = AnswerType::Amount {
            min: 1_000,
            max: 3_000_000,
            currency: Currency::TZS,
        };
        let fee = Value::Amount(Amount::from_major(30_000, Currency::TZS));
        for right in ["30000", "30,000", "30 000"] {
            assert_eq!(read(&amount, right).as_ref(), Some(&fee), "{right}");
        }
        for wrong in ["999", "3000001", "30,00", "30.000", "-30000"] {
            assert_eq!(read(&amount, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_is_right_within_limits_that_move_with_today() {
        let born = AnswerType::Date {
            min: Some(DayLimit::parse("1900-01-01").unwrap()),
            max: Some(DayLimit::parse("today").unwrap()),
        };
        let day = |year, month, day| {
            Some(Value::Date(
                NaiveDate::from_ymd_opt(year, month, day).unwrap(),
            ))
        };
        assert_eq!(read(&born, "02032026"), day(2026, 3, 2));
        assert_eq!(read(&born, "1/1/1900"), day(1900, 1, 1));
        assert_eq!(read(&born, "03032026"), None);
        assert_eq!(read(&born, "31.12.1899"), None);
    }

    #[test]
    fn a_choice_is_its_word_and_prints_its_label() {
        let alternative = |key: &str, is: &str, label: &str| Alternative {
            key: key.to_owned(),
            is: is.to_owned(),
            text: Texts(vec![Template {
                parts: vec![Part::Literal(label.to_owned())],
            }]),
        };
        let card = AnswerType::Choice(vec![
            alternative("1", "nida", "NIDA"),
            alternative("2", "licence", "Leseni"),
        ]);
        assert_eq!(read(&card, "2"), Some(text("licence")));
        assert_eq!(read(&card, "3"), None);
        assert_eq!(read(&card, "nida"), None);
        let Type::OneOf(of) = card.value_type() else {
            panic!("a choice is one of a few words");
        };
        assert_eq!(of.words, ["nida", "licence"]);
        assert_eq!(of.labels, [["NIDA"], ["Leseni"]]);
    }

    #[test]
    fn a_text_of_which_nothing_is_seen_is_no_answer() {
        let note = AnswerType::Text {
            min: 1,
            max: 20,
            pattern: None,
            sensitive: false,
        };
        assert_eq!(read(&note, "\u{a0}\u{200b}\u{a0}"), None);
        assert_eq!(read(&note, "Mji Mpya"), Some(text("Mji Mpya")));
    }

    #[test]
    fn a_key_is_an_answer_only_where_the_type_takes_it() {
        let number = AnswerType::Number { min: 1, max: 9 };
        assert!(number.takes("9") && number.takes("09") && !number.takes("0"));
        let note = AnswerType::Text {
            min: 2,
            max: 20,
            pattern: None,
            sensitive: false,
        };
        assert!(note.takes("00") && !note.takes("0"));
        let any_day = AnswerType::Date {
            min: None,
            max: None,
        };
        for never in [
            AnswerType::Member(NumberRule::Chf),
            AnswerType::Control,
            any_day,
        ] {
            assert!((0..1000).all(|key| !never.takes(&key.to_string())));
        }
    }
}
