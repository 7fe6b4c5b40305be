use std::{
    fmt,
    fs::File,
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rand::CryptoRng;

use super::private;

const FIRST_LINE: &str = "nyota keys 1";

/// The keys of the store. Whoever has them and the database can read it; whoever loses them cannot.
#[derive(Clone)]
pub struct Keys {
    /// Stored with each sealed value.
    pub id: u8,
    /// Seals values.
    pub sealing: [u8; 32],
    /// Makes the index of phones, and MACs.
    pub index: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Keys nobody has had, with id 1.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut keys = Self {
            id: 1,
            sealing: [0; 32],
            index: [0; 32],
        };
        rng.fill_bytes(&mut keys.sealing);
        rng.fill_bytes(&mut keys.index);
        keys
    }

    /// Reads the key file, or makes keys and the file, for its owner only (mode 0600), and its
    /// folder. The error is a sentence that names the file.
    pub fn load_or_make(path: &Path, rng: &mut impl CryptoRng) -> io::Result<Self> {
        match Self::load(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            loaded => return loaded,
        }
        Self::make(rng).save(path)?;
        // What is there now: another process may have been faster.
        Self::load(path)
    }

    fn load(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path).map_err(|error| about(path, &error))?;
        let mode = file.metadata()?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let path = path.display();
            return Err(io::Error::new(
                ErrorKind::PermissionDenied,
                format!(
                    "the key file {path} can be read by others (mode {mode:03o}): make it yours alone with `chmod 600 {path}`"
                ),
            ));
        }
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| about(path, &error))?;
        Self::parse(&text).ok_or_else(|| {
            let why = format!(
                "the key file {} does not read as keys: its lines are `{FIRST_LINE}`, `id`, `sealing` and `index`, the last two with 64 hex digits",
                path.display()
            );
            io::Error::new(ErrorKind::InvalidData, why)
        })
    }

    /// Writes the file whole or not at all, and never over another.
    fn save(&self, path: &Path) -> io::Result<()> {
        let folder = folder_of(path);
        private::make_folder(&folder)?;
        // Such a file has mode 0600 from its first moment.
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(self.print().as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => File::open(&folder)?.sync_all(),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(about(path, &error.error)),
        }
    }

    fn print(&self) -> String {
        format!(
            "{FIRST_LINE}\nid {}\nsealing {}\nindex {}\n",
            self.id,
            hex(&self.sealing),
            hex(&self.index)
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut value = |name: &str| lines.next()?.strip_prefix(name);
        value(FIRST_LINE).filter(|rest| rest.is_empty())?;
        let keys = Self {
            id: value("id ")?.parse().ok()?,
            sealing: bytes(value("sealing ")?)?,
            index: bytes(value("index ")?)?,
        };
        lines.next().is_none().then_some(keys)
    }
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("the key file {}: {error}", path.display()),
    )
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .to_owned()
}

fn hex(bytes: &[u8]) -> String {
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
    use std::fs;

    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn load_or_make(path: &Path, seed: u64) -> io::Result<Keys> {
        Keys::load_or_make(path, &mut StdRng::seed_from_u64(seed))
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keys_are_made_once_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/nyota.keys");
        let made = load_or_make(&path, 1).unwrap();
        let loaded = load_or_make(&path, 2).unwrap();
        assert_eq!(made.sealing, loaded.sealing);
        assert_eq!(made.index, loaded.index);
        assert_ne!(made.sealing, made.index);
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nyota.keys");
        load_or_make(&path, 1).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = load_or_make(&path, 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        let shown = path.display();
        assert_eq!(
            error.to_string(),
            format!(
                "the key file {shown} can be read by others (mode 640): make it yours alone with `chmod 600 {shown}`"
            )
        );
    }

    #[test]
    fn a_damaged_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nyota.keys");
        let good = load_or_make(&path, 1).unwrap().print();
        for (from, to) in [
            ("nyota keys 1", "nyota keys 2"),
            ("nyota keys 1", "nyota keys 1 "),
            ("id 1", "id 256"),
            ("sealing ", "sealing 0"),
            ("index ", "Index "),
            ("\nindex", "\n\nindex"),
        ] {
            let damaged = good.replace(from, to);
            fs::write(&path, &damaged).unwrap();
            let error = load_or_make(&path, 2).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{from} to {to}");
            assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
        }
        fs::write(&path, good + "more\n").unwrap();
        assert!(load_or_make(&path, 2).is_err());
    }

    #[test]
    fn keys_are_not_printed() {
        let keys = Keys::make(&mut StdRng::seed_from_u64(1));
        assert_eq!(format!("{keys:?}"), "Keys { id: 1, .. }");
    }
}
