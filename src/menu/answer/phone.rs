use super::whole;
use crate::model::Msisdn;

/// How phone numbers of one country are typed: the country of a number that does not name its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct National {
    /// The country's calling code: `255`.
    pub country: String,
    /// How many digits follow it: 9 in Tanzania.
    pub digits: usize,
}

impl Default for National {
    /// Tanzania.
    fn default() -> Self {
        Self {
            country: "255".to_owned(),
            digits: 9,
        }
    }
}

impl National {
    /// Reads `0712 345 678`, `712345678`, `255712345678`, `+255712345678`, `00255712345678` or, with
    /// `+` or `00`, a number of another country. Spaces, hyphens and brackets mean nothing.
    pub(super) fn read(&self, text: &str) -> Option<Msisdn> {
        let digits = text.replace([' ', '-', '(', ')'], "");
        let abroad = digits.strip_prefix('+').or(digits.strip_prefix("00"));
        if let Some(whole) = abroad {
            let ours = whole.starts_with(&self.country);
            let right = whole::are_digits(whole) && (!ours || self.national(whole).is_some());
            return Msisdn::parse(whole).ok().filter(|_| right);
        }
        let local = digits.strip_prefix('0').unwrap_or(&digits);
        let national = self.national(&digits).unwrap_or(local);
        let right = whole::are_digits(national) && national.len() == self.digits;
        let whole = format!("{}{national}", self.country);
        Msisdn::parse(&whole).ok().filter(|_| right)
    }

    /// What follows the country's code, where it is so many digits.
    fn national<'a>(&self, whole: &'a str) -> Option<&'a str> {
        let rest = whole.strip_prefix(&self.country)?;
        (rest.len() == self.digits).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        National::default().read(text).map(|phone| phone.e164())
    }

    #[test]
    fn a_number_is_national_or_international() {
        for text in [
            "0712345678",
            "712345678",
            "0712 345 678",
            "255712345678",
            "+255 712-345-678",
            "00255712345678",
        ] {
            assert_eq!(read(text).as_deref(), Some("+255712345678"), "{text}");
        }
        assert_eq!(read("+254712345678").as_deref(), Some("+254712345678"));
        // Nine digits that begin as the country does are a number within it.
        assert_eq!(read("255712345").as_deref(), Some("+255255712345"));
    }

    #[test]
    fn what_has_too_many_or_too_few_digits_is_no_number() {
        for text in [
            "",
            "0",
            "071234567",
            "07123456789",
            "+25571234567",
            "2557123456789",
            "07l2345678",
            "+",
            "++255712345678",
            "00712345678x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
