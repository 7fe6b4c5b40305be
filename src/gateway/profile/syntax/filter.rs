use std::sync::Arc;

use regex::Regex;

use super::Template;

/// What is done to a value. One that cannot be done leaves no value.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Filter {
    /// A map of the profile.
    Map(Arc<Map>),
    /// A map that is a setting.
    SettingMap(String),
    /// One of these filters of the language, as a setting chooses.
    Chosen(String, Vec<(String, Filter)>),
    /// Dates of the profile: reads a text into a time, or writes a time.
    Date(Arc<Dates>),
    /// What its first group matches, or the whole match.
    Pattern(Arc<Regex>),
    /// A digest or HMAC of the text.
    Signature(Arc<Signature>),
    Lower,
    Upper,
    Trim,
    /// Digits only.
    Digits,
    /// An international number, with the default country for a national one: `+255…`.
    E164,
    /// The same without `+`.
    Bare,
    /// A number or id that is no phone number: taken as it comes.
    Opaque,
    /// `tel:+255…`.
    Tel,
    /// Without its country code.
    National,
    Number,
    /// A text, whatever type it had.
    Text,
    /// A number, `true` or `false` where it reads as one.
    Typed,
    Bool,
    /// The whole number after it.
    Next,
    /// What stands behind the last `/`.
    LastSegment,
    /// `*` before and `#` behind, where they are missing: `152*00` is `*152*00#`.
    Code,
    /// What stands behind the service code in it, without `#`.
    AfterCode,
    UrlDecode,
    UrlEncode,
    Base64,
    Base64Decode,
    Hex,
    HexDecode,
    /// Hexadecimal UTF-16BE.
    Ucs2Hex,
    Ucs2HexDecode,
    /// Characters beyond ASCII as `\uXXXX`.
    Ascii,
    /// Seconds since 1970, read or written.
    Epoch,
    /// Milliseconds since 1970, read or written.
    EpochMs,
    /// RFC 3339, read or written.
    Iso,
    /// A state of ours that comes back: its turn. Refused where it is not signed by us for this caller.
    Signed,
}

/// Values for values. A plain `true`, `false`, `null` or number is one in JSON too.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Map {
    pub(in crate::gateway) entries: Vec<(String, serde_json::Value)>,
    pub(in crate::gateway) otherwise: Option<serde_json::Value>,
}

/// Formats of `chrono::format::strftime`; the first is written.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Dates {
    pub(in crate::gateway) formats: Vec<String>,
    /// Of a text that bears none; seconds east of UTC.
    pub(in crate::gateway) zone: chrono::FixedOffset,
}

/// A digest or a HMAC.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Signature {
    pub(in crate::gateway) algorithm: Algorithm,
    /// HMAC's key; without it a plain digest.
    pub(in crate::gateway) key: Option<Template>,
    pub(in crate::gateway) encoding: Encoding,
}

/// What a signature is made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

/// How its bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Encoding {
    Hex,
    UpperHex,
    Base64,
}
