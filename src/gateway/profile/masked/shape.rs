//! What is written in place of a value.

use crate::model::ServiceCode;

/// Stands for a secret.
pub const SECRET: &str = "***";

/// A run of so many digits may be a phone or another number that is one person's.
const NUMBER: usize = 7;
/// A run of so many digits under a name of the profile's own, such as `imsi`, is taken for a person's.
const LONG: usize = 10;

/// What a value is; of one that is several the last of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Not read by the profile.
    #[default]
    Unread,
    /// Read by a name of the profile's own.
    Own,
    /// Read by a name of the language that tells of no person, or compared in a rule.
    Told,
    /// What a caller typed.
    Typed,
    /// A service code, with what was dialled behind it.
    Dialled,
    /// A phone.
    Phone,
    /// What proves the caller.
    Secret,
}

/// How values are written.
pub(super) struct Shapes<'a> {
    /// Services that are dialled: no secret.
    pub(super) codes: &'a [ServiceCode],
    /// What rules compare texts with: the network's words, no caller's.
    pub(super) words: Vec<String>,
    /// The digits of the request's phones: they may stand in its other values too.
    pub(super) phones: Vec<String>,
    /// Only secrets go: the request is an invented one.
    pub(super) secrets_only: bool,
}

impl Shapes<'_> {
    /// A value as it may be kept.
    pub(super) fn write(&self, kind: Kind, text: &str) -> String {
        match kind {
            Kind::Secret if text.is_empty() => String::new(),
            Kind::Secret => SECRET.to_owned(),
            Kind::Unread | Kind::Own | Kind::Told | Kind::Typed | Kind::Dialled | Kind::Phone
                if self.secrets_only =>
            {
                text.to_owned()
            }
            Kind::Phone => phone(text),
            Kind::Dialled => self.dialled(text),
            Kind::Typed => self.typed(text),
            Kind::Unread => shape(text),
            Kind::Told => runs(text, |run| self.is_phone(run)),
            Kind::Own => runs(text, |run| run.len() >= LONG || self.is_phone(run)),
        }
    }

    fn typed(&self, text: &str) -> String {
        let behind = self
            .words
            .iter()
            .filter_map(|word| text.strip_prefix(word.as_str()));
        let rest = behind.min_by_key(|rest| rest.len()).unwrap_or(text);
        let word = text.strip_suffix(rest).unwrap_or_default();
        format!("{word}{}", shape(rest))
    }

    /// A service that is known stands; what was dialled behind it does not.
    fn dialled(&self, text: &str) -> String {
        let bare = text.trim_start_matches('*');
        let behind = self.codes.iter().filter_map(|code| {
            let rest = bare.strip_prefix(code.as_str().trim_matches(['*', '#']))?;
            (rest.is_empty() || rest.starts_with(['*', '#'])).then_some(rest)
        });
        // The longest code that fits leaves the least.
        let Some(rest) = behind.min_by_key(|rest| rest.len()) else {
            return self.typed(text);
        };
        let code = text.strip_suffix(rest).unwrap_or_default();
        format!("{code}{}", shape(rest))
    }

    /// Whether a run of digits is, or holds, a phone of the request, with its country or without.
    fn is_phone(&self, run: &str) -> bool {
        run.len() >= NUMBER
            && self.phones.iter().any(|phone| {
                let national = phone.get(phone.len().saturating_sub(9)..);
                national.is_some_and(|national| run.contains(national))
            })
    }
}

/// Letters become `x`, digits `1`; signs of ASCII stay.
pub(super) fn shape(text: &str) -> String {
    let shaped = text.chars().map(|character| match character {
        digit if digit.is_numeric() => '1',
        sign if sign.is_ascii() && !sign.is_ascii_alphabetic() => sign,
        space if space.is_whitespace() => ' ',
        _ => 'x',
    });
    shaped.collect()
}

/// A number that nobody has: its country, a 7, and zeros.
fn phone(text: &str) -> String {
    let (scheme, number) = text.split_at(if text.starts_with("tel:") { 4 } else { 0 });
    if number
        .chars()
        .any(|character| !character.is_ascii() || character.is_ascii_alphabetic())
    {
        return format!("{scheme}{}", shape(number));
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let kept = match digits.as_str() {
        international if international.starts_with("00") => 5,
        national if national.starts_with('0') => 1,
        _ if number.starts_with('+') || digits.len() >= LONG => 3,
        _ => 0,
    };
    let mut place = 0;
    let invented = number.chars().map(|character| {
        if !character.is_ascii_digit() {
            return character;
        }
        place += 1;
        match place {
            kept_place if kept_place <= kept => character,
            next if next == kept + 1 => '7',
            _ => '0',
        }
    });
    format!("{scheme}{}", invented.collect::<String>())
}

/// A text in which some runs of digits become an invented number, and what is not ASCII an `x`.
fn runs(text: &str, is_hidden: impl Fn(&str) -> bool) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|character: char| character.is_ascii_digit() != is_digit);
        let (run, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        if is_digit && is_hidden(run) {
            written.push_str(&phone(run));
        } else {
            let ascii = |character: char| if character.is_ascii() { character } else { 'x' };
            written.extend(run.chars().map(ascii));
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_phone_becomes_one_of_the_same_shape() {
        for (told, kept) in [
            ("+255712345678", "+255700000000"),
            ("255712345678", "255700000000"),
            ("00255712345678", "00255700000000"),
            ("0712345678", "0700000000"),
            ("712345678", "700000000"),
            ("tel:+255712345678", "tel:+255700000000"),
            ("+255 712-345-678", "+255 700-000-000"),
            ("15200", "70000"),
            ("NYOTA", "xxxxx"),
            ("a1b2c3", "x1x1x1"),
            ("", ""),
        ] {
            assert_eq!(phone(told), kept, "{told}");
        }
    }

    #[test]
    fn a_code_that_is_served_stands_and_what_is_dialled_behind_it_does_not() {
        let codes = ["*152*00#", "*152*00*7#"].map(|code| ServiceCode::parse(code).unwrap());
        let shapes = Shapes {
            codes: &codes,
            words: vec!["Aborted: ".into()],
            phones: Vec::new(),
            secrets_only: false,
        };
        for (dialled, kept) in [
            ("*152*00#", "*152*00#"),
            ("152*00", "152*00"),
            ("*152*00*1*070707081#", "*152*00*1*111111111#"),
            ("*152*00*7*2#", "*152*00*7*1#"),
            ("*152*001#", "*111*111#"),
            ("*99#", "*11#"),
            ("Aborted: Asha 7", "Aborted: xxxx 1"),
            ("", ""),
        ] {
            assert_eq!(shapes.write(Kind::Dialled, dialled), kept, "{dialled}");
        }
    }

    #[test]
    fn the_phone_is_not_in_other_values_either() {
        let shapes = Shapes {
            codes: &[],
            words: Vec::new(),
            phones: vec!["255712345678".into()],
            secrets_only: false,
        };
        let told = |text: &str| shapes.write(Kind::Told, text);
        assert_eq!(told("s-255712345678-9"), "s-255700000000-9");
        assert_eq!(told("0712345678"), "0700000000");
        assert_eq!(told("20261121071500"), "20261121071500");
        assert_eq!(
            shapes.write(Kind::Own, "640041234567890"),
            "640700000000000"
        );
        assert_eq!(shapes.write(Kind::Own, "63902"), "63902");
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_left_but_signs(text in any::<String>()) {
            let kept = shape(&text);
            prop_assert!(kept.is_ascii());
            prop_assert_eq!(kept.chars().count(), text.chars().count());
            prop_assert!(kept.chars().all(|it| it == 'x' || it == '1' || !it.is_ascii_alphanumeric()));
        }
    }
}
