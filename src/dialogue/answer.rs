//! Reads what a caller typed.

use crate::model::western_digits;

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
}
