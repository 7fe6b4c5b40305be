use std::{borrow::Cow, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{
    Amount, ControlNumber, Language, MemberNumber, Msisdn, NumberRule, gsm7, print_date,
};

/// A value of a dialogue: an answer, or what a call gave.
///
/// It is kept in the line, so it is small; fields are by position, in the order of their [`Record`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A text, from a caller or from outside; folded and clipped only when it is printed.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Money.
    Amount(Amount),
    /// A day.
    Date(#[serde(with = "super::days")] NaiveDate),
    /// A member number.
    Member(MemberNumber),
    /// A control number.
    Control(ControlNumber),
    /// A phone number.
    Phone(Msisdn),
    /// Fields, in the order of the record's type.
    Record(Vec<Value>),
    /// Records of one type.
    List(Vec<Value>),
}

impl std::fmt::Debug for Value {
    /// The shape only: values are personal data and must not reach a log by `{:?}`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Number(_) => "Number",
            Self::Amount(_) => "Amount",
            Self::Date(_) => "Date",
            Self::Member(_) => "Member",
            Self::Control(_) => "Control",
            Self::Phone(_) => "Phone",
            Self::Record(_) => "Record",
            Self::List(_) => "List",
        })
    }
}

impl Value {
    /// As a caller reads it. Records and lists have no print and give nothing: `check` lets no text
    /// name them.
    pub fn print(&self, language: Language) -> String {
        match self {
            Self::Text(text) => gsm7::clean(text),
            Self::Number(number) => number.to_string(),
            Self::Amount(amount) => amount.print(language),
            Self::Date(date) => print_date(*date, language),
            Self::Member(number) => number.to_string(),
            Self::Control(number) => number.to_string(),
            Self::Phone(phone) => phone.print(),
            Self::Record(_) | Self::List(_) => String::new(),
        }
    }

    /// The records, where this is a list.
    pub fn records(&self) -> Option<&[Self]> {
        if let Self::List(records) = self {
            Some(records)
        } else {
            None
        }
    }

    /// The field at `index`, where this is a record that has it.
    pub fn field(&self, index: usize) -> Option<&Self> {
        match self {
            Self::Record(fields) => fields.get(index),
            Self::Text(_)
            | Self::Number(_)
            | Self::Amount(_)
            | Self::Date(_)
            | Self::Member(_)
            | Self::Control(_)
            | Self::Phone(_)
            | Self::List(_) => None,
        }
    }
}

/// The type of a variable, argument or field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A text of at most so many characters.
    Text {
        /// The longest, in characters; longer values are clipped visibly when printed.
        longest: usize,
    },
    /// A whole number of at most so many digits.
    Number {
        /// The most digits.
        digits: usize,
    },
    /// Money up to 99,999,999.
    Amount,
    /// A day.
    Date,
    /// A member number.
    Member,
    /// A control number.
    Control,
    /// A phone number.
    Phone,
    /// One of a few words.
    OneOf(Arc<OneOf>),
    /// A PIN or another secret text: never printed, sent, logged or kept.
    Secret {
        /// The longest, in characters.
        longest: usize,
    },
    /// A record.
    Record(Arc<Record>),
    /// A list of records.
    List(Arc<Record>),
}

/// The words of a choice.
#[derive(Debug, PartialEq, Eq)]
pub struct OneOf {
    /// The words, each a [`Value::Text`].
    pub words: Vec<String>,
    /// What is printed for each word, in the languages of the set; empty where the word itself is.
    pub labels: Vec<Vec<String>>,
}

/// The type of a record: its fields by position.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// What an author reads in a message: `cover`.
    pub name: Cow<'static, str>,
    /// The fields, in the order of [`Value::Record`].
    pub fields: Vec<Field>,
}

/// A field of a record, or something that a call takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As written after the point: `{cover.first_name}`.
    pub name: Cow<'static, str>,
    /// Its type; never a record or a list.
    pub of: Type,
}

impl OneOf {
    /// The word that is longest.
    pub fn longest(&self) -> &str {
        let words = self.words.iter();
        words
            .max_by_key(|word| word.chars().count())
            .map_or("", String::as_str)
    }
}

impl Record {
    /// Position and type of a field.
    pub fn field(&self, name: &str) -> Option<(usize, Type)> {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .and_then(|index| {
                self.fields
                    .get(index)
                    .map(|field| (index, field.of.clone()))
            })
    }
}

impl Type {
    /// As an author writes or reads it: `member_number`.
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Text { .. } => "text",
            Self::Number { .. } => "number",
            Self::Amount => "amount",
            Self::Date => "date",
            Self::Member => "member_number",
            Self::Control => "control_number",
            Self::Phone => "phone",
            Self::OneOf(_) => "choice",
            Self::Secret { .. } => "secret",
            Self::Record(record) | Self::List(record) => return record.name.clone(),
        })
    }

    /// Whether its values are never printed, sent, logged or kept.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Secret { .. })
    }

    /// The record of a record or list.
    pub fn record(&self) -> Option<&Arc<Record>> {
        match self {
            Self::Record(record) | Self::List(record) => Some(record),
            Self::Text { .. }
            | Self::Number { .. }
            | Self::Amount
            | Self::Date
            | Self::Member
            | Self::Control
            | Self::Phone
            | Self::OneOf(_)
            | Self::Secret { .. } => None,
        }
    }

    /// Whether a value of type `self` can stand where `wanted` is asked for.
    pub fn fits(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Text { .. }, Self::Text { .. })
            | (Self::Number { .. }, Self::Number { .. })
            | (Self::Secret { .. }, Self::Secret { .. }) => true,
            (have, wanted) => have == wanted,
        }
    }

    /// The value that takes most room when printed in any language, for the proof that a screen
    /// fits, where members have `numbers`. A list has one row. A text may be any letters: printed
    /// values cost one unit a character.
    pub fn widest(&self, numbers: NumberRule) -> Value {
        match self {
            Self::Text { longest } => Value::Text("M".repeat(*longest)),
            Self::Number { digits } => {
                let nines = "9".repeat((*digits).min(18));
                Value::Number(nines.parse().unwrap_or(i64::MAX))
            }
            Self::Amount => {
                Value::Amount(Amount::from_major(88_888_888, crate::model::Currency::TZS))
            }
            Self::Date => Value::Date(NaiveDate::from_ymd_opt(2028, 7, 28).unwrap_or_default()),
            Self::Member => numbers
                .widest()
                .map_or_else(|| Value::Text("9".repeat(numbers.longest())), Value::Member),
            Self::Control => ControlNumber::parse("999999999999")
                .map_or_else(|_| Value::Text("9".repeat(12)), Value::Control),
            Self::Phone => Msisdn::parse("+999999999999999")
                .map_or_else(|_| Value::Text("9".repeat(16)), Value::Phone),
            // What is none of the words prints as the longest label.
            Self::OneOf(words) if words.labels.is_empty() => {
                Value::Text(words.longest().to_owned())
            }
            Self::OneOf(_) => Value::Text(String::new()),
            Self::Secret { longest } => Value::Text("*".repeat(*longest)),
            Self::Record(record) => Value::Record(
                record
                    .fields
                    .iter()
                    .map(|field| field.of.widest(numbers))
                    .collect(),
            ),
            Self::List(record) => {
                Value::List(vec![Self::Record(Arc::clone(record)).widest(numbers)])
            }
        }
    }
}
