use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::Result;

/// Tables whose rows are not copied: the migrations that were run, which a database has of its own;
/// the mark of its keys, likewise; and the balances, which the ledger's rows make again.
pub(super) const NOT_COPIED: [&str; 3] = ["_sqlx_migrations", "keys_mark", "ledger_balances"];

/// A table, as both engines have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in their order, without those that are computed.
    pub columns: Vec<Column>,
    /// The tables that its rows refer to.
    pub parents: Vec<String>,
    /// The highest number that its sequence has given, where it has one that remembers.
    pub last: Option<i64>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Its place in the primary key, from 1.
    pub key: Option<u32>,
}

/// What a column holds. `SQLite` has the first three; all others lie in them there, and so they do in
/// a [`Cell`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers.
    Number,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Times; a cell holds microseconds since 1970.
    Time,
    /// Days; a cell holds `2026-03-02`.
    Day,
    /// Yes or no; a cell holds 1 or 0.
    Flag,
}

/// A value as every engine has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// NULL.
    Nothing,
    /// A whole number, a time, yes or no.
    Number(i64),
    /// Text, or a day.
    Text(String),
    /// Bytes.
    Bytes(#[serde(with = "base64_bytes")] Vec<u8>),
}

/// A row, its cells in the order of the table's columns.
pub type Row = Vec<Cell>;

impl Table {
    /// The places of the columns that make its primary key, in the key's order.
    pub fn key(&self) -> Vec<usize> {
        let columns = self.columns.iter().enumerate();
        let mut key: Vec<_> = columns
            .filter_map(|(place, column)| Some((column.key?, place)))
            .collect();
        key.sort_unstable();
        key.into_iter().map(|(_, place)| place).collect()
    }

    /// The names of its columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

/// Whole tables as they lie, sealed values sealed: for a backup and its way back.
#[async_trait]
pub trait Copies: Send {
    /// The newest migration that the database has had.
    async fn schema(&mut self) -> Result<i64>;

    /// The tables that are copied, by name.
    async fn tables(&mut self) -> Result<Vec<Table>>;

    /// The next rows of a table in the order of its key, at most `limit`; `after` is the last row
    /// before them.
    async fn rows(&mut self, table: &Table, after: Option<&Row>, limit: u32) -> Result<Vec<Row>>;

    /// Writes rows as they are, keys included.
    async fn add(&mut self, table: &Table, rows: &[Row]) -> Result<()>;

    /// Has the table's sequence, where it has one that remembers, go on after this number.
    async fn go_on_after(&mut self, table: &Table, last: i64) -> Result<()>;
}

/// Bytes as `{"base64": "…"}`, which is no text and so cannot be taken for one.
mod base64_bytes {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Bytes {
        base64: String,
    }

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        let base64 = BASE64_STANDARD.encode(bytes);
        Bytes { base64 }.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let bytes = Bytes::deserialize(from)?;
        BASE64_STANDARD
            .decode(bytes.base64)
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_it_was_written() {
        let row = vec![
            Cell::Nothing,
            Cell::Number(i64::MIN),
            Cell::Number(i64::MAX),
            Cell::Text("{\"base64\":\"AA==\"}\n".to_owned()),
            Cell::Bytes(vec![0, 255, 10]),
        ];
        let written = serde_json::to_string(&row).unwrap();
        assert!(!written.contains('\n'));
        assert_eq!(serde_json::from_str::<Row>(&written).unwrap(), row);
        assert!(serde_json::from_str::<Row>("[1.5]").is_err());
    }
}
