use super::{
    Refused,
    charset::{self, Concrete},
};

/// Decoded names and values, in the order they came.
pub(super) type Pairs = Vec<(String, String)>;

/// Reads `application/x-www-form-urlencoded`, strictly: what is not UTF-8 or not well escaped is
/// refused, never repaired, because a repaired phone number is another phone number.
///
/// `part` names what is read in the refusal.
pub(super) fn pairs(text: &[u8], part: &'static str) -> Result<Pairs, Refused> {
    pairs_in(text, part, Concrete::Utf8)
}

/// The same, where what was escaped is in another character set.
pub(super) fn pairs_in(
    text: &[u8],
    part: &'static str,
    charset: Concrete,
) -> Result<Pairs, Refused> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decoded(halves.next().unwrap_or_default(), part);
            let (name, value) = (half()?, half()?);
            Ok((
                charset::decoded(&name, Concrete::Utf8, part)?,
                charset::decoded(&value, charset, part)?,
            ))
        })
        .collect()
}

/// A part of a path; there `+` is no space.
pub(super) fn segment(text: &str) -> Result<String, Refused> {
    let spared = text.replace('+', "%2B");
    charset::decoded(&decoded(spared.as_bytes(), "path")?, Concrete::Utf8, "path")
}

/// Names and values as [`pairs`] reads them.
pub(super) fn written<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    written_in(Concrete::Utf8, pairs)
}

/// The same, its values in another character set.
pub(super) fn written_in<'p>(
    charset: Concrete,
    pairs: impl Iterator<Item = (&'p str, &'p str)>,
) -> String {
    let pairs =
        pairs.map(|(name, value)| format!("{}={}", escape(name), escape_in(charset, value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A text as a part of an address or of a form: all but letters, digits and `-._` as `%XX`.
pub(super) fn escape(text: &str) -> String {
    escape_in(Concrete::Utf8, text)
}

/// The same in another character set.
pub(super) fn escape_in(charset: Concrete, text: &str) -> String {
    let bytes = charset::encoded(text, charset);
    let escaped = bytes.iter().map(|byte| match *byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => {
            char::from(*byte).to_string()
        }
        other => format!("%{other:02X}"),
    });
    escaped.collect()
}

fn decoded(text: &[u8], part: &'static str) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => escaped(&mut rest).ok_or(Refused::BadEscape(part))?,
            plain => *plain,
        });
    }
    Ok(bytes)
}

fn escaped(rest: &mut std::slice::Iter<'_, u8>) -> Option<u8> {
    let mut digit = || char::from(*rest.next()?).to_digit(16);
    let (high, low) = (digit()?, digit()?);
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8]) -> Result<Pairs, Refused> {
        pairs(text, "body")
    }

    #[test]
    fn names_and_values_are_decoded() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read(b"code=%2A384%23&text=&a+b=1%2b2=3&flag&&"),
            Ok(vec![
                pair("code", "*384#"),
                pair("text", ""),
                pair("a b", "1+2=3"),
                pair("flag", ""),
            ])
        );
    }

    #[test]
    fn values_may_be_in_another_character_set() {
        let read = pairs_in(b"a=%E9", "query", Concrete::Latin1).unwrap();
        assert_eq!(read, [("a".to_owned(), "é".to_owned())]);
        let read = pairs_in(b"a=%00b", "query", Concrete::Utf16).unwrap();
        assert_eq!(read, [("a".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn a_part_of_a_path_keeps_its_plus() {
        assert_eq!(segment("%2A1+2%23"), Ok("*1+2#".to_owned()));
        assert_eq!(segment("%2"), Err(Refused::BadEscape("path")));
    }

    #[test]
    fn what_is_badly_encoded_is_refused() {
        for text in ["a=%", "a=%4", "a=%zz", "a=%+1", "%g0=1"] {
            assert_eq!(
                read(text.as_bytes()),
                Err(Refused::BadEscape("body")),
                "{text}"
            );
        }
        assert_eq!(
            read(b"a=%ff"),
            Err(Refused::Charset {
                part: "body",
                charset: "UTF-8"
            })
        );
        assert_eq!(
            read(b"a=\xff"),
            Err(Refused::Charset {
                part: "body",
                charset: "UTF-8"
            })
        );
    }

    proptest! {
        #[test]
        fn any_escaped_value_comes_back(value in any::<String>()) {
            let escaped: Vec<_> = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let pairs = read(format!("a={}", escaped.concat()).as_bytes()).unwrap();
            prop_assert_eq!(&pairs, &[("a".to_owned(), value)]);
        }

        #[test]
        fn what_is_written_is_read(name in "[^\\x00]+", value in any::<String>()) {
            let text = written([(name.as_str(), value.as_str())].into_iter());
            prop_assert_eq!(&read(text.as_bytes()).unwrap(), &[(name, value)]);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let fields = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).count();
            if let Ok(pairs) = read(&bytes) {
                prop_assert_eq!(pairs.len(), fields);
            }
        }
    }
}
