use std::{fmt, str::FromStr};

use super::MemberNumber;

/// The most characters of any number.
const LONGEST: u8 = 20;

/// Which numbers a scheme gives to its members. It guards against slips before a call is made, not
/// against guessing: one in ten random nine-digit numbers is a CHF number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NumberRule {
    /// Nine digits, the last of which is the first eight modulo 7: the Tanzanian build of openIMIS.
    #[default]
    Chf,
    /// So many digits, as openIMIS's `insuree_number_*` say.
    Digits {
        /// The fewest.
        min: u8,
        /// The most.
        max: u8,
        /// What the last digit is checked by: 10 is Luhn's rule; any other says that the last digit is
        /// what is before it modulo that.
        modulo: Option<u8>,
    },
    /// Whatever a number can be.
    Any,
}

/// A text is no number of the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOfRule {
    /// Too long, too short, or of other characters.
    #[error("the scheme's numbers have another length, or other characters")]
    Shape,
    /// The check digit is wrong.
    #[error("the number's last digit does not fit the others")]
    CheckDigit,
}

/// What is no [`NumberRule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write chf, any, digits 9, digits 6-12, or digits 6-12 modulo 7: 1 to 20 digits, and a modulo from 2 to 10"
)]
pub struct ParseNumberRuleError;

impl NumberRule {
    /// Reads a number of the scheme, as [`MemberNumber::parse`] does.
    pub fn read(self, text: &str) -> Result<MemberNumber, NotOfRule> {
        let number = MemberNumber::parse(text).map_err(|_| NotOfRule::Shape)?;
        self.check(number).map(|()| number)
    }

    /// Whether a number is the scheme's.
    pub fn check(self, number: MemberNumber) -> Result<(), NotOfRule> {
        let (min, max, modulo) = match self {
            Self::Any => return Ok(()),
            Self::Chf => (9, 9, Some(7)),
            Self::Digits { min, max, modulo } => (min, max, modulo),
        };
        let digits = number.to_string();
        let length = usize::from(min)..=usize::from(max);
        if !length.contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotOfRule::Shape);
        }
        if modulo.is_none_or(|modulo| is_checked_by(modulo, &digits)) {
            Ok(())
        } else {
            Err(NotOfRule::CheckDigit)
        }
    }

    /// Whether most slips make a text that is no number: only then one in a text is no accident.
    pub fn has_check_digit(self) -> bool {
        match self {
            Self::Chf => true,
            Self::Digits { modulo, .. } => modulo.is_some(),
            Self::Any => false,
        }
    }

    /// How many characters its longest number has.
    pub fn longest(self) -> usize {
        usize::from(match self {
            Self::Chf => 9,
            Self::Digits { max, .. } => max,
            Self::Any => LONGEST,
        })
    }

    /// One that is as wide as any, for the proof that a page fits. It need not be anybody's.
    pub fn widest(self) -> Option<MemberNumber> {
        let letter = match self {
            Self::Chf | Self::Digits { .. } => "9",
            Self::Any => "M",
        };
        MemberNumber::parse(&letter.repeat(self.longest())).ok()
    }
}

fn is_checked_by(modulo: u8, digits: &str) -> bool {
    let value = |byte: u8| u64::from(byte.saturating_sub(b'0'));
    if modulo == 10 {
        let doubled = |(place, byte): (usize, u8)| match (place % 2, value(byte)) {
            (1, digit) if digit > 4 => digit * 2 - 9,
            (1, digit) => digit * 2,
            (_, digit) => digit,
        };
        let sum: u64 = digits.bytes().rev().enumerate().map(doubled).sum();
        return sum.is_multiple_of(10);
    }
    let Some((last, before)) = digits.as_bytes().split_last() else {
        return false;
    };
    let modulo = u64::from(modulo.max(1));
    let rest = before
        .iter()
        .fold(0, |rest, byte| (rest * 10 + value(*byte)) % modulo);
    rest == value(*last)
}

impl FromStr for NumberRule {
    type Err = ParseNumberRuleError;

    fn from_str(text: &str) -> Result<Self, ParseNumberRuleError> {
        let mut words = text.split_whitespace();
        let rule = match words.next() {
            Some("chf") => Self::Chf,
            Some("any") => Self::Any,
            Some("digits") => digits(&mut words).ok_or(ParseNumberRuleError)?,
            Some(_) | None => return Err(ParseNumberRuleError),
        };
        match words.next() {
            None => Ok(rule),
            Some(_) => Err(ParseNumberRuleError),
        }
    }
}

/// `6-12 modulo 7`.
fn digits<'t>(words: &mut impl Iterator<Item = &'t str>) -> Option<NumberRule> {
    let length = words.next()?;
    let (min, max) = length.split_once('-').unwrap_or((length, length));
    let (min, max) = (min.parse().ok()?, max.parse().ok()?);
    let modulo = match words.next() {
        None => None,
        Some("modulo") => Some(words.next()?.parse().ok()?),
        Some(_) => return None,
    };
    // A check digit alone checks nothing.
    let shortest = if modulo.is_some() { 2 } else { 1 };
    let fits = (shortest..=max).contains(&min)
        && max <= LONGEST
        && modulo.is_none_or(|modulo| (2..=10).contains(&modulo));
    fits.then_some(NumberRule::Digits { min, max, modulo })
}

impl fmt::Display for NumberRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chf => f.write_str("chf"),
            Self::Any => f.write_str("any"),
            Self::Digits { min, max, modulo } => {
                write!(f, "digits {min}")?;
                if min != max {
                    write!(f, "-{max}")?;
                }
                modulo.map_or(Ok(()), |modulo| write!(f, " modulo {modulo}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> NumberRule {
        text.parse().unwrap()
    }

    #[test]
    fn the_check_digit_of_a_chf_number_is_the_first_eight_modulo_seven() {
        for valid in ["070707081", "400000042", "100000014", "07 07 07 081"] {
            assert!(NumberRule::Chf.read(valid).is_ok(), "{valid}");
        }
        let wrong = NumberRule::Chf.read("070707082");
        assert_eq!(wrong, Err(NotOfRule::CheckDigit));
        for other in ["", "7", "07070708", "0707070811", "07070708A"] {
            assert_eq!(
                NumberRule::Chf.read(other),
                Err(NotOfRule::Shape),
                "{other}"
            );
        }
    }

    #[test]
    fn so_many_digits_are_a_number_with_or_without_a_check_digit() {
        let plain = rule("digits 6-12");
        for (text, right) in [("123456", true), ("12345", false), ("1234567890123", false)] {
            assert_eq!(plain.read(text).is_ok(), right, "{text}");
        }
        assert_eq!(plain.read("12345A"), Err(NotOfRule::Shape));
        let seven = rule("digits 9 modulo 7");
        assert!(seven.read("070707081").is_ok());
        assert_eq!(seven.read("070707082"), Err(NotOfRule::CheckDigit));
        let luhn = rule("digits 8-16 modulo 10");
        assert!(luhn.read("4539 1488 0343 6467").is_ok());
        assert_eq!(luhn.read("4539148803436468"), Err(NotOfRule::CheckDigit));
    }

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        for text in [
            "chf",
            "any",
            "digits 9",
            "digits 6-12",
            "digits 6-12 modulo 7",
        ] {
            assert_eq!(rule(text).to_string(), text);
        }
        for text in [
            "",
            "CHF",
            "digits",
            "digits 0",
            "digits 9-6",
            "digits 21",
            "digits 9 modulo 11",
            "digits 1 modulo 7",
            "digits 9 modulo",
            "digits 9 root 7",
            "any 9",
        ] {
            assert_eq!(
                text.parse::<NumberRule>(),
                Err(ParseNumberRuleError),
                "{text}"
            );
        }
    }

    #[test]
    fn the_widest_number_is_as_long_as_the_longest() {
        for (text, longest) in [("chf", 9), ("digits 4-11", 11), ("any", 20)] {
            let widest = rule(text).widest().unwrap();
            assert_eq!(widest.to_string().len(), longest);
        }
    }
}
