use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use rand::CryptoRng;

const FIRST_LINE: &str = "nyota keys 2";
/// The first line of files from when there was one key only; they are still read.
const FIRST_LINE_OF_ONE: &str = "nyota keys 1";
const WARNING: &str =
    "# Whoever has these keys and the database can read it. Without them nobody can.
# Keep a copy of them in another place than the backups of the database.";

/// The keys of the store. Whoever has them and the database can read it; whoever loses them cannot.
///
/// 1. Values are sealed with the current key and bear its id; they are opened with the key whose id
///    they bear. So a key is changed in steps, while the service runs: [`Self::add`] one,
///    [`Self::choose`] it when every node has it, seal again what the old one sealed, then
///    [`Self::drop`] the old one.
/// 2. The index key makes the index of phones, MACs and the keys of lines. There is one. To change
///    it every index in every table must be made anew from its opened phone in one moment in which
///    nobody writes, and what is a MAC alone (the subjects of enquiries) would be lost; so no command
///    does it.
/// 3. As text (a file, or an environment variable) it is lines: `nyota keys 2`, `index`, `made`,
///    `current`, and for each key `sealing`, its id and 64 hex digits. Lines that begin with `#` are
///    for people.
#[derive(Clone)]
pub struct Keys {
    /// Seals values, by id.
    sealing: BTreeMap<u8, [u8; 32]>,
    current: u8,
    /// The highest id that was ever given: an id is never given twice, or what an old backup holds
    /// would be taken for damaged.
    made: u8,
    index: [u8; 32],
}

/// Why the keys were not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// There is no key with this id.
    #[error("there is no key {0}")]
    Unknown(u8),
    /// What is sealed now is sealed with it.
    #[error("key {0} is the current one")]
    Current(u8),
    /// All 255 ids were given.
    #[error("255 keys were made, and no id is left for another")]
    NoIdLeft,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("ids", &self.sealing.keys().collect::<Vec<_>>())
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// One sealing key and the index key.
    pub fn one(id: u8, sealing: [u8; 32], index: [u8; 32]) -> Self {
        Self {
            sealing: BTreeMap::from([(id, sealing)]),
            current: id,
            made: id,
            index,
        }
    }

    /// Keys nobody has had, with id 1.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self::one(1, fresh(rng), fresh(rng))
    }

    /// The id of the key that seals.
    pub fn current(&self) -> u8 {
        self.current
    }

    /// The ids of all keys, in their order.
    pub fn ids(&self) -> impl Iterator<Item = u8> + '_ {
        self.sealing.keys().copied()
    }

    /// Makes one more key, which opens and does not seal yet; gives its id.
    pub fn add(&mut self, rng: &mut impl CryptoRng) -> Result<u8, KeysError> {
        self.made = self.made.checked_add(1).ok_or(KeysError::NoIdLeft)?;
        self.sealing.insert(self.made, fresh(rng));
        Ok(self.made)
    }

    /// Has this key seal from now on.
    pub fn choose(&mut self, id: u8) -> Result<(), KeysError> {
        self.has(id)?;
        self.current = id;
        Ok(())
    }

    /// Forgets a key. What it sealed cannot be read any more.
    pub fn drop(&mut self, id: u8) -> Result<(), KeysError> {
        self.has(id)?;
        if id == self.current {
            return Err(KeysError::Current(id));
        }
        self.sealing.remove(&id);
        Ok(())
    }

    fn has(&self, id: u8) -> Result<(), KeysError> {
        let is_there = self.sealing.contains_key(&id);
        is_there.then_some(()).ok_or(KeysError::Unknown(id))
    }

    /// The sealing keys by id, for the sealer.
    pub(super) fn sealing(&self) -> impl Iterator<Item = (u8, &[u8; 32])> {
        self.sealing.iter().map(|(id, key)| (*id, key))
    }

    /// The index key, for the sealer.
    pub(super) fn index(&self) -> &[u8; 32] {
        &self.index
    }

    /// The text of a key file. It is the secret itself.
    pub(super) fn print(&self) -> String {
        let keys = self.sealing.iter();
        let keys = keys.fold(String::new(), |mut keys, (id, key)| {
            // Writing to a String cannot fail.
            _ = writeln!(keys, "sealing {id} {}", hex(key));
            keys
        });
        format!(
            "{FIRST_LINE}\n{WARNING}\nindex {}\nmade {}\ncurrent {}\n{keys}",
            hex(&self.index),
            self.made,
            self.current,
        )
    }

    /// Reads the text of a key file; `None` where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first, rest) = text.split_once('\n')?;
        match first {
            FIRST_LINE => Self::parse_ring(rest),
            FIRST_LINE_OF_ONE => Self::parse_one(rest),
            _ => None,
        }
    }

    fn parse_ring(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut value = |name: &str| lines.next()?.strip_prefix(name);
        let mut keys = Self {
            index: bytes(value("index ")?)?,
            made: value("made ")?.parse().ok()?,
            current: value("current ")?.parse().ok()?,
            sealing: BTreeMap::new(),
        };
        for line in lines {
            let (id, key) = line.strip_prefix("sealing ")?.split_once(' ')?;
            let id: u8 = id.parse().ok().filter(|id| (1..=keys.made).contains(id))?;
            if keys.sealing.insert(id, bytes(key)?).is_some() {
                return None;
            }
        }
        keys.sealing.contains_key(&keys.current).then_some(keys)
    }

    fn parse_one(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut value = |name: &str| lines.next()?.strip_prefix(name);
        let id = value("id ")?.parse().ok().filter(|id| *id > 0)?;
        let keys = Self::one(id, bytes(value("sealing ")?)?, bytes(value("index ")?)?);
        lines.next().is_none().then_some(keys)
    }
}

fn fresh(rng: &mut impl CryptoRng) -> [u8; 32] {
    let mut key = [0; 32];
    rng.fill_bytes(&mut key);
    key
}

/// Bytes as lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok())
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn rng(seed: u64) -> StdRng {
        StdRng::seed_from_u64(seed)
    }

    fn ids(keys: &Keys) -> Vec<u8> {
        keys.ids().collect()
    }

    #[test]
    fn a_ring_reads_as_it_was_printed() {
        let mut keys = Keys::make(&mut rng(1));
        assert_eq!(keys.add(&mut rng(2)), Ok(2));
        assert_eq!(keys.add(&mut rng(3)), Ok(3));
        keys.choose(2).unwrap();
        keys.drop(1).unwrap();
        let read = Keys::parse(&keys.print()).unwrap();
        assert_eq!((ids(&read), read.current()), (vec![2, 3], 2));
        assert_eq!(read.print(), keys.print());
    }

    #[test]
    fn a_file_of_one_key_is_still_read() {
        let (sealing, index) = ("0a".repeat(32), "0b".repeat(32));
        let old = format!("nyota keys 1\nid 4\nsealing {sealing}\nindex {index}\n");
        let keys = Keys::parse(&old).unwrap();
        assert_eq!((ids(&keys), keys.current()), (vec![4], 4));
        assert_eq!(keys.sealing[&4], [10; 32]);
        assert_eq!(keys.index, [11; 32]);
        for (from, to) in [
            ("keys 1", "keys 3"),
            ("keys 1", "keys 1 "),
            ("id 4", "id 0"),
            ("id 4", "id 256"),
            ("sealing ", "sealing 0"),
            ("index ", "Index "),
            ("\nindex", "\n\nindex"),
        ] {
            assert!(Keys::parse(&old.replace(from, to)).is_none(), "{to}");
        }
        assert!(Keys::parse(&(old + "more\n")).is_none());
    }

    #[test]
    fn a_damaged_ring_is_no_ring() {
        let mut keys = Keys::make(&mut rng(1));
        keys.add(&mut rng(2)).unwrap();
        let good = keys.print();
        assert!(Keys::parse(&good).is_some());
        for (from, to) in [
            ("nyota keys 2", "nyota keys"),
            ("index ", "index 0"),
            ("made 2", "made 1"),
            ("current 1", "current 3"),
            ("current 1\n", ""),
            ("sealing 2", "sealing 1"),
            ("sealing 2", "sealing 0"),
            ("sealing 1 ", "sealing 1  "),
        ] {
            assert!(good.contains(from), "{from}");
            assert!(Keys::parse(&good.replace(from, to)).is_none(), "{to}");
        }
        assert!(Keys::parse(&(good + "more\n")).is_none());
        assert!(Keys::parse("").is_none());
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let mut keys = Keys::make(&mut rng(1));
        assert_eq!(keys.add(&mut rng(2)), Ok(2));
        keys.drop(2).unwrap();
        let mut keys = Keys::parse(&keys.print()).unwrap();
        assert_eq!(keys.add(&mut rng(3)), Ok(3));
        keys.made = 255;
        assert_eq!(keys.add(&mut rng(4)), Err(KeysError::NoIdLeft));
    }

    #[test]
    fn the_current_key_is_not_dropped_and_one_that_is_not_there_not_chosen() {
        let mut keys = Keys::make(&mut rng(1));
        assert_eq!(keys.drop(1), Err(KeysError::Current(1)));
        assert_eq!(keys.drop(2), Err(KeysError::Unknown(2)));
        assert_eq!(keys.choose(2), Err(KeysError::Unknown(2)));
        assert_eq!((ids(&keys), keys.current()), (vec![1], 1));
    }

    #[test]
    fn keys_are_not_printed_for_people_who_debug() {
        let keys = Keys::make(&mut rng(1));
        assert_eq!(format!("{keys:?}"), "Keys { ids: [1], current: 1, .. }");
    }
}
