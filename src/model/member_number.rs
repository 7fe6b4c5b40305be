use std::{fmt, num::NonZeroU128};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The most characters that a member number has.
const LONGEST: usize = 20;
/// As many digits as a CHF number has.
const NINE: usize = 9;
/// The first code of what is not nine digits.
const OTHERS: u128 = 1_000_000_000;
/// Digits and capitals.
const LETTERS: u128 = 36;

/// The number by which a scheme knows a member: 1 to 20 digits and capital letters. Which of them a
/// scheme gives is its [`NumberRule`](super::NumberRule).
///
/// Twenty, because no scheme known to us prints a longer one on a card, and because more would leave
/// no room for words on a page that a phone shows. Letters are capitals, so that who types small ones
/// means the same member.
///
/// It is one number inside, so that it is as cheap to hand on as an amount and as short on a line: nine
/// digits are what they say, as they were before there were others, and what else there is lies above,
/// in base 36 behind a one that keeps its zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemberNumber(u128);

/// A text is no member number of any scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a member number has 1 to 20 digits and capital letters")]
pub struct ParseMemberNumberError;

impl MemberNumber {
    /// Reads digits and letters; spaces between them are left out, as people group them, and small
    /// letters are read as capitals.
    pub fn parse(text: &str) -> Result<Self, ParseMemberNumberError> {
        let (mut code, mut length, mut digits) = (1, 0, true);
        for byte in text.bytes().filter(|byte| *byte != b' ') {
            let value = match byte.to_ascii_uppercase() {
                digit @ b'0'..=b'9' => digit - b'0',
                letter @ b'A'..=b'Z' => letter - b'A' + 10,
                _ => return Err(ParseMemberNumberError),
            };
            length += 1;
            if length > LONGEST {
                return Err(ParseMemberNumberError);
            }
            digits &= value < 10;
            code = code * LETTERS + u128::from(value);
        }
        match length {
            0 => Err(ParseMemberNumberError),
            NINE if digits => Ok(Self(nine(text))),
            _ => Ok(Self(OTHERS + code)),
        }
    }

    /// The last four characters, by which a caller who is not linked opens an answer kept for her;
    /// with zeros before a shorter one.
    pub fn last_four(self) -> String {
        let text = self.to_string();
        let from = text.len().saturating_sub(4);
        format!("{:0>4}", text.get(from..).unwrap_or_default())
    }

    /// What stands behind the one of its code, last character first.
    fn letters(self) -> impl Iterator<Item = u8> {
        let mut rest = NonZeroU128::new(self.0.saturating_sub(OTHERS));
        std::iter::from_fn(move || {
            let code = rest?.get();
            rest = NonZeroU128::new(code / LETTERS);
            rest?;
            let value = u8::try_from(code % LETTERS).ok()?;
            Some(match value {
                0..=9 => b'0' + value,
                _ => b'A' + value - 10,
            })
        })
    }

    fn of_code(code: u128) -> Option<Self> {
        let number = Self(code);
        if code < OTHERS {
            return Some(number);
        }
        // One that is not written so by any parse is none.
        Self::parse(&number.to_string())
            .ok()
            .filter(|parsed| *parsed == number)
    }
}

/// What nine digits say.
fn nine(text: &str) -> u128 {
    let digits = text.bytes().filter(|byte| *byte != b' ');
    digits.fold(0, |number, digit| {
        number * 10 + u128::from(digit.saturating_sub(b'0'))
    })
}

impl fmt::Display for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < OTHERS {
            return write!(f, "{:09}", self.0);
        }
        let mut letters: Vec<char> = self.letters().map(char::from).collect();
        letters.reverse();
        f.write_str(&letters.into_iter().collect::<String>())
    }
}

impl fmt::Debug for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*****{}", self.last_four())
    }
}

impl PartialOrd for MemberNumber {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MemberNumber {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl Serialize for MemberNumber {
    /// A whole number: of nine digits the one that lines and rows had before there were others.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u128(self.0)
    }
}

impl<'de> Deserialize<'de> for MemberNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = u128::deserialize(deserializer)?;
        Self::of_code(code).ok_or_else(|| D::Error::custom(ParseMemberNumberError))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spaces_and_small_letters_are_no_difference() {
        for (typed, number) in [
            ("07 07 07 081", "070707081"),
            ("ab 12", "AB12"),
            ("0", "0"),
            ("00000000000000000000", "00000000000000000000"),
            ("ZZZZZZZZZZZZZZZZZZZZ", "ZZZZZZZZZZZZZZZZZZZZ"),
        ] {
            assert_eq!(MemberNumber::parse(typed).unwrap().to_string(), number);
        }
        for wrong in ["", " ", "000000000000000000000", "12-34", "12.5", "١٢٣"] {
            let read = MemberNumber::parse(wrong);
            assert_eq!(read, Err(ParseMemberNumberError), "{wrong}");
        }
    }

    #[test]
    fn the_last_four_keep_their_zeros_and_are_four() {
        for (number, last) in [("400000042", "0042"), ("AB7", "0AB7"), ("A1B2C3D4", "C3D4")] {
            assert_eq!(MemberNumber::parse(number).unwrap().last_four(), last);
        }
        let number = MemberNumber::parse("400000042").unwrap();
        assert_eq!(format!("{number:?}"), "*****0042");
    }

    #[test]
    fn nine_digits_are_written_as_they_were_before_there_were_others() {
        let number = MemberNumber::parse("070707081").unwrap();
        let before = postcard::to_stdvec(&70_707_081_u32).unwrap();
        assert_eq!(postcard::to_stdvec(&number).unwrap(), before);
        let read: MemberNumber = postcard::from_bytes(&before).unwrap();
        assert_eq!(read, number);
    }

    proptest! {
        #[test]
        fn every_number_is_read_as_it_was_written(text in "[0-9A-Z]{1,20}|[0-9]{9}") {
            let number = MemberNumber::parse(&text).unwrap();
            prop_assert_eq!(number.to_string(), text);
            let bytes = postcard::to_stdvec(&number).unwrap();
            prop_assert_eq!(postcard::from_bytes::<MemberNumber>(&bytes).unwrap(), number);
        }

        #[test]
        fn no_two_codes_are_one_number(code in any::<u128>()) {
            let bytes = postcard::to_stdvec(&code).unwrap();
            if let Ok(read) = postcard::from_bytes::<MemberNumber>(&bytes) {
                prop_assert_eq!(MemberNumber::parse(&read.to_string()).unwrap(), read);
                prop_assert_eq!(postcard::to_stdvec(&read).unwrap(), bytes);
            }
        }
    }
}
