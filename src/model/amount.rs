use std::fmt;

use serde::{Deserialize, Serialize};

use super::Language;

/// An ISO 4217 currency code of three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The Tanzanian shilling.
    pub const TZS: Self = Self(*b"TZS");

    /// Reads a code such as `TZS`; `None` for anything but three capital letters.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(bytes))
    }

    /// How many decimal digits its minor unit has (ISO 4217).
    pub fn minor_digits(self) -> u32 {
        match &self.0 {
            b"UGX" | b"RWF" | b"BIF" | b"XAF" | b"XOF" | b"GNF" | b"KMF" | b"DJF" => 0,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Money: a whole number of minor units (cents) of a currency. Never a floating-point number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    /// Minor units: TZS 30,000 is 3,000,000.
    pub minor: i64,
    /// The currency of the minor units.
    pub currency: Currency,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseAmountError {
    /// Not digits with at most one point.
    #[error("not a decimal number")]
    NotANumber,
    /// More decimals than the currency has, and they are not zero.
    #[error("more decimals than the currency has")]
    TooPrecise,
    /// Does not fit 64 bits.
    #[error("too large")]
    TooLarge,
}

impl Amount {
    /// `major` whole units, such as 30000 for TZS 30,000.
    pub fn from_major(major: i64, currency: Currency) -> Self {
        let scale = 10_i64.pow(currency.minor_digits());
        Self {
            minor: major.saturating_mul(scale),
            currency,
        }
    }

    /// Reads a decimal such as `30000`, `30000.00` or `-5.5`.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, ParseAmountError> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(ParseAmountError::NotANumber);
        }
        let places = currency.minor_digits() as usize;
        let (kept, rest) = match fraction.split_at_checked(places) {
            Some((kept, rest)) => (kept, rest),
            None => (fraction, ""),
        };
        if rest.bytes().any(|byte| byte != b'0') {
            return Err(ParseAmountError::TooPrecise);
        }
        format!("{whole}{kept:0<places$}")
            .parse::<i64>()
            .map(|minor| Self {
                minor: sign * minor,
                currency,
            })
            .map_err(|_| ParseAmountError::TooLarge)
    }

    /// As a decimal with the currency's places and no grouping: `30000.00`.
    pub fn to_decimal(self) -> String {
        let places = self.currency.minor_digits();
        let scale = 10_u64.pow(places);
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        if places == 0 {
            return format!("{sign}{minor}");
        }
        let width = places as usize;
        format!("{sign}{}.{:0width$}", minor / scale, minor % scale)
    }

    /// As a caller reads it: `TZS 30,000`, in French `30 000 TZS`. Cents only where there are any.
    pub fn print(self, language: Language) -> String {
        let decimal = self.to_decimal();
        let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
        let french = language.as_str() == "fr";
        let mut printed = group_thousands(whole, if french { ' ' } else { ',' });
        if fraction.bytes().any(|byte| byte != b'0') {
            printed.push(if french { ',' } else { '.' });
            printed.push_str(fraction);
        }
        if french {
            format!("{printed} {}", self.currency)
        } else {
            format!("{} {printed}", self.currency)
        }
    }
}

fn group_thousands(whole: &str, separator: char) -> String {
    let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        if index > 0 && left.is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_and_written_exactly() {
        let amount = Amount::parse_decimal("30000", Currency::TZS).unwrap();
        assert_eq!(amount, Amount::from_major(30_000, Currency::TZS));
        assert_eq!(amount.to_decimal(), "30000.00");
        let negative = Amount::parse_decimal("-5.5", Currency::TZS).unwrap();
        assert_eq!(negative.minor, -550);
        assert_eq!(negative.to_decimal(), "-5.50");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "1e5", "1,000", "--1", "+1", " 1"] {
            assert!(
                Amount::parse_decimal(text, Currency::TZS).is_err(),
                "{text}"
            );
        }
        let too_precise = Amount::parse_decimal("1.005", Currency::TZS);
        assert_eq!(too_precise, Err(ParseAmountError::TooPrecise));
        let too_large = Amount::parse_decimal("99999999999999999999", Currency::TZS);
        assert_eq!(too_large, Err(ParseAmountError::TooLarge));
    }

    #[test]
    fn an_amount_prints_by_language_in_plain_letters() {
        let amount = Amount::from_major(1_030_000, Currency::TZS);
        assert_eq!(amount.print(Language::SWAHILI), "TZS 1,030,000");
        assert_eq!(amount.print(Language::FRENCH), "1 030 000 TZS");
        let cents = Amount {
            minor: 12_345,
            currency: Currency::TZS,
        };
        assert_eq!(cents.print(Language::ENGLISH), "TZS 123.45");
    }
}
