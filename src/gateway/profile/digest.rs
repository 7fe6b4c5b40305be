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

pub(super) fn digest(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const ALGORITHMS: [Algorithm; 4] = [
        Algorithm::Md5,
        Algorithm::Sha1,
        Algorithm::Sha256,
        Algorithm::Sha512,
    ];

    #[test]
    fn digests_are_those_of_the_standards() {
        let begins = [
            "900150983cd24fb0",
            "a9993e364706816a",
            "ba7816bf8f01cfea",
            "ddaf35a193617aba",
        ];
        for (algorithm, begin) in ALGORITHMS.into_iter().zip(begins) {
            let made = hex(&digest(algorithm, b"abc"));
            assert!(made.starts_with(begin), "{algorithm:?}: {made}");
        }
    }

    #[test]
    fn hmacs_are_those_of_the_standards() {
        let fox = b"The quick brown fox jumps over the lazy dog";
        let begins = [
            "80070713463e7749",
            "de7c9b85b8b78aa6",
            "f7bc83f430538424",
            "b42af09057bac1e2",
        ];
        for (algorithm, begin) in ALGORITHMS.into_iter().zip(begins) {
            let made = hex(&hmac(algorithm, b"key", fox).unwrap());
            assert!(made.starts_with(begin), "{algorithm:?}: {made}");
        }
    }

    #[test]
    fn a_key_longer_than_a_block_is_taken() {
        let message = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let made = hmac(Algorithm::Sha256, &[0xaa; 131], message).unwrap();
        assert!(hex(&made).starts_with("60e431591ee0b67f"));
    }

    #[test]
    fn bytes_are_written_in_small_and_large_hexadecimal_and_in_base64() {
        let made = digest(Algorithm::Md5, b"abc");
        assert_eq!(
            encoded(&made, Encoding::UpperHex),
            "900150983CD24FB0D6963F7D28E17F72"
        );
        assert_eq!(encoded(&made, Encoding::Base64), "kAFQmDzST7DWlj99KOF/cg==");
        assert_eq!(unhex(&encoded(&made, Encoding::Hex)), Some(made));
    }
}
