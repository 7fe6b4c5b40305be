use std::{
    fmt,
    fs::{File, Metadata},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use rand::CryptoRng;

use super::{Keys, private};

/// Where keys are kept: a file, for its owner only (mode 0600), replaced whole or not at all.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
}

/// Where the keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file.
    File(KeyFile),
    /// Given as they are, by the environment: they can be used and not changed.
    Given(Keys),
}

impl KeySource {
    /// The file beside a database's file.
    pub fn beside(database: &Path) -> Self {
        Self::File(KeyFile::at(&database.with_extension("keys")))
    }

    /// The keys that are there.
    pub fn load(&self) -> io::Result<Keys> {
        match self {
            Self::File(file) => file.load(),
            Self::Given(keys) => Ok(keys.clone()),
        }
    }

    /// The keys; a file that is not there is made with keys that nobody has had.
    pub fn load_or_make(&self, rng: &mut impl CryptoRng) -> io::Result<Keys> {
        match self {
            Self::File(file) => Keys::load_or_make(&file.path, rng),
            Self::Given(keys) => Ok(keys.clone()),
        }
    }

    /// The file, where they come from one.
    pub fn file(&self) -> Option<&KeyFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Given(_) => None,
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.path.display()),
            Self::Given(_) => f.write_str("the environment"),
        }
    }
}

impl Keys {
    /// Reads the key file, or makes keys and the file, and its folder. The error is a sentence that
    /// names the file.
    pub fn load_or_make(path: &Path, rng: &mut impl CryptoRng) -> io::Result<Self> {
        let file = KeyFile::at(path);
        match file.load() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            loaded => return loaded,
        }
        file.make(&Self::make(rng))?;
        // What is there now: another process may have been faster.
        file.load()
    }

    /// Reads keys from the text of a key file that came in another way: `from` names it. The error is
    /// a sentence without the text.
    pub fn from_text(from: &str, text: &str) -> io::Result<Self> {
        Self::parse(text).ok_or_else(|| unreadable(from))
    }
}

impl KeyFile {
    /// The file at `path`, whether it is there or not.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Reads it. Refused where others can read it too.
    pub fn load(&self) -> io::Result<Keys> {
        let mut file = File::open(&self.path).map_err(|error| self.about(&error))?;
        let mode = file.metadata()?.permissions().mode() & 0o777;
        let path = self.path.display();
        if mode & 0o077 != 0 {
            return Err(io::Error::new(
                ErrorKind::PermissionDenied,
                format!(
                    "the key file {path} can be read by others (mode {mode:03o}): make it yours alone with `chmod 600 {path}`"
                ),
            ));
        }
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| self.about(&error))?;
        Keys::parse(&text).ok_or_else(|| unreadable(&format!("the key file {path}")))
    }

    /// Changes the keys in it: `change` gets them and gives what the caller is told. Two changes at
    /// once go one after the other.
    pub fn change<T, E: From<io::Error>>(
        &self,
        change: impl FnOnce(&mut Keys) -> Result<T, E>,
    ) -> Result<T, E> {
        // Held until the end: the file itself is another one afterwards.
        let folder = File::open(self.folder()).map_err(|error| self.about(&error))?;
        folder.lock()?;
        let mut keys = self.load()?;
        let told = change(&mut keys)?;
        self.replace(&keys)?;
        Ok(told)
    }

    /// Writes the file whole or not at all, and never over another.
    fn make(&self, keys: &Keys) -> io::Result<()> {
        private::make_folder(&self.folder())?;
        match self.written(keys)?.persist_noclobber(&self.path) {
            Ok(_) => self.settle(),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(self.about(&error.error)),
        }
    }

    /// Writes the file over the one that is there, for the same owner.
    fn replace(&self, keys: &Keys) -> io::Result<()> {
        let before = File::open(&self.path)?.metadata()?;
        let file = self.written(keys)?;
        give(file.as_file(), file.path(), &before)?;
        file.persist(&self.path)
            .map_err(|error| self.about(&error.error))?;
        self.settle()
    }

    /// A file beside it, with mode 0600 from its first moment.
    fn written(&self, keys: &Keys) -> io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new_in(self.folder())?;
        file.write_all(keys.print().as_bytes())?;
        file.as_file().sync_all()?;
        Ok(file)
    }

    fn settle(&self) -> io::Result<()> {
        File::open(self.folder())?.sync_all()
    }

    fn folder(&self) -> PathBuf {
        private::folder_of(&self.path)
    }

    fn about(&self, error: &io::Error) -> io::Error {
        let path = self.path.display();
        io::Error::new(error.kind(), format!("the key file {path}: {error}"))
    }
}

/// Whoever changes keys as root must not take them from the service.
fn give(file: &File, path: &Path, before: &Metadata) -> io::Result<()> {
    let now = file.metadata()?;
    if (now.uid(), now.gid()) == (before.uid(), before.gid()) {
        return Ok(());
    }
    chown(path, Some(before.uid()), Some(before.gid()))
}

fn unreadable(what: &str) -> io::Error {
    let why = format!(
        "{what} does not read as keys: the first line is `nyota keys 2`, then come `index`, `made`, `current` and a line `sealing ID KEY` for each key, keys being 64 hex digits"
    );
    io::Error::new(ErrorKind::InvalidData, why)
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

    fn files_beside(path: &Path) -> usize {
        fs::read_dir(path.parent().unwrap()).unwrap().count()
    }

    #[test]
    fn keys_are_made_once_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/nyota.keys");
        let made = load_or_make(&path, 1).unwrap();
        let loaded = load_or_make(&path, 2).unwrap();
        assert_eq!(made.print(), loaded.print());
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(files_beside(&path), 1);
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
        let damaged = load_or_make(&path, 1).unwrap().print() + "more\n";
        fs::write(&path, &damaged).unwrap();
        let error = load_or_make(&path, 2).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let hex = damaged.split_once("index ").unwrap().1;
        assert!(!error.to_string().contains(hex.get(..16).unwrap()));
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }

    #[test]
    fn changed_keys_are_for_their_owner_only_and_nothing_lies_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nyota.keys");
        load_or_make(&path, 1).unwrap();
        let file = KeyFile::at(&path);
        let mut rng = StdRng::seed_from_u64(2);
        let added = file.change(|keys| keys.add(&mut rng).map_err(io::Error::other));
        assert_eq!(added.unwrap(), 2);
        let ids: Vec<_> = file.load().unwrap().ids().collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!((mode(&path), files_beside(&path)), (0o600, 1));
    }

    #[test]
    fn a_change_that_is_refused_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nyota.keys");
        load_or_make(&path, 1).unwrap();
        let before = fs::read_to_string(&path).unwrap();
        let file = KeyFile::at(&path);
        let refused = file.change(|keys| keys.drop(1).map_err(io::Error::other));
        assert!(refused.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
        assert_eq!(files_beside(&path), 1);
    }

    #[test]
    fn of_changes_at_once_none_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nyota.keys");
        load_or_make(&path, 1).unwrap();
        std::thread::scope(|scope| {
            for seed in 0..8 {
                let file = KeyFile::at(&path);
                scope.spawn(move || {
                    let mut rng = StdRng::seed_from_u64(seed);
                    file.change(|keys| keys.add(&mut rng).map_err(io::Error::other))
                        .unwrap();
                });
            }
        });
        assert_eq!(KeyFile::at(&path).load().unwrap().ids().count(), 9);
    }
}
