//! Digests and HMACs.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{
    Algorithm, Encoding, Refused, Signature,
    value::{Datum, Sources},
};

/// The signature of a value, as text.
pub(super) fn signed(
    signature: &Signature,
    datum: Datum,
    sources: &dyn Sources,
) -> Result<Option<Datum>, Refused> {
    let Some(message) = datum.into_bytes() else {
        return Ok(None);
    };
    let made = match &signature.key {
        None => Some(digest(signature.algorithm, &message)),
        Some(key) => hmac(signature.algorithm, key.text(sources)?.as_bytes(), &message),
    };
    Ok(made.map(|bytes| Datum::Text(encoded(&bytes, signature.encoding))))
}

fn digest(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Md5 => Md5::digest(message).to_vec(),
        Algorithm::Sha1 => Sha1::digest(message).to_vec(),
        Algorithm::Sha256 => Sha256::digest(message).to_vec(),
        Algorithm::Sha512 => Sha512::digest(message).to_vec(),
    }
}

/// The HMAC of a message. A key of any length fits, so there always is one.
pub(super) fn hmac(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::Md5 => mac::<Hmac<Md5>>(key, message),
        Algorithm::Sha1 => mac::<Hmac<Sha1>>(key, message),
        Algorithm::Sha256 => mac::<Hmac<Sha256>>(key, message),
        Algorithm::Sha512 => mac::<Hmac<Sha512>>(key, message),
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

fn encoded(bytes: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Hex => hex(bytes),
        Encoding::UpperHex => hex(bytes).to_uppercase(),
        Encoding::Base64 => STANDARD.encode(bytes),
    }
}

/// Two lower digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
    digits.collect()
}

/// The bytes of hexadecimal digits in any case.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    bytes.collect()
}
