use std::fmt;

use serde::{Deserialize, Serialize};

/// A CHF number: nine digits, the last of which is the first eight modulo 7.
///
/// The rule is that of the Tanzanian build of openIMIS (`Validation.cs` of its REST interface). One
/// in ten random nine-digit numbers passes, so it guards against slips, not against guessing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MemberNumber(u32);

/// Why a text is no member number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseMemberNumberError {
    /// Not nine digits.
    #[error("a CHF number has nine digits")]
    Length,
    /// The check digit is wrong.
    #[error("the CHF number's last digit does not fit the others")]
    CheckDigit,
}

impl MemberNumber {
    /// Reads nine digits; spaces between them are left out, as people group them.
    pub fn parse(text: &str) -> Result<Self, ParseMemberNumberError> {
        let digits: String = text.chars().filter(|character| *character != ' ').collect();
        if digits.len() != 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseMemberNumberError::Length);
        }
        let number: u32 = digits.parse().map_err(|_| ParseMemberNumberError::Length)?;
        if (number / 10) % 7 == number % 10 {
            Ok(Self(number))
        } else {
            Err(ParseMemberNumberError::CheckDigit)
        }
    }

    /// The last four digits, by which a caller who is not linked opens an answer kept for her.
    pub fn last_four(self) -> String {
        format!("{:04}", self.0 % 10_000)
    }
}

impl fmt::Display for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

impl fmt::Debug for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*****{}", self.last_four())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_first_eight_modulo_seven() {
        for valid in [
            "070707081",
            "400000042",
            "100000014",
            "999999991",
            "07 07 07 081",
        ] {
            let number = MemberNumber::parse(valid).unwrap();
            assert_eq!(number.to_string(), valid.replace(' ', ""));
        }
        let wrong = MemberNumber::parse("070707082");
        assert_eq!(wrong, Err(ParseMemberNumberError::CheckDigit));
        for short in ["", "7", "07070708", "0707070811", "07070708a"] {
            assert_eq!(
                MemberNumber::parse(short),
                Err(ParseMemberNumberError::Length),
                "{short}"
            );
        }
    }

    #[test]
    fn the_last_four_digits_keep_their_zeros() {
        assert_eq!(
            MemberNumber::parse("400000042").unwrap().last_four(),
            "0042"
        );
    }
}
