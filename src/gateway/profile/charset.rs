//! How bytes become text. What is not in its character set is refused, never repaired: a repaired phone number is
//! another phone number.

use std::borrow::Cow;

use super::{Charset, Refused};

/// The text of bytes. `part` names them in the refusal, `declared` is the content type's `charset`.
pub(super) fn decoded(
    bytes: &[u8],
    charset: Concrete,
    part: &'static str,
) -> Result<String, Refused> {
    let text = match charset {
        Concrete::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Concrete::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
        Concrete::Utf16 => utf16(bytes),
    };
    text.ok_or(Refused::Charset {
        part,
        charset: charset.name(),
    })
}

/// A text as the bytes of a character set that we write; `?` stands for what ISO 8859-1 does not have.
pub(super) fn encoded(text: &str, charset: Concrete) -> Cow<'_, [u8]> {
    match charset {
        Concrete::Utf8 | Concrete::Utf16 => Cow::Borrowed(text.as_bytes()),
        Concrete::Latin1 => {
            let bytes = text.chars().map(|it| u8::try_from(it).unwrap_or(b'?'));
            Cow::Owned(bytes.collect())
        }
    }
}

/// The bytes of a body that goes out, as its own content type declares them.
pub(super) fn outgoing<'b>(body: &'b str, headers: &[(String, String)]) -> Cow<'b, [u8]> {
    let own = headers.iter().find(|(name, _)| name == "content-type");
    let named = own.and_then(|(_, value)| Concrete::named(&declared(value)?));
    encoded(body, named.unwrap_or(Concrete::Utf8))
}

/// A whole body without the mark that some begin UTF-8 with. In a field it would be a character of its value.
pub(super) fn unmarked(bytes: &[u8], charset: Concrete) -> &[u8] {
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf");
    bare.filter(|_| charset == Concrete::Utf8).unwrap_or(bytes)
}

/// A character set that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concrete {
    Utf8,
    Latin1,
    Utf16,
}

impl Concrete {
    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "ISO 8859-1",
            Self::Utf16 => "UTF-16",
        }
    }

    /// The character set of a request: the route's, or as its content type declares it.
    pub(super) fn of(charset: Charset, content_type: Option<&str>) -> Result<Self, Refused> {
        Ok(match charset {
            Charset::Utf8 => Self::Utf8,
            Charset::Latin1 => Self::Latin1,
            Charset::Utf16 => Self::Utf16,
            Charset::Declared => match content_type.and_then(declared) {
                Some(name) => Self::named(&name).ok_or(Refused::Charset {
                    part: "body",
                    charset: "UTF-8, ISO 8859-1 or UTF-16",
                })?,
                None => Self::Utf8,
            },
        })
    }

    /// The one that we write.
    pub(super) fn written(charset: Charset) -> Self {
        if charset == Charset::Latin1 {
            Self::Latin1
        } else {
            Self::Utf8
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "utf-8" | "utf8" | "us-ascii" => Some(Self::Utf8),
            "iso-8859-1" | "iso8859-1" | "latin1" => Some(Self::Latin1),
            "utf-16" | "utf16" | "utf-16be" | "ucs-2" | "ucs2" => Some(Self::Utf16),
            _ => None,
        }
    }
}

/// `utf-8` of `text/xml; charset="UTF-8"`.
pub(super) fn declared(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let named = parameters.filter_map(|parameter| parameter.split_once('='));
    let mut charsets = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let (_, charset) = charsets.next()?;
    Some(charset.trim().trim_matches('"').to_lowercase())
}

/// The first byte first, unless a mark says otherwise.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (bare, last_first) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        other => (other, false),
    };
    let unit = if last_first {
        u16::from_le_bytes
    } else {
        u16::from_be_bytes
    };
    let pairs = bare.chunks(2).map(|pair| pair.try_into().ok().map(unit));
    let units: Vec<u16> = pairs.collect::<Option<_>>()?;
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], charset: Concrete) -> Option<String> {
        decoded(bytes, charset, "body").ok()
    }

    #[test]
    fn bytes_are_text_in_their_own_character_set_only() {
        assert_eq!(
            read(b"\xef\xbb\xbfa", Concrete::Utf8).as_deref(),
            Some("\u{feff}a")
        );
        assert_eq!(unmarked(b"\xef\xbb\xbfa", Concrete::Utf8), b"a");
        assert_eq!(
            unmarked(b"\xef\xbb\xbfa", Concrete::Latin1),
            b"\xef\xbb\xbfa"
        );
        assert_eq!(read(b"\xe9", Concrete::Utf8), None);
        assert_eq!(read(b"\xe9", Concrete::Latin1).as_deref(), Some("é"));
        assert_eq!(read(b"\x00a\x00b", Concrete::Utf16).as_deref(), Some("ab"));
        assert_eq!(
            read(b"\xff\xfea\x00", Concrete::Utf16).as_deref(),
            Some("a")
        );
        assert_eq!(read(b"\x00a\x00", Concrete::Utf16), None);
        assert_eq!(read(b"\xd8\x00", Concrete::Utf16), None);
    }

    #[test]
    fn what_goes_out_is_in_the_character_set_that_its_type_declares() {
        let sent = |content_type: &str| {
            let headers = [("content-type".to_owned(), content_type.to_owned())];
            outgoing("é€", &headers).into_owned()
        };
        assert_eq!(sent("text/plain; charset=iso-8859-1"), b"\xe9?");
        assert_eq!(sent("text/plain; charset=utf-8"), "é€".as_bytes());
        assert_eq!(sent("text/plain"), "é€".as_bytes());
    }

    #[test]
    fn a_declared_character_set_is_the_content_types_and_an_unknown_one_is_refused() {
        let of = |content_type| Concrete::of(Charset::Declared, content_type).ok();
        assert_eq!(of(None), Some(Concrete::Utf8));
        assert_eq!(of(Some("text/xml")), Some(Concrete::Utf8));
        assert_eq!(
            of(Some("text/xml; Charset=\"ISO-8859-1\"")),
            Some(Concrete::Latin1)
        );
        assert_eq!(of(Some("text/xml; charset=koi8-r")), None);
    }
}
