use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The format's number, in the header.
pub(super) const FORMAT: u32 = 1;

/// The first line of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The format: 1.
    pub nyota_backup: u32,
    /// Which version of nyota made it.
    pub nyota: String,
    /// The newest migration of the database.
    pub schema: i64,
    /// Of which moment it is.
    pub made_at: DateTime<Utc>,
    /// A fingerprint of the index key, in hex digits.
    pub index: String,
    /// The keys that sealed something in it.
    pub keys: Vec<KeyName>,
}

/// A key, as far as it may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyName {
    /// Its id.
    pub id: u8,
    /// Its fingerprint, in hex digits.
    pub fingerprint: String,
}

/// A line that is neither the header nor a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Mark {
    /// A table begins.
    Table(TableMark),
    /// It ends.
    Rows(RowsMark),
    /// The backup ends.
    End(EndMark),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableMark {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    /// The highest number that its sequence gave.
    pub(super) last: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowsMark {
    pub(super) rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndMark {
    /// In all tables together.
    pub(super) rows_in_all: u64,
    /// Of all bytes before this line, in hex digits.
    pub(super) sha256: String,
    /// A MAC of that.
    pub(super) mac: String,
}
