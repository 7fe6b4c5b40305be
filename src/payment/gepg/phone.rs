//! Phones in every form that partners write them in.

use crate::model::Msisdn;

/// Tanzania's, where none is written.
const COUNTRY: &str = "255";

/// How many digits a number of that country has.
const NATIONAL: usize = 9;

/// Reads `255700000001`, `+255 700 000 001`, `00255700000001`, `0700000001` or `700000001`.
pub(super) fn read(text: &str) -> Option<Msisdn> {
    let plain: String = text
        .chars()
        .filter(|character| !" -().".contains(*character))
        .collect();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match digits.strip_prefix("00") {
        Some(international) => international.to_owned(),
        None => at_home(digits).unwrap_or_else(|| digits.to_owned()),
    };
    Msisdn::parse(&whole).ok()
}

/// A national number with the country before it.
fn at_home(digits: &str) -> Option<String> {
    let national = digits.strip_prefix('0').unwrap_or(digits);
    (national.len() == NATIONAL).then(|| format!("{COUNTRY}{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_number_is_the_same_number() {
        for text in [
            "255700000001",
            "+255700000001",
            "+255 700 000 001",
            "00255700000001",
            "0700000001",
            "0700-000-001",
            "700000001",
        ] {
            let phone = read(text).unwrap();
            assert_eq!(phone.digits(), "255700000001", "{text}");
        }
        assert_eq!(read("254712345678").unwrap().digits(), "254712345678");
        for text in ["", "+", "none", "12", "0", "25570000000112345"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
