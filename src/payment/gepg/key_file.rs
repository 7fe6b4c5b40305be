//! Files of keys: PEM, and PKCS#12 as keystores have it.
//!
//! PKCS#12 is read in the three encryptions that are in use: AES-256, 3DES with SHA-1 and RC2-40, of
//! which OpenSSL 3 reads the last two only with `-legacy`. A keystore may hold a certificate and no
//! key: so GePG gives its own.

use std::time::Duration;

use chrono::{DateTime, Utc};
use p12_keystore::{Pkcs12Archive, error::Error as Pkcs12Error};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1::DecodeRsaPrivateKey,
    pkcs8::{
        DecodePrivateKey, DecodePublicKey, Document,
        der::{
            self, Decode, Reader, SliceReader, Tag,
            asn1::{AnyRef, GeneralizedTime, UtcTime},
        },
    },
};

use super::keys::Trusted;

/// Why a file of keys cannot be used. Never holds a key or a password.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Neither PEM nor PKCS#12.
    #[error(
        "{name} is neither PEM (-----BEGIN …-----) nor a PKCS#12 keystore (.p12, .pfx); check that it \
         is the right file and was copied as binary"
    )]
    Unknown {
        /// The file.
        name: String,
    },
    /// A keystore that its password does not open.
    #[error(
        "the password does not open the keystore {name}; check it with `openssl pkcs12 -legacy -info \
         -noout -in {name}`"
    )]
    Password {
        /// The file.
        name: String,
    },
    /// A keystore in an encryption that is not read.
    #[error(
        "the keystore {name} is encrypted in a way that is not read; write it anew with `openssl pkcs12 \
         -legacy -nodes -in {name}` and `openssl pkcs12 -export`"
    )]
    Encryption {
        /// The file.
        name: String,
    },
    /// No private key where one must be.
    #[error(
        "{name} holds no private RSA key; a keystore of ours has one, a certificate alone is the \
         gateway's"
    )]
    NoPrivateKey {
        /// The file.
        name: String,
    },
    /// Several private keys, of which we cannot choose.
    #[error("{name} holds several private keys; leave one in it")]
    SeveralPrivateKeys {
        /// The file.
        name: String,
    },
    /// A private key in PEM with a password of its own.
    #[error(
        "the private key in {name} is encrypted; decrypt it with `openssl pkcs8 -topk8 -nocrypt -in \
         {name}`, or give a PKCS#12 keystore and its password"
    )]
    EncryptedPem {
        /// The file.
        name: String,
    },
    /// Neither a public key nor a certificate where one must be.
    #[error("{name} holds neither an RSA public key nor a certificate of one")]
    NoPublicKey {
        /// The file.
        name: String,
    },
}

/// A file of keys, as it was read from disk.
pub struct KeyFile<'a> {
    name: &'a str,
    bytes: &'a [u8],
    password: &'a str,
}

impl std::fmt::Debug for KeyFile<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyFile({})", self.name)
    }
}

/// What begins PEM.
const PEM: &[u8] = b"-----BEGIN ";

impl<'a> KeyFile<'a> {
    /// A file without a password; `name` is what errors call it.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            password: "",
        }
    }

    /// The same with the password of a keystore.
    #[must_use]
    pub fn with_password(self, password: &'a str) -> Self {
        Self { password, ..self }
    }

    /// The one private key in it.
    pub fn private_key(&self) -> Result<RsaPrivateKey, KeyFileError> {
        if self.bytes.trim_ascii_start().starts_with(PEM) {
            return self.private_pem();
        }
        let archive = self.archive()?;
        let mut keys = archive.keys.iter();
        let key = keys.next().ok_or_else(|| self.no_private_key())?;
        // The same key may be in a keystore under several names.
        if keys.any(|other| other.key != key.key) {
            return Err(KeyFileError::SeveralPrivateKeys { name: self.name() });
        }
        RsaPrivateKey::from_pkcs8_der(key.key.as_der()).map_err(|_| self.no_private_key())
    }

    /// Every public key in it, with the dates of its certificate.
    pub fn trusted(&self) -> Result<Vec<Trusted>, KeyFileError> {
        let found = if self.bytes.trim_ascii_start().starts_with(PEM) {
            self.public_pems()
        } else {
            let archive = self.archive()?;
            let certificates = archive.certs.iter();
            certificates
                .map(|bag| self.certificate(bag.cert.as_der()))
                .collect()
        };
        match found {
            Some(found) if !found.is_empty() => Ok(found),
            Some(_) | None => Err(KeyFileError::NoPublicKey { name: self.name() }),
        }
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn no_private_key(&self) -> KeyFileError {
        KeyFileError::NoPrivateKey { name: self.name() }
    }

    fn archive(&self) -> Result<Pkcs12Archive, KeyFileError> {
        let opened = Pkcs12Archive::from_pkcs12(self.bytes, self.password);
        opened.map_err(|error| match error {
            Pkcs12Error::MacError(_) | Pkcs12Error::UnpadError | Pkcs12Error::Pkcs5Error(_) => {
                KeyFileError::Password { name: self.name() }
            }
            Pkcs12Error::UnsupportedEncryptionScheme
            | Pkcs12Error::UnsupportedMacAlgorithm
            | Pkcs12Error::InvalidParameters => KeyFileError::Encryption { name: self.name() },
            Pkcs12Error::IoError(_)
            | Pkcs12Error::DerError(_)
            | Pkcs12Error::InvalidVersion
            | Pkcs12Error::UnsupportedContentType
            | Pkcs12Error::UnsupportedCertificateType
            | Pkcs12Error::X509Error(_)
            | Pkcs12Error::InvalidLength
            | Pkcs12Error::InvalidData
            | Pkcs12Error::InvalidPrivateKey => KeyFileError::Unknown { name: self.name() },
        })
    }

    /// The texts between each begin and its end.
    fn pems(&self) -> Vec<(&'a str, Document)> {
        let text = std::str::from_utf8(self.bytes).unwrap_or_default();
        let begins: Vec<_> = text.match_indices("-----BEGIN ").collect();
        let ends = begins.iter().skip(1).map(|(place, _)| *place);
        let ends = ends.chain([text.len()]);
        begins
            .iter()
            .zip(ends)
            .filter_map(|((begin, _), end)| text.get(*begin..end))
            .filter_map(only_pem)
            .filter_map(|pem| Document::from_pem(pem).ok())
            .collect()
    }

    fn private_pem(&self) -> Result<RsaPrivateKey, KeyFileError> {
        for (label, document) in self.pems() {
            let der = document.as_bytes();
            let key = match label {
                "PRIVATE KEY" => RsaPrivateKey::from_pkcs8_der(der).ok(),
                "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_der(der).ok(),
                "ENCRYPTED PRIVATE KEY" => {
                    return Err(KeyFileError::EncryptedPem { name: self.name() });
                }
                _ => continue,
            };
            return key.ok_or_else(|| self.no_private_key());
        }
        Err(self.no_private_key())
    }

    /// `None` where one of them is not an RSA key.
    fn public_pems(&self) -> Option<Vec<Trusted>> {
        let pems = self.pems().into_iter();
        pems.filter_map(|(label, document)| match label {
            "PUBLIC KEY" => {
                let key = RsaPublicKey::from_public_key_der(document.as_bytes()).ok();
                Some(key.map(|key| Trusted::always(self.name, key)))
            }
            "CERTIFICATE" => Some(self.certificate(document.as_bytes())),
            _ => None,
        })
        .collect()
    }

    fn certificate(&self, der: &[u8]) -> Option<Trusted> {
        let certificate = Certificate::read(der).ok()?;
        Some(Trusted {
            name: self.name(),
            key: RsaPublicKey::from_public_key_der(certificate.key).ok()?,
            from: certificate.from,
            until: certificate.until,
        })
    }
}

/// A PEM without the text that tools write before and after it.
fn only_pem(text: &str) -> Option<&str> {
    let end = text.find("-----END ")?;
    let rest = text.get(end..)?;
    let closed = rest.get(9..)?.find("-----")? + 9 + 5;
    text.get(..end + closed)
}

/// What is read of an X.509 certificate (RFC 5280, section 4.1).
struct Certificate<'a> {
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// The key, with the kind that it is of.
    key: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Of the part that is signed: version, serial number, algorithm and issuer come before the
    /// validity, the subject between it and the key.
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let certificate = AnyRef::from_der(der)?;
        let signed_part = AnyRef::decode(&mut SliceReader::new(certificate.value())?)?;
        let mut fields = SliceReader::new(signed_part.value())?;
        if Tag::peek(&fields)?.is_context_specific() {
            fields.tlv_bytes()?;
        }
        for _before in ["serial number", "algorithm", "issuer"] {
            fields.tlv_bytes()?;
        }
        let validity = AnyRef::decode(&mut fields)?;
        let mut dates = SliceReader::new(validity.value())?;
        let [from, until] = [date(&mut dates)?, date(&mut dates)?];
        let _subject = fields.tlv_bytes()?;
        Ok(Self {
            from,
            until,
            key: fields.tlv_bytes()?,
        })
    }
}

fn date(dates: &mut SliceReader<'_>) -> der::Result<Option<DateTime<Utc>>> {
    let since_1970: Duration = if Tag::peek(dates)? == Tag::UtcTime {
        UtcTime::decode(dates)?.to_unix_duration()
    } else {
        GeneralizedTime::decode(dates)?.to_unix_duration()
    };
    let seconds = i64::try_from(since_1970.as_secs()).ok();
    Ok(seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
}
