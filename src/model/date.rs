use chrono::{Datelike, NaiveDate};

use super::Language;

const SWAHILI: [&str; 12] = [
    "Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ago", "Sep", "Okt", "Nov", "Des",
];
const FRENCH: [&str; 12] = [
    "jan", "fév", "mar", "avr", "mai", "juin", "juil", "aout", "sep", "oct", "nov", "déc",
];
const ENGLISH: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A date as a caller reads it: `21 Nov 2026`, with the month's name so that nobody takes the day
/// for the month. Plain letters only, at most twelve characters (`facts`: a locale library's French
/// would force the message into UCS-2).
pub fn print_date(date: NaiveDate, language: Language) -> String {
    let months = match language.as_str() {
        "sw" => &SWAHILI,
        "fr" => &FRENCH,
        _ => &ENGLISH,
    };
    let month = months
        .get(date.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::gsm7;

    #[test]
    fn a_date_prints_in_its_language_within_twelve_septets() {
        let date = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
        assert_eq!(print_date(date, Language::SWAHILI), "1 Ago 2026");
        assert_eq!(print_date(date, Language::FRENCH), "1 aout 2026");
        for language in [Language::SWAHILI, Language::ENGLISH, Language::FRENCH] {
            for month in 1..=12 {
                let date = NaiveDate::from_ymd_opt(2026, month, 28).unwrap();
                let septets = gsm7::septets(&print_date(date, language)).unwrap();
                assert!(septets <= 12, "{language} {month}");
            }
        }
    }
}
