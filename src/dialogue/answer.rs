//! Reads what a caller typed.

use crate::{
    menu::{AnswerType, Value},
    model::{ControlNumber, MemberNumber, western_digits},
};

/// The longest input that is read, in characters: what a phone can send.
const LONGEST: usize = 160;

/// An input as keys are compared with: trimmed, with western digits. What no phone can send becomes
/// nothing, which is no key and no answer.
pub(super) fn normal(typed: &str) -> String {
    let trimmed = typed.trim();
    if trimmed.chars().nth(LONGEST).is_some() {
        return String::new();
    }
    western_digits(trimmed)
}

/// The value of an answer; `None` where it is not right.
pub(super) fn value(answer: AnswerType, text: &str) -> Option<Value> {
    match answer {
        AnswerType::Member => MemberNumber::parse(text).ok().map(Value::Member),
        AnswerType::Control => ControlNumber::parse(text).ok().map(Value::Control),
        AnswerType::Number { min, max } => whole_number(text)
            .filter(|number| (min..=max).contains(number))
            .map(Value::Number),
        AnswerType::Digits { length, .. } => {
            are_digits(text, length).then(|| Value::Text(text.to_owned()))
        }
    }
}

fn whole_number(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Whether a text is so many digits.
pub(super) fn are_digits(text: &str, length: u8) -> bool {
    text.len() == usize::from(length) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_trimmed_and_its_digits_are_western() {
        assert_eq!(normal(" ٠٧ \n"), "07");
        assert_eq!(normal(&"1".repeat(160)).len(), 160);
        assert_eq!(normal(&"1".repeat(161)), "");
    }

    #[test]
    fn an_answer_is_right_only_within_its_type() {
        let persons = AnswerType::Number { min: 1, max: 9 };
        assert_eq!(value(persons, "6"), Some(Value::Number(6)));
        for wrong in ["", "0", "10", "+6", "6.0", "six", "99999999999999999999"] {
            assert_eq!(value(persons, wrong), None, "{wrong}");
        }
        let pin = AnswerType::Digits {
            length: 4,
            sensitive: true,
        };
        assert_eq!(value(pin, "0042"), Some(Value::Text("0042".to_owned())));
        assert_eq!(value(pin, "42"), None);
        assert_eq!(value(pin, "004x"), None);
        assert!(value(AnswerType::Member, "070707081").is_some());
        assert!(value(AnswerType::Member, "070707082").is_none());
        assert!(value(AnswerType::Control, "999990000017").is_some());
    }
}
