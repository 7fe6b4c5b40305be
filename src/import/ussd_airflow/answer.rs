//! What a right answer is, of the validators of an input screen.

use super::{
    Translation,
    expression::{Expression, Operator, Path},
    fields::Fields,
    pattern,
    values::Plain,
};
use crate::{
    import::{
        Problem,
        yaml::{Entry, Yaml},
    },
    model::source::{Span, yaml::Node},
};

/// The longest text where nothing says, and the most digits.
const TEXT: usize = 40;
const DIGITS: usize = 20;
/// The largest number that can be asked for.
const LARGEST: i64 = 999_999_999;

/// A type of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Text {
        min: usize,
        max: usize,
        pattern: Option<String>,
    },
    Digits {
        min: usize,
        max: usize,
    },
    Number {
        min: i64,
        max: i64,
    },
    Pin {
        min: usize,
        max: usize,
    },
}

/// What validators say, put together.
#[derive(Debug, Default)]
struct Limits {
    digits: Option<(usize, Option<usize>)>,
    pattern: Option<String>,
    /// Of the number.
    least: Option<i64>,
    most: Option<i64>,
    /// Of the text's length.
    shortest: Option<usize>,
    longest: Option<usize>,
}

impl Answer {
    pub(super) fn yaml(&self) -> Yaml {
        let bounds =
            |min: String, max: String| vec![Entry::word("min", min), Entry::word("max", max)];
        let (name, entries) = match self {
            Self::Text { min, max, pattern } => {
                let mut entries = bounds(min.to_string(), max.to_string());
                let pattern = pattern.as_ref();
                entries.extend(
                    pattern.map(|pattern| Entry::new("pattern", Yaml::Quoted(pattern.clone()))),
                );
                ("text", entries)
            }
            Self::Digits { min, max } if min == max => {
                ("digits", vec![Entry::word("length", min.to_string())])
            }
            Self::Digits { min, max } => ("digits", bounds(min.to_string(), max.to_string())),
            Self::Number { min, max } => ("number", bounds(min.to_string(), max.to_string())),
            Self::Pin { min, max } => ("pin", bounds(min.to_string(), max.to_string())),
        };
        Yaml::Short(vec![Entry::new(name, Yaml::Short(entries))])
    }

    /// Whether a key of digits is a right answer.
    pub(super) fn takes(&self, key: &str) -> bool {
        match self {
            Self::Text { min, max, .. } | Self::Digits { min, max } | Self::Pin { min, max } => {
                (*min..=*max).contains(&key.len())
            }
            Self::Number { min, max } => {
                let number = key.parse::<i64>().ok();
                number.is_some_and(|number| (*min..=*max).contains(&number))
            }
        }
    }
}

impl Translation<'_> {
    /// The type of a question, and its message for wrong answers where it has one.
    pub(super) fn answer<'n>(
        &mut self,
        name: &str,
        fields: &mut Fields<'n>,
    ) -> (Answer, Option<&'n Node>) {
        let mut limits = Limits::default();
        let mut message = None;
        if let Some(node) = fields.take("validators") {
            let Some(rules) = node.list() else {
                self.shape(node, "a list");
                return (limits.answer(None), None);
            };
            for rule in rules {
                let said = self.validator(rule, name, &mut limits);
                match (said, message) {
                    (Some(said), None) => message = Some(said),
                    (Some(said), Some(_)) => self.report(said.span, Problem::SecondMessage),
                    (None, _) => {}
                }
            }
        }
        let plain = self.values.plain(name);
        if plain == Some(Plain::Text) && limits.is_bounded() {
            let why = format!("limits of `{name}`, which is no number elsewhere");
            self.report(fields.at_key("validators"), Problem::Validator(why));
        }
        (limits.answer(plain), message)
    }

    /// Adds what one validator says; its message.
    fn validator<'n>(
        &mut self,
        rule: &'n Node,
        name: &str,
        limits: &mut Limits,
    ) -> Option<&'n Node> {
        let Some(mut fields) = Fields::of(rule, &mut self.found) else {
            self.shape(rule, "a map");
            return None;
        };
        let text = fields.take("text");
        let error = fields.take("error_message");
        if let Some(node) = fields.take("regex") {
            self.regex(node, limits);
        }
        if let Some(node) = fields.take("expression") {
            self.check(node, name, limits);
        }
        self.finish(&fields);
        text.or(error)
    }

    fn regex(&mut self, node: &Node, limits: &mut Limits) {
        let Some(regex) = node.text() else {
            self.shape(node, "a text");
            return;
        };
        if let Some(digits) = pattern::digits(regex) {
            limits.digits = Some(digits);
            return;
        }
        match pattern::whole(regex) {
            Ok(pattern) if limits.pattern.is_none() => limits.pattern = Some(pattern),
            Ok(_) => self.report(node.span, Problem::Validator("a second pattern".to_owned())),
            Err(why) => self.report(node.span, Problem::Validator(why.to_owned())),
        }
    }

    fn check(&mut self, node: &Node, name: &str, limits: &mut Limits) {
        let written = node.text().unwrap_or_default();
        let expression = Expression::parse(written);
        let parts = match &expression {
            Some(Expression::And(all)) => all.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let known = !parts.is_empty() && parts.iter().all(|part| limits.bound(part, name));
        if !known {
            let why = format!("`{}`", written.trim());
            self.report(node.span, Problem::Validator(why));
        }
    }

    /// Reports a value of another shape.
    pub(super) fn shape(&mut self, node: &Node, wanted: &'static str) {
        self.report(node.span, Problem::WrongShape(wanted, node.describe()));
    }

    /// Reports an answer whose name says that it is a secret.
    pub(super) fn secret(&mut self, name: &str, answer: &Answer, at: Span) {
        if matches!(answer, Answer::Pin { .. }) {
            self.report(at, Problem::Secret(name.to_owned()));
        }
    }
}

impl Limits {
    /// Adds one comparison of the answer with a number; whether it was one.
    fn bound(&mut self, part: &Expression, name: &str) -> bool {
        let Expression::Compare(left, operator, right) = part else {
            return false;
        };
        let (path, operator, number) = match (&**left, &**right) {
            (Expression::Path(path), Expression::Number(number)) => (path, *operator, *number),
            (Expression::Number(number), Expression::Path(path)) => {
                (path, operator.swapped(), *number)
            }
            _ => return false,
        };
        if !is_answer(path, name) {
            return false;
        }
        let (least, most) = match operator {
            Operator::Equal => (Some(number), Some(number)),
            Operator::Less => (None, Some(number - 1)),
            Operator::AtMost => (None, Some(number)),
            Operator::More => (Some(number + 1), None),
            Operator::AtLeast => (Some(number), None),
            Operator::Unequal => return false,
        };
        if path.length {
            let length = |number: i64| usize::try_from(number).unwrap_or_default();
            self.shortest = least.map(length).max(self.shortest);
            self.longest = most.map(length).or(self.longest);
        } else {
            self.least = least.max(self.least);
            self.most = most.or(self.most);
        }
        true
    }

    /// Whether it must be a number.
    fn is_bounded(&self) -> bool {
        self.least.is_some() || self.most.is_some()
    }

    fn answer(&self, plain: Option<Plain>) -> Answer {
        let (least, most) = self.digits.unwrap_or((1, None));
        let min = self.shortest.unwrap_or(least).clamp(1, DIGITS);
        let max = self.longest.or(most);
        let bounded = self.is_bounded();
        match plain {
            Some(Plain::Secret) => Answer::Pin {
                min: self
                    .shortest
                    .or(self.digits.map(|_| min))
                    .unwrap_or(4)
                    .clamp(3, 12),
                max: max.unwrap_or(6).clamp(min.max(3), 12),
            },
            Some(Plain::Number) => self.number(most),
            None if bounded => self.number(most),
            _ if self.digits.is_some() && self.pattern.is_none() => Answer::Digits {
                min,
                max: max.unwrap_or(DIGITS).clamp(min, DIGITS),
            },
            _ => Answer::Text {
                min: self.shortest.unwrap_or(1),
                max: self.longest.unwrap_or(TEXT),
                pattern: self.pattern.clone(),
            },
        }
    }

    /// A number within its own limits and those of its digits.
    fn number(&self, digits: Option<usize>) -> Answer {
        let digits = u32::try_from(digits.unwrap_or(9).min(9)).unwrap_or(9);
        let largest = 10_i64.pow(digits) - 1;
        let min = self.least.unwrap_or(0).clamp(0, LARGEST);
        let max = self.most.unwrap_or(largest).clamp(min, LARGEST);
        Answer::Number { min, max }
    }
}

/// Whether the answer itself is meant.
fn is_answer(path: &Path, name: &str) -> bool {
    let parts: Vec<&str> = path.parts.iter().map(String::as_str).collect();
    let named = parts == ["ussd_request", "input"] || parts == ["input"] || parts == [name];
    named && path.filters.is_empty()
}

/// Whether validators leave room for nothing but digits, or say nothing.
pub(super) fn may_be_number(validators: Option<&Node>) -> bool {
    let rules = validators.and_then(Node::list).unwrap_or_default();
    let regexes = rules.iter().filter_map(|rule| {
        let mut entries = rule.map()?.iter();
        entries
            .find(|(key, _)| key.text() == Some("regex"))?
            .1
            .text()
    });
    let mut regexes = regexes.map(pattern::digits);
    regexes.all(|digits| digits.is_some())
}

/// Whether a number is what the validators compare.
pub(super) fn compares_number(validators: Option<&Node>, name: &str) -> bool {
    let rules = validators.and_then(Node::list).unwrap_or_default();
    rules.iter().any(|rule| {
        let entries = rule.map().unwrap_or_default();
        let mut expressions = entries
            .iter()
            .filter(|(key, _)| key.text() == Some("expression"));
        expressions.any(|(_, node)| {
            let mut limits = Limits::default();
            let expression = node.text().and_then(Expression::parse);
            let parts = match &expression {
                Some(Expression::And(all)) => all.iter().collect(),
                Some(one) => vec![one],
                None => Vec::new(),
            };
            for part in parts {
                limits.bound(part, name);
            }
            limits.is_bounded()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(checks: &[&str]) -> Limits {
        let mut limits = Limits::default();
        for check in checks {
            assert!(
                limits.bound(&Expression::parse(check).unwrap(), "age"),
                "{check}"
            );
        }
        limits
    }

    #[test]
    fn comparisons_become_limits() {
        let limits = limits(&["ussd_request.input|int > 17", "100 >= age|int"]);
        assert_eq!(limits.answer(None), Answer::Number { min: 18, max: 100 });
    }

    #[test]
    fn a_length_is_no_number() {
        let limits = limits(&["input|length == 4"]);
        let answer = limits.answer(None);
        assert_eq!(
            answer,
            Answer::Text {
                min: 4,
                max: 4,
                pattern: None
            }
        );
        assert!(answer.takes("1234") && !answer.takes("1"));
    }

    #[test]
    fn digits_without_an_end_are_bounded() {
        let limits = Limits {
            digits: Some((1, None)),
            ..Limits::default()
        };
        assert_eq!(limits.answer(None), Answer::Digits { min: 1, max: 20 });
        assert_eq!(
            limits.answer(Some(Plain::Number)),
            Answer::Number {
                min: 0,
                max: 999_999_999
            }
        );
        assert_eq!(
            limits.answer(Some(Plain::Secret)),
            Answer::Pin { min: 3, max: 6 }
        );
    }

    #[test]
    fn another_value_is_no_limit() {
        let mut limits = Limits::default();
        for check in [
            "height|int > 3",
            "age != 4",
            "age in ['1']",
            "age|round > 3",
        ] {
            assert!(
                !limits.bound(&Expression::parse(check).unwrap(), "age"),
                "{check}"
            );
        }
    }
}
