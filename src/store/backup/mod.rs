//! Backups: all that a database holds, in one file that either engine can be filled from.
//!
//! 1. [`write()`] reads one moment of a database, table by table, into a new file for its owner only.
//! 2. [`check()`] reads a file to its end: that it is whole and unchanged, and that the keys here are
//!    those it was made with.
//! 3. [`restore`] fills a fresh database of the same schema, in one transaction: all of it or nothing.
//!
//! A backup is lines of JSON. The first is the [`Header`]. Then comes each table, those that others
//! refer to before the others: `{"table", "columns", "last"}`, its rows as arrays, and `{"rows"}`, how
//! many they were. A cell is `null`, a number, a text, or `{"base64"}` for bytes; times are
//! microseconds since 1970, yes and no are 1 and 0. The last line has how many rows there are in all,
//! the SHA-256 of all lines before it, and a MAC of that, so that whoever has no keys cannot write
//! books of his own into a backup.
//!
//! What is sealed stays sealed, and the keys are not in it: a backup is of no use to whoever finds it,
//! and of none to its owner without the key file. Phones' keyed indexes, days, amounts and screens are
//! in clear.
//!
//! Left out: the files beside the database, and the sessions, which last for minutes.

mod check;
mod format;
mod read;
mod restore;
mod write;

use std::{io, path::PathBuf};

use super::StoreError;

pub use check::check;
pub use format::Header;
pub use restore::restore;
pub use write::write;

/// What a backup or a restore did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many tables.
    pub tables: u64,
    /// How many rows in all.
    pub rows: u64,
}

/// Why a backup was not made, or not restored. A sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be read or written.
    #[error("the file {path} cannot be {tried}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// `read`, `written`.
        tried: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file to write is there.
    #[error("there is a file {path} already, and it is left as it is: name another", path = .0.display())]
    Exists(PathBuf),
    /// The file is no backup.
    #[error("the file {path} is no backup of nyota", path = .0.display())]
    NoBackup(PathBuf),
    /// The file is not as it was written.
    #[error("the backup {path} is damaged and was not restored: {why}", path = path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// Where it is wrong.
        why: String,
    },
    /// The keys here cannot open what is in it.
    #[error(
        "the backup {path} was made with other keys: {why}; put the key file that belongs to it where this one is",
        path = path.display()
    )]
    OtherKeys {
        /// Which.
        path: PathBuf,
        /// Which key.
        why: String,
    },
    /// Its schema is not that of this program.
    #[error(
        "the backup was made by nyota {made_by} with migration {found} and this database has migration {ours}: restore it with that version of nyota, then bring the database up to date with `nyota migrate`"
    )]
    OtherSchema {
        /// The program's version.
        made_by: String,
        /// The newest migration in it.
        found: i64,
        /// The newest here.
        ours: i64,
    },
    /// There is something in the database.
    #[error(
        "the database is not empty (there are rows in {0}), and a backup is restored into an empty one only: name a new one with DATABASE_URL"
    )]
    NotEmpty(String),
}
