//! Keys: our private one to sign with, our partner's public ones to verify with.
//!
//! Public keys come as PEM: a `PUBLIC KEY`, or the `CERTIFICATE` that holds one. The private key is
//! a PKCS#8 `PRIVATE KEY`. Convert a PKCS#12 keystore with
//! `openssl pkcs12 -legacy -nodes -nocerts -in store.p12 | openssl pkcs8 -topk8 -nocrypt`.
//!
//! Left out: validity dates and issuers of certificates. Which keys are trusted is decided by who
//! writes the list, because GePG's are exchanged by hand.

use std::fmt;

use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{
        DecodePrivateKey, DecodePublicKey, Document,
        der::{self, Decode, Reader, SliceReader, Tag, asn1::AnyRef},
    },
    signature::{SignatureEncoding, Signer, Verifier},
    traits::PublicKeyParts,
};
use sha1::Sha1;

/// The shortest modulus that we accept, in bytes: 2048 bits.
const SHORTEST: usize = 256;

/// Why a key cannot be used. Never holds the key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a PKCS#8 private key in PEM.
    #[error("the private key is not a PKCS#8 RSA key in PEM (-----BEGIN PRIVATE KEY-----)")]
    Private(#[source] rsa::pkcs8::Error),
    /// Neither a public key nor a certificate in PEM.
    #[error(
        "public key {position} of the list is neither an RSA public key nor a certificate in PEM"
    )]
    Public {
        /// Its place in the list, from 1.
        position: usize,
    },
    /// Too short to prove anything.
    #[error("an RSA key must have at least 2048 bits")]
    Short,
    /// There is no key to verify with.
    #[error("no public key of the payment gateway is given")]
    NoPublic,
}

/// The signature could not be made: the private key is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the message could not be signed with our private key")]
pub struct SignError(#[source] rsa::signature::Error);

/// What one side of a conversation signs and verifies with (RSA PKCS#1 v1.5 over SHA-1: GePG v4).
pub struct Keys {
    own: SigningKey<Sha1>,
    partner: Vec<VerifyingKey<Sha1>>,
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
    /// Reads our private key and the partner's public ones, any of which may have signed: a gateway
    /// changes its key by hand, and for a while either may come.
    pub fn from_pem<'a>(
        own: &str,
        partner: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, KeyError> {
        let own = RsaPrivateKey::from_pkcs8_pem(own).map_err(KeyError::Private)?;
        let partner: Vec<_> = partner
            .into_iter()
            .enumerate()
            .map(|(index, pem)| {
                public_key(pem).ok_or(KeyError::Public {
                    position: index + 1,
                })
            })
            .collect::<Result<_, _>>()?;
        Self::new(own, partner)
    }

    /// Takes keys that are read already.
    pub fn new(own: RsaPrivateKey, partner: Vec<RsaPublicKey>) -> Result<Self, KeyError> {
        if partner.is_empty() {
            return Err(KeyError::NoPublic);
        }
        let short = |size: usize| size < SHORTEST;
        if short(own.size()) || partner.iter().any(|key| short(key.size())) {
            return Err(KeyError::Short);
        }
        Ok(Self {
            own: SigningKey::new(own),
            partner: partner.into_iter().map(VerifyingKey::new).collect(),
        })
    }

    /// Signs bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.own.try_sign(bytes).map_err(SignError)?;
        Ok(signature.to_vec())
    }

    /// Whether one of the partner's keys made this signature of these bytes.
    pub(super) fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::try_from(signature) else {
            return false;
        };
        self.partner
            .iter()
            .any(|key| key.verify(bytes, &signature).is_ok())
    }
}

fn public_key(pem: &str) -> Option<RsaPublicKey> {
    let (label, document) = Document::from_pem(pem).ok()?;
    match label {
        "PUBLIC KEY" => RsaPublicKey::from_public_key_der(document.as_bytes()).ok(),
        "CERTIFICATE" => {
            let info = subject_public_key_info(document.as_bytes()).ok()?;
            RsaPublicKey::from_public_key_der(info).ok()
        }
        _ => None,
    }
}

/// The public key in an X.509 certificate (RFC 5280, section 4.1): the field of the part to be
/// signed that follows version, serial number, algorithm, issuer, validity and subject.
fn subject_public_key_info(certificate: &[u8]) -> der::Result<&[u8]> {
    let certificate = AnyRef::from_der(certificate)?;
    let signed_part = AnyRef::decode(&mut SliceReader::new(certificate.value())?)?;
    let mut fields = SliceReader::new(signed_part.value())?;
    if Tag::peek(&fields)?.is_context_specific() {
        fields.tlv_bytes()?;
    }
    for _before in [
        "serial number",
        "algorithm",
        "issuer",
        "validity",
        "subject",
    ] {
        fields.tlv_bytes()?;
    }
    fields.tlv_bytes()
}
