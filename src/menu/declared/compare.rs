use chrono::NaiveDate;
use serde_json::Value;

use super::JsonPath;

/// One comparison of an answer: `active == true`, `visits.left > 0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What is compared.
    pub left: JsonPath,
    /// How.
    pub operator: Operator,
    /// With what.
    pub right: Constant,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The same.
    Equal,
    /// Not the same; what is missing is not the same as anything but `null`.
    Unequal,
    /// Less, or earlier.
    Less,
    /// Less or the same.
    AtMost,
    /// More, or later.
    More,
    /// More or the same.
    AtLeast,
}

/// What an answer is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// `null`: nothing is there.
    Nothing,
}

/// Longer ones first, so that `<=` is not read as `<`.
const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::More),
];

impl Comparison {
    /// Reads one comparison, or says in a few words why it is none.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (left, operator, right) = cut(text).ok_or("it has no `==`, `!=`, `<` or `>`")?;
        let left = JsonPath::parse(left).ok_or("what stands before the sign is no field")?;
        let right = Constant::parse(right).ok_or("what stands behind the sign is no value")?;
        let orders = !matches!(operator, Operator::Equal | Operator::Unequal);
        let ordered = matches!(right, Constant::Number(_) | Constant::Date(_));
        if orders && !ordered {
            return Err("only numbers and days are less or more");
        }
        Ok(Self {
            left,
            operator,
            right,
        })
    }

    /// Whether it is true of an answer.
    pub fn holds(&self, answer: &Value) -> bool {
        let left = self.left.find(answer).unwrap_or(&Value::Null);
        match self.operator {
            Operator::Equal => self.right.equals(left),
            Operator::Unequal => !self.right.equals(left),
            Operator::Less => self
                .right
                .order(left)
                .is_some_and(std::cmp::Ordering::is_lt),
            Operator::AtMost => self
                .right
                .order(left)
                .is_some_and(std::cmp::Ordering::is_le),
            Operator::More => self
                .right
                .order(left)
                .is_some_and(std::cmp::Ordering::is_gt),
            Operator::AtLeast => self
                .right
                .order(left)
                .is_some_and(std::cmp::Ordering::is_ge),
        }
    }
}

/// Left, operator, right, at the first operator.
fn cut(text: &str) -> Option<(&str, Operator, &str)> {
    let first = text.find(['=', '!', '<', '>'])?;
    let (left, rest) = text.split_at_checked(first)?;
    let (sign, operator) = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign))?;
    let right = rest.strip_prefix(sign)?;
    Some((left.trim(), *operator, right.trim()))
}

impl Constant {
    fn parse(text: &str) -> Option<Self> {
        if let Some(quoted) = text.strip_prefix('"') {
            let quoted = quoted.strip_suffix('"')?;
            return (!quoted.contains('"')).then(|| Self::Text(quoted.to_owned()));
        }
        match text {
            "true" => return Some(Self::Flag(true)),
            "false" => return Some(Self::Flag(false)),
            "null" => return Some(Self::Nothing),
            _ => {}
        }
        if let Ok(date) = text.parse() {
            return Some(Self::Date(date));
        }
        if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            return text.parse().ok().map(Self::Number);
        }
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let is_word = !text.is_empty() && text.bytes().all(word);
        is_word.then(|| Self::Text(text.to_owned()))
    }

    fn equals(&self, left: &Value) -> bool {
        match self {
            Self::Number(_) | Self::Date(_) => {
                self.order(left).is_some_and(std::cmp::Ordering::is_eq)
            }
            Self::Text(text) => left.as_str() == Some(text),
            Self::Flag(flag) => left.as_bool() == Some(*flag),
            Self::Nothing => left.is_null(),
        }
    }

    /// How `left` stands to it, where the two can be ordered.
    fn order(&self, left: &Value) -> Option<std::cmp::Ordering> {
        match self {
            Self::Number(right) => left.as_f64()?.partial_cmp(right),
            Self::Date(right) => Some(day(left)?.cmp(right)),
            Self::Text(_) | Self::Flag(_) | Self::Nothing => None,
        }
    }
}

/// The day of `2026-03-02` and of `2026-03-02T08:00:00Z`.
pub(super) fn day(value: &Value) -> Option<NaiveDate> {
    let text = value.as_str()?;
    let day = text.split_once(['T', ' ']).map_or(text, |(day, _)| day);
    // Chrono would also read `+2026-3-2`.
    (day.len() == 10).then(|| day.parse().ok()).flatten()
}
