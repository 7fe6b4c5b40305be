//! How the store keeps phones, names and texts from whoever reads its file.
//!
//! 1. [`Sealer::seal`] and [`Sealer::open`] encrypt one value (AES-256-GCM-SIV, RFC 8452, a random
//!    nonce each time). The domain, `table.column`, is bound to it: a ciphertext that is moved to
//!    another column does not open. The key's id is stored in front, so that keys can be changed: what
//!    is sealed bears the current one, and opens as long as its own is there.
//! 2. [`Sealer::index`] is a phone's keyed index: the same for the same phone, so that rows can be
//!    found by it. Without a key a hash would hide nothing: there are too few phone numbers.
//! 3. [`Sealer::mac`] names anything else by a keyed MAC: lines, marks, subjects of enquiries.
//!
//! 4. [`Sealer::fingerprint`] tells whether two installations have the same keys, and nothing of them.
//!
//! Left out: where keys come from ([`super::Keys`]).

use aes_gcm_siv::{
    Aes256GcmSiv,
    aead::{Aead, Payload},
};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;

use super::Keys;
use crate::model::Msisdn;

const NONCE_BYTES: usize = 12;

/// Why a value was not sealed or opened. It never says what the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// Longer than the cipher takes.
    TooLong,
    /// Shorter than a sealed value can be.
    NotSealed,
    /// Sealed with a key that is not ours.
    OtherKey,
    /// Changed, moved from another column, or sealed with another key of the same id.
    Broken,
}

impl SealError {
    /// What is wrong, as a part of a sentence.
    pub fn why(self) -> &'static str {
        match self {
            Self::TooLong => "it is too long to seal",
            Self::NotSealed => "it is not a sealed value",
            Self::OtherKey => "it was sealed with a key that is not here",
            Self::Broken => "its seal does not fit: it was changed, or another key file is in use",
        }
    }
}

impl std::fmt::Display for SealError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.why())
    }
}

impl std::error::Error for SealError {}

/// Seals and opens values, and names them by MACs. Cheap to use from many tasks at once.
pub struct Sealer {
    /// The key that seals; the others only open.
    current: u8,
    keys: Vec<SealingKey>,
    index: Hmac<Sha256>,
    mac: Hmac<Sha256>,
}

/// One of the keys, ready for use.
struct SealingKey {
    id: u8,
    cipher: Aes256GcmSiv,
    fingerprint: [u8; 8],
}

impl SealingKey {
    fn new(id: u8, key: &[u8; 32]) -> Self {
        let fingerprint = derive(key, "nyota 1 fingerprint");
        let first = fingerprint.first_chunk().copied();
        Self {
            id,
            cipher: KeyInit::new(&derive(key, "nyota 1 seal").into()),
            fingerprint: first.unwrap_or_default(),
        }
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer")
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

impl Sealer {
    /// A sealer with keys of its own for each purpose, derived from `keys`.
    pub fn new(keys: &Keys) -> Self {
        let sealing = keys.sealing();
        Self {
            current: keys.current(),
            keys: sealing.map(|(id, key)| SealingKey::new(id, key)).collect(),
            index: keyed(&derive(keys.index(), "nyota 1 phone index")),
            mac: keyed(&derive(keys.index(), "nyota 1 mac")),
        }
    }

    /// The id of the key that seals.
    pub fn current(&self) -> u8 {
        self.current
    }

    /// The id of the key that a value was sealed with; `None` where it is no sealed value.
    pub fn key_of(sealed: &[u8]) -> Option<u8> {
        sealed.first().copied().filter(|id| *id > 0)
    }

    /// A name of the key with this id, by which two installations can tell whether theirs is the
    /// same; `None` where it is not there.
    pub fn fingerprint(&self, id: u8) -> Option<[u8; 8]> {
        self.key(id).ok().map(|key| key.fingerprint)
    }

    /// The same of the index key.
    pub fn index_fingerprint(&self) -> [u8; 8] {
        let mac = self.mac("fingerprint", &[]);
        mac.first_chunk().copied().unwrap_or_default()
    }

    fn key(&self, id: u8) -> Result<&SealingKey, SealError> {
        let mut keys = self.keys.iter();
        keys.find(|key| key.id == id).ok_or(SealError::OtherKey)
    }

    /// Seals `clear` for `domain`: key id, nonce, ciphertext and tag.
    pub fn seal(&self, domain: &str, clear: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal_bound(domain.as_bytes(), clear)
    }

    /// Opens what [`Self::seal`] sealed for the same domain.
    pub fn open(&self, domain: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.open_bound(domain.as_bytes(), sealed)
    }

    /// Seals `clear` for the one place that `bound` names: moved to another, it does not open.
    pub fn seal_bound(&self, bound: &[u8], clear: &[u8]) -> Result<Vec<u8>, SealError> {
        // The cipher bears a repeated nonce, so the generator's seeding is not all that protects.
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: clear,
            aad: bound,
        };
        let ciphertext = self
            .key(self.current)?
            .cipher
            .encrypt(&nonce.into(), payload)
            .map_err(|_| SealError::TooLong)?;
        Ok([&[self.current], nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens what [`Self::seal_bound`] sealed for the same place.
    pub fn open_bound(&self, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (key_id, rest) = sealed.split_first().ok_or(SealError::NotSealed)?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(SealError::NotSealed)?;
        let key = self.key(*key_id)?;
        let payload = Payload {
            msg: ciphertext,
            aad: bound,
        };
        key.cipher
            .decrypt(&(*nonce).into(), payload)
            .map_err(|_| SealError::Broken)
    }

    /// The keyed index of a phone.
    pub fn index(&self, phone: &Msisdn) -> [u8; 32] {
        let mut index = self.index.clone();
        index.update(phone.digits().as_bytes());
        index.finalize().into_bytes().into()
    }

    /// A keyed MAC of `parts` for `domain`: other parts, parts cut elsewhere, or another domain make
    /// another MAC.
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 16] {
        let mut mac = self.mac.clone();
        for part in std::iter::once(&domain.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let (half, _) = whole.as_chunks::<16>();
        half.first().copied().unwrap_or_default()
    }
}

/// HMAC takes a key of one block; a shorter one is filled with zeros (RFC 2104).
fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    Hmac::new(&block.into())
}

fn derive(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut derived = keyed(key);
    derived.update(purpose.as_bytes());
    derived.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn keys(id: u8, fill: u8) -> Keys {
        Keys::one(id, [fill; 32], [fill; 32])
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_and_domain_only() {
        let sealer = Sealer::new(&keys(1, 7));
        let name = sealer.seal("bills.payer", b"Asha Juma").unwrap();
        assert_eq!(sealer.open("bills.payer", &name).unwrap(), b"Asha Juma");
        let elsewhere = sealer.open("bills.phone", &name);
        assert_eq!(elsewhere, Err(SealError::Broken));
        let other = Sealer::new(&keys(1, 8)).open("bills.payer", &name);
        assert_eq!(other, Err(SealError::Broken));
        let newer = Sealer::new(&keys(2, 7)).open("bills.payer", &name);
        assert_eq!(newer, Err(SealError::OtherKey));
    }

    #[test]
    fn a_ring_opens_what_each_of_its_keys_sealed_and_seals_with_the_current_one() {
        let mut ring = keys(1, 7);
        let old = Sealer::new(&ring).seal("a.b", b"text").unwrap();
        ring.add(&mut StdRng::seed_from_u64(1)).unwrap();
        let waiting = Sealer::new(&ring);
        assert_eq!(Sealer::key_of(&waiting.seal("a.b", b"x").unwrap()), Some(1));
        ring.choose(2).unwrap();
        let both = Sealer::new(&ring);
        let new = both.seal("a.b", b"text").unwrap();
        assert_eq!(
            (Sealer::key_of(&old), Sealer::key_of(&new)),
            (Some(1), Some(2))
        );
        for sealed in [&old, &new] {
            assert_eq!(both.open("a.b", sealed).unwrap(), b"text");
            assert_eq!(waiting.open("a.b", sealed).unwrap(), b"text");
        }
        ring.drop(1).unwrap();
        let later = Sealer::new(&ring);
        assert_eq!(later.open("a.b", &old), Err(SealError::OtherKey));
        assert_eq!(later.open("a.b", &new).unwrap(), b"text");
    }

    #[test]
    fn a_fingerprint_is_its_keys_own() {
        let (one, other) = (Sealer::new(&keys(1, 7)), Sealer::new(&keys(1, 8)));
        assert_eq!(one.fingerprint(1), Sealer::new(&keys(1, 7)).fingerprint(1));
        assert_ne!(one.fingerprint(1), other.fingerprint(1));
        assert_ne!(one.index_fingerprint(), other.index_fingerprint());
        assert_eq!(one.fingerprint(2), None);
    }

    #[test]
    fn a_changed_or_short_value_does_not_open() {
        let sealer = Sealer::new(&keys(1, 7));
        let text = sealer.seal("a.b", b"text").unwrap();
        for place in 1..text.len() {
            let mut changed = text.clone();
            changed[place] ^= 1;
            assert_eq!(sealer.open("a.b", &changed), Err(SealError::Broken));
        }
        assert_eq!(sealer.open("a.b", &[]), Err(SealError::NotSealed));
        assert_eq!(sealer.open("a.b", &[1; 12]), Err(SealError::NotSealed));
        assert_eq!(sealer.open("a.b", &[1; 13]), Err(SealError::Broken));
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let sealer = Sealer::new(&keys(1, 7));
        let once = sealer.seal("a.b", b"text").unwrap();
        assert_ne!(once, sealer.seal("a.b", b"text").unwrap());
        assert!(!once.windows(4).any(|window| window == b"text"));
    }

    #[test]
    fn an_index_depends_on_phone_and_key() {
        let phone = Msisdn::parse("+255700000001").unwrap();
        let other = Msisdn::parse("+255700000002").unwrap();
        let sealer = Sealer::new(&keys(1, 7));
        assert_eq!(sealer.index(&phone), sealer.index(&phone));
        assert_ne!(sealer.index(&phone), sealer.index(&other));
        assert_ne!(sealer.index(&phone), Sealer::new(&keys(1, 8)).index(&phone));
    }

    #[test]
    fn a_mac_knows_where_its_parts_end() {
        let sealer = Sealer::new(&keys(1, 7));
        let mac = sealer.mac("line", &[b"ab", b"c"]);
        assert_eq!(mac, sealer.mac("line", &[b"ab", b"c"]));
        assert_ne!(mac, sealer.mac("line", &[b"a", b"bc"]));
        assert_ne!(mac, sealer.mac("line", &[b"abc"]));
        assert_ne!(mac, sealer.mac("mark", &[b"ab", b"c"]));
        assert_ne!(mac, Sealer::new(&keys(1, 8)).mac("line", &[b"ab", b"c"]));
    }

    #[test]
    fn macs_follow_rfc_4231() {
        let mut mac = keyed(b"Jefe\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        mac.update(b"what do ya want for nothing?");
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        assert_eq!(digest[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(digest[28..], [0x64, 0xec, 0x38, 0x43]);
    }

    #[test]
    fn keys_are_not_printed() {
        let printed = format!("{:?}", Sealer::new(&keys(1, 7)));
        assert_eq!(printed, "Sealer { current: 1, .. }");
    }
}
