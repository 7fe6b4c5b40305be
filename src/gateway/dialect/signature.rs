use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{Algorithm, Encoding, Signature};

impl Signature {
    /// The signature of a message: with a key a HMAC, without one a digest.
    pub(super) fn sign(&self, message: &[u8], key: Option<&[u8]>) -> String {
        let bytes = match key {
            Some(key) => self.algorithm.hmac(key, message),
            None => self.algorithm.digest(message),
        };
        self.encoding.write(&bytes)
    }
}

impl Algorithm {
    /// The digest of a message.
    pub(super) fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(message).to_vec(),
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// The HMAC of a message (RFC 2104); a key may have any length.
    pub(super) fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => keyed::<Md5>(key, message),
            Self::Sha1 => keyed::<Sha1>(key, message),
            Self::Sha256 => keyed::<Sha256>(key, message),
            Self::Sha512 => keyed::<Sha512>(key, message),
        }
    }
}

fn keyed<D: EagerHash>(key: &[u8], message: &[u8]) -> Vec<u8>
where
    Hmac<D>: KeyInit + Mac,
{
    // Only a key of a fixed length can be refused, and HMAC takes any.
    let Ok(mac) = <Hmac<D> as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

impl Encoding {
    /// Bytes as this writes them.
    pub(super) fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Self::UpperHex => bytes.iter().map(|byte| format!("{byte:02X}")).collect(),
            Self::Base64 => BASE64_STANDARD.encode(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOX: &[u8] = b"The quick brown fox jumps over the lazy dog";

    fn signature(algorithm: Algorithm, encoding: Encoding) -> Signature {
        Signature {
            algorithm,
            key: None,
            encoding,
        }
    }

    #[test]
    fn digests_are_those_of_the_standards() {
        let digest = |algorithm| signature(algorithm, Encoding::Hex).sign(b"abc", None);
        assert_eq!(digest(Algorithm::Md5), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            digest(Algorithm::Sha1),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(
            digest(Algorithm::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(digest(Algorithm::Sha512).starts_with("ddaf35a193617abacc417349ae204131"));
    }

    #[test]
    fn hmacs_are_those_of_the_standards() {
        let hmac = |algorithm| signature(algorithm, Encoding::Hex).sign(FOX, Some(b"key"));
        assert_eq!(hmac(Algorithm::Md5), "80070713463e7749b90c2dc24911e275");
        assert_eq!(
            hmac(Algorithm::Sha1),
            "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9"
        );
        assert_eq!(
            hmac(Algorithm::Sha256),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        );
        assert!(hmac(Algorithm::Sha512).starts_with("b42af09057bac1e2d41708e48a902e09"));
    }

    #[test]
    fn a_key_longer_than_a_block_is_taken() {
        let key = [0xaa; 131];
        let hmac = signature(Algorithm::Sha256, Encoding::Hex).sign(
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            Some(&key),
        );
        assert_eq!(
            hmac,
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn bytes_are_written_in_small_and_large_hexadecimal_and_in_base64() {
        let written = |encoding| signature(Algorithm::Md5, encoding).sign(b"abc", None);
        assert_eq!(written(Encoding::UpperHex), "900150983CD24FB0D6963F7D28E17F72");
        assert_eq!(written(Encoding::Base64), "kAFQmDzST7DWlj99KOF/cg==");
    }
}
