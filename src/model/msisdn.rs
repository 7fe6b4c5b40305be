use std::fmt;

use serde::{Deserialize, Serialize};

/// A phone number in E.164: 7 to 15 digits, the first not zero; kept without the `+`.
///
/// It prints masked. What must send or store it says so with [`Msisdn::e164`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Msisdn(Box<str>);

/// The calling code of Tanzania, whose numbers are printed without it.
const HOME: &str = "255";

/// Before an id that is no number.
const OPAQUE: char = '~';

/// The text is no E.164 number. The message never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a phone number is written as + and 7 to 15 digits, the first not zero")]
pub struct ParseMsisdnError;

impl Msisdn {
    /// Reads `+255700000001`; the `+` may be missing.
    pub fn parse(text: &str) -> Result<Self, ParseMsisdnError> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let fits = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if fits {
            Ok(Self(digits.into()))
        } else {
            Err(ParseMsisdnError)
        }
    }

    /// An id that stands for a phone and is no number, as some aggregators give one: 1 to 64 letters, digits
    /// and `-_.=+/`. No SMS goes to it.
    pub fn opaque(text: &str) -> Result<Self, ParseMsisdnError> {
        let fits =
            |character: char| character.is_ascii_alphanumeric() || "-_.=+/".contains(character);
        if (1..=64).contains(&text.len()) && text.chars().all(fits) {
            Ok(Self(format!("{OPAQUE}{text}").into()))
        } else {
            Err(ParseMsisdnError)
        }
    }

    /// The id, where it is one and no number.
    pub fn as_opaque(&self) -> Option<&str> {
        self.0.strip_prefix(OPAQUE)
    }

    /// The whole number with `+`: for sending and for sealing, never for a log.
    pub fn e164(&self) -> String {
        match self.as_opaque() {
            Some(id) => id.to_owned(),
            None => format!("+{}", self.0),
        }
    }

    /// As its owner knows it, for her own phone and never for a log: a Tanzanian number as
    /// `0712 345 678`, another with `+` and its country. At most 16 characters.
    pub fn print(&self) -> String {
        let national = self.0.strip_prefix(HOME).filter(|rest| rest.len() == 9);
        let groups = national.and_then(|national| {
            let (first, rest) = national.split_at_checked(3)?;
            let (second, third) = rest.split_at_checked(3)?;
            Some(format!("0{first} {second} {third}"))
        });
        groups.unwrap_or_else(|| self.e164())
    }

    /// What is kept: the digits without `+`, or the id with its mark. [`TryFrom`] reads it again.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The digits without `+`, of a number that can be called.
    pub fn number(&self) -> Option<&str> {
        self.as_opaque().is_none().then_some(&*self.0)
    }
}

impl From<Msisdn> for String {
    fn from(phone: Msisdn) -> Self {
        phone.0.into()
    }
}

impl TryFrom<String> for Msisdn {
    type Error = ParseMsisdnError;

    /// As it was kept: a number, or an id.
    fn try_from(text: String) -> Result<Self, ParseMsisdnError> {
        match text.strip_prefix(OPAQUE) {
            Some(id) => Self::opaque(id),
            None => Self::parse(&text),
        }
    }
}

impl fmt::Display for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self
            .0
            .get(self.0.len().saturating_sub(2)..)
            .unwrap_or_default();
        if self.as_opaque().is_some() {
            return write!(f, "id *****{last}");
        }
        let country = self.0.get(..3).unwrap_or_default();
        write!(f, "+{country}*****{last}")
    }
}

impl fmt::Debug for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_ours_prints_as_its_owner_knows_it_and_another_whole() {
        for (number, printed) in [
            ("+255712345678", "0712 345 678"),
            ("+254712345678", "+254712345678"),
            ("+25571234567", "+25571234567"),
            ("+999999999999999", "+999999999999999"),
        ] {
            assert_eq!(Msisdn::parse(number).unwrap().print(), printed);
        }
    }

    #[test]
    fn a_number_is_read_and_printed_masked() {
        let phone = Msisdn::parse("+255700000001").unwrap();
        assert_eq!(Msisdn::parse("255700000001"), Ok(phone.clone()));
        assert_eq!(phone.e164(), "+255700000001");
        assert_eq!(format!("{phone} {phone:?}"), "+255*****01 +255*****01");
        for text in [
            "",
            "+",
            "0700000001",
            "+2557000000011111",
            "+25570000000a",
            "12345",
        ] {
            assert_eq!(Msisdn::parse(text), Err(ParseMsisdnError), "{text}");
        }
    }

    #[test]
    fn an_id_that_is_no_number_is_kept_and_printed_masked() {
        let id = Msisdn::opaque("tel9-QUJD=").unwrap();
        assert_eq!(Msisdn::try_from(String::from(id.clone())), Ok(id.clone()));
        assert_eq!((id.as_opaque(), id.number()), (Some("tel9-QUJD="), None));
        assert_eq!(id.e164(), "tel9-QUJD=");
        assert_eq!(id.to_string(), "id *****D=");
        for text in ["", "a b", "a~b", &"x".repeat(65)] {
            assert_eq!(Msisdn::opaque(text), Err(ParseMsisdnError), "{text}");
        }
        let number = Msisdn::parse("+255700000001").unwrap();
        assert_eq!(number.number(), Some("255700000001"));
        assert_ne!(Msisdn::opaque("255700000001").unwrap(), number);
    }
}
