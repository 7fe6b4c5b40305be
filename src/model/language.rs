use std::fmt;

use serde::{Deserialize, Serialize};

/// A language tag of at most eight characters, such as `sw`, `en` or `ne-Latn` (BCP 47).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language {
    bytes: [u8; 8],
    len: u8,
}

/// The text is no language tag that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a language is written as two or three small letters, with an optional script: sw, en, ne-Latn"
)]
pub struct ParseLanguageError;

impl Language {
    /// Swahili.
    pub const SWAHILI: Self = Self::two(*b"sw");
    /// English.
    pub const ENGLISH: Self = Self::two(*b"en");
    /// French.
    pub const FRENCH: Self = Self::two(*b"fr");

    const fn two(tag: [u8; 2]) -> Self {
        Self {
            bytes: [tag[0], tag[1], 0, 0, 0, 0, 0, 0],
            len: 2,
        }
    }

    /// Reads a tag: two or three small letters, then optionally `-` and a four-letter script.
    pub fn parse(tag: &str) -> Result<Self, ParseLanguageError> {
        let (primary, script) = match tag.split_once('-') {
            Some((primary, script)) => (primary, Some(script)),
            None => (tag, None),
        };
        let primary_fits =
            matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
        let script_fits = script.is_none_or(|script| {
            script.len() == 4 && script.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        if !primary_fits || !script_fits {
            return Err(ParseLanguageError);
        }
        let mut bytes = [0; 8];
        for (slot, byte) in bytes.iter_mut().zip(tag.bytes()) {
            *slot = byte;
        }
        let len = u8::try_from(tag.len()).map_err(|_| ParseLanguageError)?;
        Ok(Self { bytes, len })
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        let tag = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        std::str::from_utf8(tag).unwrap_or_default()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Self::parse(&tag).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_written() {
        assert_eq!(Language::parse("sw"), Ok(Language::SWAHILI));
        assert_eq!(Language::parse("ne-Latn").unwrap().to_string(), "ne-Latn");
        for tag in [
            "",
            "s",
            "SW",
            "swah",
            "sw-",
            "sw-La",
            "s1",
            "sw_TZ",
            "swa-Latnn",
        ] {
            assert_eq!(Language::parse(tag), Err(ParseLanguageError), "{tag}");
        }
    }
}
