//! Keys: our private one to sign with, our partner's public ones to verify with.
//!
//! 1. [`KeyFile`](super::KeyFile) reads them out of PEM and PKCS#12 files.
//! 2. Any of the partner's keys may have signed, within its certificate's dates: a gateway changes its
//!    key by hand, and for a while either may come.
//! 3. v4 is signed over SHA-1 and v5 over SHA-256, and nothing else is taken for either, unless the
//!    settings say that this partner differs.
//!
//! Left out: issuers of certificates. Which keys are trusted is decided by who writes the list.

use std::fmt;

use chrono::{DateTime, Utc};
use ring::{
    rand::SystemRandom,
    signature::{
        RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
        RsaKeyPair, UnparsedPublicKey,
    },
};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1::EncodeRsaPublicKey,
    pkcs1v15::SigningKey,
    pkcs8::EncodePrivateKey,
    signature::{SignatureEncoding, Signer},
    traits::PublicKeyParts,
};
use serde::{Deserialize, Serialize};
use sha1::Sha1;

use super::{Dialect, Digest, KeyFile, KeyFileError};

/// The shortest modulus that we accept, in bytes: 2048 bits.
const SHORTEST: usize = 256;

/// Why keys cannot be used. Never holds a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file of keys is not one.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// Too short to prove anything.
    #[error("{name} is a key of less than 2048 bits, which proves nothing; have a longer one made")]
    Short {
        /// Whose key, or in which file.
        name: String,
    },
    /// Not a key as everybody makes them.
    #[error(
        "{name} is an unusual RSA key; have one made of 2048 to 4096 bits with the exponent 65537, as \
         `openssl genrsa 2048` does"
    )]
    Unusual {
        /// Whose key, or in which file.
        name: String,
    },
    /// There is no key to verify with.
    #[error(
        "no public key of the payment gateway is given; ask its people for its certificate and add it \
         to the list"
    )]
    NoPublic,
}

/// The signature could not be made: the private key is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the message could not be signed with our private key")]
pub struct SignError;

/// A key that a partner may have signed with, and when.
#[derive(Clone, PartialEq, Eq)]
pub struct Trusted {
    /// Which it is, for the operator: the name of its file.
    pub name: String,
    /// The key.
    pub key: RsaPublicKey,
    /// It proves nothing before this; `None` where it has no beginning.
    pub from: Option<DateTime<Utc>>,
    /// It proves nothing after this; `None` where it has no end.
    pub until: Option<DateTime<Utc>>,
}

impl fmt::Debug for Trusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trusted({}", self.name)?;
        if let Some(until) = self.until {
            write!(f, ", until {until}")?;
        }
        f.write_str(")")
    }
}

impl Trusted {
    /// A key that has no dates.
    pub fn always(name: &str, key: RsaPublicKey) -> Self {
        Self {
            name: name.to_owned(),
            key,
            from: None,
            until: None,
        }
    }

    /// Whether it proves anything at this time.
    pub fn is_right_at(&self, now: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now <= until)
    }
}

/// Over which digest each dialect is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Digests {
    /// v4's.
    pub v4: Digest,
    /// v5's.
    pub v5: Digest,
}

impl Default for Digests {
    fn default() -> Self {
        Self {
            v4: Dialect::V4.digest(),
            v5: Dialect::V5.digest(),
        }
    }
}

/// What one side of a conversation signs and verifies with (RSASSA-PKCS1-v1_5).
///
/// `ring` is several times as fast as anything else that we may use, and signs over SHA-1 no more.
pub struct Keys {
    over_sha1: SigningKey<Sha1>,
    over_sha256: RsaKeyPair,
    partner: Vec<Partner>,
    digests: Digests,
}

/// What a signature proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// A key of the list made it.
    Right,
    /// A key of the list made it before or after its dates.
    OutOfDate,
    /// No key of the list made it.
    Wrong,
}

/// A trusted key, ready to verify over either digest.
struct Partner {
    trusted: Trusted,
    over_sha1: UnparsedPublicKey<Vec<u8>>,
    over_sha256: UnparsedPublicKey<Vec<u8>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Keys(a private key and {} public ones)",
            self.partner.len()
        )
    }
}

impl Keys {
    /// Reads our private key and the partner's public ones out of PEM texts.
    pub fn from_pem<'a>(
        own: &str,
        partner: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, KeyError> {
        let own = KeyFile::new("our private key", own.as_bytes()).private_key()?;
        let mut trusted = Vec::new();
        for (index, pem) in partner.into_iter().enumerate() {
            let name = format!("public key {} of the list", index + 1);
            trusted.extend(KeyFile::new(&name, pem.as_bytes()).trusted()?);
        }
        Self::trusting(own, trusted)
    }

    /// Takes keys that are read already, and have no dates.
    pub fn new(own: RsaPrivateKey, partner: Vec<RsaPublicKey>) -> Result<Self, KeyError> {
        let partner = partner
            .into_iter()
            .map(|key| Trusted::always("the partner's key", key));
        Self::trusting(own, partner.collect())
    }

    /// Takes keys that are read already.
    pub fn trusting(own: RsaPrivateKey, partner: Vec<Trusted>) -> Result<Self, KeyError> {
        if partner.is_empty() {
            return Err(KeyError::NoPublic);
        }
        long_enough("our private key", own.size())?;
        for trusted in &partner {
            long_enough(&trusted.name, trusted.key.size())?;
        }
        Ok(Self {
            over_sha256: key_pair(&own)?,
            over_sha1: SigningKey::new(own),
            partner: partner
                .into_iter()
                .map(Partner::new)
                .collect::<Result<_, _>>()?,
            digests: Digests::default(),
        })
    }

    /// The same for a partner whose digests are not those of its dialects.
    #[must_use]
    pub fn with_digests(self, digests: Digests) -> Self {
        Self { digests, ..self }
    }

    /// The partner's keys.
    pub fn trusted(&self) -> impl Iterator<Item = &Trusted> {
        self.partner.iter().map(|partner| &partner.trusted)
    }

    /// Over which digest messages of this dialect are signed.
    pub(super) fn digest(&self, dialect: Dialect) -> Digest {
        match dialect {
            Dialect::V4 => self.digests.v4,
            Dialect::V5 => self.digests.v5,
        }
    }

    /// Signs bytes.
    pub(super) fn sign(&self, digest: Digest, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        match digest {
            Digest::Sha1 => {
                let signature = self.over_sha1.try_sign(bytes).map_err(|_| SignError)?;
                Ok(signature.to_vec())
            }
            Digest::Sha256 => {
                let mut signature = vec![0; self.over_sha256.public().modulus_len()];
                let random = SystemRandom::new();
                self.over_sha256
                    .sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .map_err(|_| SignError)?;
                Ok(signature)
            }
        }
    }

    /// Whether one of the partner's keys made this signature of these bytes, and is right at `now`.
    pub(super) fn proof(
        &self,
        digest: Digest,
        bytes: &[u8],
        signature: &[u8],
        now: DateTime<Utc>,
    ) -> Proof {
        let mut signers = self
            .partner
            .iter()
            .filter(|partner| partner.verifies(digest, bytes, signature))
            .peekable();
        if signers.peek().is_none() {
            Proof::Wrong
        } else if signers.any(|signer| signer.trusted.is_right_at(now)) {
            Proof::Right
        } else {
            Proof::OutOfDate
        }
    }
}

fn long_enough(name: &str, size: usize) -> Result<(), KeyError> {
    if size < SHORTEST {
        return Err(KeyError::Short {
            name: name.to_owned(),
        });
    }
    Ok(())
}

fn unusual(name: &str) -> KeyError {
    KeyError::Unusual {
        name: name.to_owned(),
    }
}

fn key_pair(own: &RsaPrivateKey) -> Result<RsaKeyPair, KeyError> {
    let unusual = || unusual("our private key");
    let der = own.to_pkcs8_der().map_err(|_| unusual())?;
    RsaKeyPair::from_pkcs8(der.as_bytes()).map_err(|_| unusual())
}

impl Partner {
    fn new(trusted: Trusted) -> Result<Self, KeyError> {
        let der = trusted.key.to_pkcs1_der();
        let der = der.map_err(|_| unusual(&trusted.name))?.into_vec();
        Ok(Self {
            over_sha1: UnparsedPublicKey::new(
                &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
                der.clone(),
            ),
            over_sha256: UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der),
            trusted,
        })
    }

    fn verifies(&self, digest: Digest, bytes: &[u8], signature: &[u8]) -> bool {
        let key = match digest {
            Digest::Sha1 => &self.over_sha1,
            Digest::Sha256 => &self.over_sha256,
        };
        key.verify(bytes, signature).is_ok()
    }
}
