//! The forms in which a phone may stand in openIMIS, where the field is free text.

use crate::model::{Msisdn, western_digits};

/// Every form that is looked for. They are sent as variables, never spliced into a question.
pub(super) fn forms(phone: &Msisdn, calling_code: &str) -> Vec<String> {
    let Some(number) = phone.number() else {
        return Vec::new();
    };
    let mut forms = vec![
        number.to_owned(),
        format!("+{number}"),
        format!("00{number}"),
    ];
    if let Some(national) = number
        .strip_prefix(calling_code)
        .filter(|rest| !rest.is_empty())
    {
        forms.push(format!("0{national}"));
        forms.push(national.to_owned());
        forms.push(format!("+{calling_code} {national}"));
        if let Some((first, second, third)) = groups(national) {
            for between in [" ", "-"] {
                let grouped = format!("{first}{between}{second}{between}{third}");
                forms.push(format!("0{grouped}"));
                forms.push(format!("+{calling_code}{between}{grouped}"));
            }
        }
    }
    forms
}

/// As people group it: `712 345 678`.
fn groups(national: &str) -> Option<(&str, &str, &str)> {
    let (first, rest) = national.split_at_checked(3)?;
    let (second, third) = rest.split_at_checked(3)?;
    (!third.is_empty()).then_some((first, second, third))
}

/// The phone that a text of theirs means; none where it is none, or more than one.
pub(super) fn read(text: &str, calling_code: &str) -> Option<Msisdn> {
    let text = western_digits(text);
    let fits = |character: char| character.is_ascii_digit() || " -.()+".contains(character);
    if text.len() > 50 || !text.chars().all(fits) {
        return None;
    }
    let whole = text.trim_start().starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = if whole || digits.starts_with(calling_code) {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else {
        format!(
            "{calling_code}{}",
            digits.strip_prefix('0').unwrap_or(&digits)
        )
    };
    Msisdn::parse(&digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_is_looked_for_is_read_as_the_same_phone() {
        let phone = Msisdn::parse("+255712345678").unwrap();
        let forms = forms(&phone, "255");
        assert_eq!(forms.len(), 10);
        for expected in [
            "255712345678",
            "+255712345678",
            "0712345678",
            "712345678",
            "0712 345 678",
            "+255 712 345 678",
        ] {
            assert!(forms.iter().any(|form| form == expected), "{expected}");
        }
        for form in forms {
            assert_eq!(read(&form, "255"), Some(phone.clone()), "{form}");
        }
    }

    #[test]
    fn a_phone_of_elsewhere_has_no_national_form() {
        let phone = Msisdn::parse("+254712345678").unwrap();
        assert_eq!(forms(&phone, "255").len(), 3);
        assert_eq!(read("+254712345678", "255"), Some(phone));
        assert!(forms(&Msisdn::opaque("abc").unwrap(), "255").is_empty());
    }

    #[test]
    fn what_is_no_phone_is_none() {
        for text in [
            "",
            "none",
            "0712345678 / 0713345678",
            "12",
            "+",
            "0712345678 (Asha)",
        ] {
            assert_eq!(read(text, "255"), None, "{text}");
        }
    }
}
