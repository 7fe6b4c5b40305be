//! The GSM 7-bit default alphabet (3GPP 23.038, section 6.2.1) and the folding of what is not in it.
//!
//! A page and an SMS are counted in septets: most characters cost one, the ten of the extension
//! table two. One character outside the alphabet makes the whole text UCS-2, at less than half the
//! room.

/// The alphabet a text needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// The GSM 7-bit default alphabet; lengths are septets.
    Gsm7,
    /// UCS-2; lengths are UTF-16 code units.
    Ucs2,
}

/// What a text costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The alphabet it needs.
    pub alphabet: Alphabet,
    /// Its length in that alphabet's units.
    pub units: usize,
    /// The first character that forces UCS-2.
    pub forced_by: Option<char>,
}

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many septets a character costs; `None` where it is not in the alphabet.
pub fn septets_of(character: char) -> Option<usize> {
    let plain = character.is_ascii_alphanumeric() || character == ' ';
    if plain || BASIC.contains(character) {
        Some(1)
    } else {
        EXTENSION.contains(character).then_some(2)
    }
}

/// How many septets a text costs; `None` where it needs UCS-2.
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

/// What a text costs in the alphabet that it needs.
pub fn cost(text: &str) -> Cost {
    let forced_by = text
        .chars()
        .find(|character| septets_of(*character).is_none());
    let (alphabet, units) = match septets(text) {
        Some(septets) => (Alphabet::Gsm7, septets),
        None => (Alphabet::Ucs2, text.encode_utf16().count()),
    };
    Cost {
        alphabet,
        units,
        forced_by,
    }
}

/// What an SMS of one part holds, in septets.
pub const SMS_SEPTETS: usize = 160;
/// What an SMS of one part holds, in UTF-16 code units.
pub const SMS_UNITS: usize = 70;
/// What each of several parts holds, in septets: six octets go to the header that joins them.
const PART_SEPTETS: usize = 153;
/// What each of several parts holds, in UTF-16 code units.
const PART_UNITS: usize = 67;

/// How many parts an SMS takes. A character is never split over two parts (3GPP 23.040, 9.2.3.24.1).
pub fn parts(text: &str) -> usize {
    let (one, each, widths): (usize, usize, Vec<usize>) = match cost(text).alphabet {
        Alphabet::Gsm7 => {
            let septets = text.chars().filter_map(septets_of);
            (SMS_SEPTETS, PART_SEPTETS, septets.collect())
        }
        Alphabet::Ucs2 => {
            let units = text.chars().map(char::len_utf16);
            (SMS_UNITS, PART_UNITS, units.collect())
        }
    };
    if widths.iter().sum::<usize>() <= one {
        return 1;
    }
    let (mut parts, mut room) = (0, 0);
    for width in widths {
        if width > room {
            (parts, room) = (parts + 1, each);
        }
        room -= width;
    }
    parts
}

/// A value from outside as it may stand in a GSM-7 text: letters fold to their plain form, control
/// and direction characters go, and what has no plain form becomes `?`. So do the characters of the
/// extension table: every character of a folded value costs one septet, and a value that is clipped
/// to so many characters costs no more than those.
///
/// It may get longer (`œ` is `oe`): fold first, then clip.
pub fn fold(value: &str) -> String {
    let mut folded = String::with_capacity(value.len());
    for character in clean(value).chars() {
        match septets_of(character) {
            Some(1) => folded.push(character),
            Some(_) | None => folded.push_str(plain(character)),
        }
    }
    folded
}

/// A value from outside as it may stand in a text that is UCS-2 anyway: every character of it costs
/// one unit, so what costs two, pictures mostly, becomes `?`.
pub fn fold_wide(value: &str) -> String {
    let narrow = |character: char| match character.len_utf16() {
        1 => character,
        _ => '?',
    };
    clean(value).chars().map(narrow).collect()
}

/// A value from outside without what could forge a line or turn the writing direction: control and
/// format characters become one space or nothing.
pub fn clean(value: &str) -> String {
    let mut cleaned = String::with_capacity(value.len());
    for character in value.chars() {
        if character.is_control() || character.is_whitespace() {
            if !cleaned.ends_with(' ') && !cleaned.is_empty() {
                cleaned.push(' ');
            }
        } else if !is_format(character) {
            cleaned.push(character);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

fn is_format(character: char) -> bool {
    matches!(u32::from(character),
        0x00AD | 0x061C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF)
}

fn plain(character: char) -> &'static str {
    match character {
        'á' | 'â' | 'ã' | 'ā' | 'ă' | 'ą' => "a",
        'Á' | 'À' | 'Â' | 'Ã' | 'Ā' => "A",
        'ç' | 'ć' | 'č' => "c",
        'Ć' | 'Č' => "C",
        'ê' | 'ë' | 'ē' | 'ė' | 'ę' => "e",
        'È' | 'Ê' | 'Ë' | 'Ē' => "E",
        'í' | 'î' | 'ï' | 'ī' => "i",
        'Í' | 'Ì' | 'Î' | 'Ï' | 'Ī' => "I",
        'ó' | 'ô' | 'õ' | 'ō' => "o",
        'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ō' => "O",
        'ú' | 'û' | 'ū' => "u",
        'Ú' | 'Ù' | 'Û' | 'Ū' => "U",
        'ý' | 'ÿ' => "y",
        'Ý' | 'Ÿ' => "Y",
        'ń' => "n",
        'š' | 'ś' => "s",
        'Š' | 'Ś' => "S",
        'ž' | 'ź' | 'ż' => "z",
        'Ž' | 'Ź' | 'Ż' => "Z",
        'ł' => "l",
        'Ł' => "L",
        'œ' => "oe",
        'Œ' => "OE",
        '’' | '‘' | 'ʼ' | '`' | '´' | '′' | '^' => "'",
        '“' | '”' | '«' | '»' | '„' => "\"",
        '–' | '—' | '‐' | '‑' | '−' | '~' => "-",
        '…' => "...",
        '•' | '·' => "*",
        '{' | '[' => "(",
        '}' | ']' => ")",
        '|' | '\\' => "/",
        '€' => "EUR",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_127_characters_and_an_escape() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
    }

    #[test]
    fn extension_characters_cost_two() {
        assert_eq!(septets("a{b}"), Some(6));
        assert_eq!(septets("€"), Some(2));
        assert_eq!(septets("ê"), None);
    }

    #[test]
    fn one_character_outside_makes_the_text_ucs2() {
        let cost = cost("reçu");
        assert_eq!(cost.alphabet, Alphabet::Ucs2);
        assert_eq!((cost.units, cost.forced_by), (4, Some('ç')));
    }

    #[test]
    fn parts_are_counted_without_splitting_a_character() {
        let counts = |text: &str, count: usize| parts(&text.repeat(count));
        assert_eq!(
            (counts("", 0), counts("a", 160), counts("a", 161)),
            (1, 1, 2)
        );
        assert_eq!((counts("a", 306), counts("a", 307)), (2, 3));
        // 76 extension characters fill 152 of a part's 153 septets.
        assert_eq!(
            (counts("€", 80), counts("€", 152), counts("€", 153)),
            (1, 2, 3)
        );
        assert_eq!(
            (counts("ê", 70), counts("ê", 71), counts("ê", 135)),
            (1, 2, 3)
        );
        assert_eq!(
            (counts("😀", 35), counts("😀", 66), counts("😀", 67)),
            (1, 2, 3)
        );
    }

    #[test]
    fn folding_gives_plain_letters_and_forges_no_line() {
        assert_eq!(fold("Zoë Müller"), "Zoe Müller");
        assert_eq!(
            fold("Asha\n1. Pay\u{202e}x"),
            "Asha 1. Pay".to_owned() + "x"
        );
        assert_eq!(fold("ng’ombe œuf 漢"), "ng'ombe oeuf ?");
        assert_eq!(fold(" \t a \r\n "), "a");
        assert_eq!(fold("{a} [b] c|d\\e ^f~ €5"), "(a) (b) c/d/e 'f- EUR5");
        assert_eq!(fold_wide("Zoë 漢 😀\u{202e}"), "Zoë 漢 ?");
    }

    proptest::proptest! {
        #[test]
        fn every_character_of_a_folded_value_costs_one(value in proptest::prelude::any::<String>()) {
            let folded = fold(&value);
            proptest::prop_assert_eq!(septets(&folded), Some(folded.chars().count()));
            let wide = fold_wide(&value);
            proptest::prop_assert_eq!(wide.encode_utf16().count(), wide.chars().count());
        }
    }
}
