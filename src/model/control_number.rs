use std::fmt;

use serde::{Deserialize, Serialize};

/// A GePG control number, by which a bill is paid at any bank or by mobile money: twelve digits
/// that begin with `99`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ControlNumber(u64);

/// The text is no control number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a control number has twelve digits and begins with 99")]
pub struct ParseControlNumberError;

impl ControlNumber {
    /// Reads twelve digits; spaces between them are left out, as people group them.
    pub fn parse(text: &str) -> Result<Self, ParseControlNumberError> {
        let digits: String = text.chars().filter(|character| *character != ' ').collect();
        let fits = digits.len() == 12
            && digits.starts_with("99")
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            return Err(ParseControlNumberError);
        }
        digits
            .parse()
            .map(Self)
            .map_err(|_| ParseControlNumberError)
    }
}

impl fmt::Display for ControlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for ControlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_that_begin_with_99() {
        let number = ControlNumber::parse("9999 9000 0017").unwrap();
        assert_eq!(number.to_string(), "999990000017");
        for text in [
            "",
            "0",
            "899990000017",
            "99999000001",
            "9999900000170",
            "99999000001x",
        ] {
            assert_eq!(
                ControlNumber::parse(text),
                Err(ParseControlNumberError),
                "{text}"
            );
        }
    }
}
