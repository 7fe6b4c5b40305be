//! Texts without quotes that other readers of YAML take for something else.

use super::Reader;
use crate::{
    menu::problem::Problem,
    model::source::yaml::{Kind, Node},
};

impl Reader<'_> {
    /// Warns of a text without quotes that others read otherwise.
    pub(super) fn warn_of_plain(&mut self, node: &Node) {
        let Kind::Scalar { text, plain: true } = &node.kind else {
            return;
        };
        if let Some(other) = other_reading(text) {
            self.report(node.span, Problem::ReadAsAnother(text.clone(), other));
        }
    }
}

/// What YAML 1.1 or 1.2 makes of a plain text, where that prints otherwise than it is written.
fn other_reading(text: &str) -> Option<&'static str> {
    word(text).or_else(|| is_other_number(text).then_some("a number"))
}

fn word(text: &str) -> Option<&'static str> {
    let small = text.to_ascii_lowercase();
    // `yes`, `Yes` and `YES` are words; `yEs` is a text.
    let mut rest = text.chars().skip(1);
    let one_case =
        text == small || rest.clone().all(char::is_uppercase) || rest.all(char::is_lowercase);
    match small.as_str() {
        "yes" | "on" | "true" if one_case => Some("true"),
        "no" | "off" | "false" if one_case => Some("false"),
        "null" | "~" if one_case => Some("nothing"),
        ".inf" | ".nan" | "-.inf" | "+.inf" => Some("a number"),
        _ => None,
    }
}

/// A number that loses something of how it is written: zeros, a plus, a unit of sixty.
fn is_other_number(text: &str) -> bool {
    let signed = text.starts_with('+');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some(first) = digits.chars().next() else {
        return false;
    };
    if !first.is_ascii_digit() && first != '.' {
        return false;
    }
    let all = |digits: &str, wanted: fn(&char) -> bool| {
        !digits.is_empty() && digits.chars().all(|digit| wanted(&digit))
    };
    let whole = |digits: &str| all(digits, |digit| digit.is_ascii_digit() || *digit == '_');
    let zeros = digits.len() > 1 && digits.starts_with('0');
    let other = |start: &str, wanted: fn(&char) -> bool| {
        digits
            .strip_prefix(start)
            .is_some_and(|rest| all(rest, wanted))
    };
    whole(digits) && (signed || zeros || digits.contains('_'))
        || other("0x", char::is_ascii_hexdigit)
        || other("0o", |digit| digit.is_digit(8))
        || other("0b", |digit| digit.is_digit(2))
        || digits.contains(':') && digits.split(':').all(is_sixtieth)
        || digits.contains(['.', 'e', 'E']) && digits.parse::<f64>().is_ok()
}

fn is_sixtieth(part: &str) -> bool {
    (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|part| part < 60)
}

#[cfg(test)]
mod tests {
    use super::other_reading;
    use crate::menu::check::sketch::{found, root};

    #[test]
    fn what_others_would_save_otherwise_is_known() {
        for text in [
            "00",
            "0800110110",
            "007",
            "yes",
            "No",
            "ON",
            "off",
            "true",
            "null",
            "~",
            "1.0",
            "1.",
            ".5",
            "1e3",
            "0x1F",
            "0o17",
            "0b1",
            "1_000",
            "+255700000001",
            "12:30",
            "-.inf",
        ] {
            assert!(other_reading(text).is_some(), "{text}");
        }
        for text in [
            "",
            "0",
            "1",
            "98",
            "-5",
            "991000000001",
            "0800 110 110",
            "Ndiyo",
            "yEs",
            "y",
            "1.2.3",
            "2026-03-02",
            "0x",
            "12:75",
            "a:b",
            "1a",
            "infinity",
            "nan",
        ] {
            assert_eq!(other_reading(text), None, "{text}");
        }
    }

    #[test]
    fn keys_and_texts_are_warned_of_and_names_are_not() {
        let mut main = root(
            "  main: {menu: Habari, options: {007: {text: no, go: on}}}\n  on: {end: \"no\"}\n",
        );
        main.text = main.text.replace("home: \"00\"", "home: 00");
        let marked: Vec<(&str, String)> = found(&[main]);
        let expected = ["00", "007", "no"].map(|text| ("M101", text.to_owned()));
        assert_eq!(marked, expected);
    }

    #[test]
    fn a_key_in_a_file_of_texts_is_warned_of() {
        let mut main = root(
            "  main: {menu: Habari, options: {\"01\": {text: Bima, go: bye}}}\n  bye: {end: Kwaheri}\n",
        );
        main.text = main
            .text
            .replace("{sw: Kiswahili}", "{sw: Kiswahili, en: English}");
        let texts = crate::menu::check::sketch::source(
            "chf.en",
            "screens: {main: {options: {01: Cover}}}\n",
        );
        let marked = found(&[main, texts]);
        assert!(marked.contains(&("M101", "01".to_owned())), "{marked:?}");
    }
}
