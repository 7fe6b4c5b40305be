use serde_json::Value as Answer;

use super::{DeclaredCall, FieldRule, OutcomeRule, Shape, compare::day};
use crate::{
    menu::{OneOf, OutcomeName, Type, Value},
    model::{Amount, ControlNumber, Currency, Msisdn},
};

/// More rows of a list than this are not kept: nobody pages through more on a phone.
const MOST_ROWS: usize = 30;

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The outcome.
    pub name: OutcomeName,
    /// What it gives.
    pub value: Option<Value>,
}

/// An answer that is none of those declared. It holds nothing of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Nonsense {
    /// No outcome fits.
    #[error("status {0} with this answer is no outcome that is declared")]
    NoOutcome(u16),
    /// A field that is given is missing or of another type: its position in the record, from 1.
    #[error("field {0} of the answer is missing or of another type")]
    Field(usize),
    /// A success that is no JSON.
    #[error("the answer is no JSON")]
    NotJson,
    /// There is no list where one is declared.
    #[error("there is no list where one is declared")]
    NoList,
}

impl DeclaredCall {
    /// The first outcome that fits, with what it gives. An answer that is no JSON is `None`: it can
    /// only have outcomes that look at nothing but the status.
    pub fn outcome(&self, status: u16, answer: Option<&Answer>) -> Result<Read, Nonsense> {
        let mut rules = self.outcomes.iter();
        let rule = rules.find(|rule| rule.fits(status, answer));
        let rule = rule.ok_or(Nonsense::NoOutcome(status))?;
        let shape = self.gives.as_ref().filter(|_| rule.gives);
        let value = shape.map(|shape| shape.read(answer.unwrap_or(&Answer::Null)));
        Ok(Read {
            name: rule.name,
            value: value.transpose()?,
        })
    }
}

impl OutcomeRule {
    fn fits(&self, status: u16, answer: Option<&Answer>) -> bool {
        let when = self.when.as_ref();
        self.statuses.iter().any(|range| range.contains(&status))
            && when.is_none_or(|when| answer.is_some_and(|answer| when.holds(answer)))
    }
}

impl Shape {
    fn read(&self, answer: &Answer) -> Result<Value, Nonsense> {
        let Some(list) = &self.list else {
            return self.record(answer);
        };
        let rows = list.find(answer).and_then(Answer::as_array);
        let rows = rows.ok_or(Nonsense::NoList)?.iter().take(MOST_ROWS);
        let rows = rows.map(|row| self.record(row));
        Ok(Value::List(rows.collect::<Result<_, _>>()?))
    }

    fn record(&self, answer: &Answer) -> Result<Value, Nonsense> {
        let fields = (1..).zip(&self.fields);
        let fields = fields.map(|(position, field)| {
            let found = field.at.find(answer).and_then(|found| field.read(found));
            found.ok_or(Nonsense::Field(position))
        });
        Ok(Value::Record(fields.collect::<Result<_, _>>()?))
    }
}

impl FieldRule {
    /// A value of the declared type. A text that is too long is clipped, and ends in a point so that
    /// its reader sees it; half a number or a date would be a wrong one, so those are refused.
    fn read(&self, found: &Answer) -> Option<Value> {
        match &self.of {
            Type::Text { longest } => text(found).map(|text| Value::Text(clip(&text, *longest))),
            Type::Number { digits } => number(found, *digits).map(Value::Number),
            Type::Amount => amount(found, self.currency?).map(Value::Amount),
            Type::Date => day(found).map(Value::Date),
            Type::Member => {
                let number = self.numbers.read(found.as_str()?);
                number.ok().map(Value::Member)
            }
            Type::Control => ControlNumber::parse(&text(found)?).ok().map(Value::Control),
            Type::Phone => Msisdn::parse(found.as_str()?).ok().map(Value::Phone),
            Type::OneOf(words) => word(found, words).map(Value::Text),
            Type::Secret { .. } | Type::Record(_) | Type::List(_) => None,
        }
    }
}

/// A text, or a number as one: codes are sent as either.
fn text(found: &Answer) -> Option<String> {
    match found {
        Answer::String(text) => Some(text.trim().to_owned()),
        Answer::Number(number) => Some(number.to_string()),
        Answer::Null | Answer::Bool(_) | Answer::Array(_) | Answer::Object(_) => None,
    }
}

/// At most `longest` characters, the last a point where it was longer.
fn clip(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}.", kept.trim_end())
}

fn number(found: &Answer, digits: usize) -> Option<i64> {
    let number = found.as_i64()?;
    let most = u32::try_from(digits)
        .ok()
        .and_then(|digits| 10_i64.checked_pow(digits));
    // A sign takes a place that no page was measured with.
    (number >= 0 && most.is_none_or(|most| number < most)).then_some(number)
}

/// Money in whole units, as a number or as a decimal text, and no more than a page was measured with:
/// cents would print longer.
fn amount(found: &Answer, currency: Currency) -> Option<Amount> {
    let amount = Amount::parse_decimal(&text(found)?, currency).ok()?;
    let major = amount.minor / Amount::from_major(1, currency).minor;
    let whole = Amount::from_major(major, currency) == amount;
    (whole && (0..=99_999_999).contains(&major)).then_some(amount)
}

/// One of the words; `true` and `false` may be words.
fn word(found: &Answer, words: &OneOf) -> Option<String> {
    let word = match found.as_bool() {
        Some(flag) => flag.to_string(),
        None => text(found)?,
    };
    words.words.contains(&word).then_some(word)
}
