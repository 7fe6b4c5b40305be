use schemars::JsonSchema;

use super::{Template, Text};

/// Formats of dates.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Dates {
    /// As in strftime: `%Y-%m-%d %H:%M:%S`. The first is the one that is written.
    pub formats: Vec<Text>,
    /// Of a text that bears none: `+03:00`; UTC where it is left out.
    pub zone: Option<Text>,
}

/// A digest, or with a key a HMAC.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Signature {
    /// The digest.
    pub digest: Option<Algorithm>,
    /// The digest of a HMAC.
    pub hmac: Option<Algorithm>,
    /// The HMAC's key: `{setting.private_key}`.
    pub key: Option<Template>,
    /// How it is written; `hex` where it is left out.
    pub r#as: Option<Encoding>,
}

/// What a signature is made by.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Algorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How a signature is written.
#[derive(Debug, JsonSchema)]
pub enum Encoding {
    /// Hexadecimal, `a` to `f`.
    #[schemars(rename = "hex")]
    Hex,
    /// Hexadecimal, `A` to `F`.
    #[schemars(rename = "HEX")]
    UpperHex,
    /// Base64.
    #[schemars(rename = "base64")]
    Base64,
}
