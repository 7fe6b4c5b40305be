use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;

use super::{Result, Sealer, Store, Transaction, keys::hex};

/// A column that holds sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// What the table's rows are found by.
    pub key: KeyColumn,
    /// Its name.
    pub column: &'static str,
}

/// The column of a table's primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyColumn {
    /// Of whole numbers.
    Number(&'static str),
    /// Of bytes.
    Bytes(&'static str),
}

impl KeyColumn {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number(name) | Self::Bytes(name) => name,
        }
    }
}

const fn sealed(table: &'static str, key: &'static str, column: &'static str) -> SealedColumn {
    SealedColumn {
        table,
        key: KeyColumn::Number(key),
        column,
    }
}

impl SealedColumn {
    /// Every sealed column of every table. The migrations say `-- sealed` where they make one, and a
    /// test holds both together.
    pub const ALL: [Self; 23] = [
        sealed("keys_mark", "id", "mark"),
        Self {
            table: "callers",
            key: KeyColumn::Bytes("phone_index"),
            column: "phone",
        },
        sealed("effects", "id", "phone"),
        sealed("effects", "id", "effect"),
        sealed("effects", "id", "state"),
        sealed("effects", "id", "outcome"),
        sealed("effects", "id", "answer"),
        sealed("bills", "row", "phone"),
        sealed("bills", "row", "payer"),
        sealed("bill_phones", "id", "phone"),
        sealed("payments", "row", "payer_phone"),
        sealed("notices", "id", "raw"),
        sealed("messages", "id", "phone"),
        sealed("messages", "id", "text"),
        sealed("incoming", "id", "phone"),
        sealed("incoming", "id", "text"),
        sealed("journal", "id", "input"),
        Self {
            table: "known_covers",
            key: KeyColumn::Bytes("key"),
            column: "cover",
        },
        sealed("complaints", "id", "phone"),
        sealed("complaints", "id", "member"),
        sealed("complaints", "id", "text"),
        sealed("sandbox_bills", "id", "phone"),
        sealed("sandbox_bills", "id", "payer"),
    ];

    /// What its values are sealed for: `table.column`.
    pub fn domain(self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// Which row: the value of its primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKey {
    /// A whole number.
    Number(i64),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => f.write_str(&hex(bytes)),
        }
    }
}

/// A sealed value where it lies.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// Its row.
    pub row: RowKey,
    /// What is stored.
    pub sealed: Vec<u8>,
}

impl fmt::Debug for SealedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedValue({})", self.row)
    }
}

/// Sealed values as they lie, whatever they mean: for a change of keys.
#[async_trait]
pub trait Sealed: Send {
    /// The next values of a column in the order of its table's key, at most `limit`.
    async fn values(
        &mut self,
        column: SealedColumn,
        after: Option<&RowKey>,
        limit: u32,
    ) -> Result<Vec<SealedValue>>;

    /// The same, with the first byte only of each: the id of its key.
    async fn first_bytes(
        &mut self,
        column: SealedColumn,
        after: Option<&RowKey>,
        limit: u32,
    ) -> Result<Vec<SealedValue>>;

    /// Replaces a value; false where another is there by now.
    async fn replace(
        &mut self,
        column: SealedColumn,
        value: &SealedValue,
        sealed: &[u8],
    ) -> Result<bool>;
}

/// How many values are read at once where their keys are counted.
const COUNTED_AT_ONCE: u32 = 5_000;
/// How many are sealed again in one transaction: a few milliseconds for who else writes.
const RESEALED_AT_ONCE: u32 = 100;

/// How many values of a column bear the id of each key; 0 for what is no sealed value.
pub async fn count_keys(store: &dyn Store, column: SealedColumn) -> Result<BTreeMap<u8, u64>> {
    count_keys_in(&mut *store.read().await?, column).await
}

/// The same, as of the transaction's moment.
pub(super) async fn count_keys_in(
    transaction: &mut dyn Transaction,
    column: SealedColumn,
) -> Result<BTreeMap<u8, u64>> {
    let mut counts = BTreeMap::new();
    let mut after = None;
    loop {
        let mut sealed = transaction.sealed();
        let values = sealed
            .first_bytes(column, after.as_ref(), COUNTED_AT_ONCE)
            .await?;
        let Some(last) = values.last() else {
            return Ok(counts);
        };
        after = Some(last.row.clone());
        for value in &values {
            let id = Sealer::key_of(&value.sealed).unwrap_or_default();
            *counts.entry(id).or_default() += 1;
        }
    }
}

/// What became of a column's values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many are sealed with the current key now and were not before.
    pub changed: u64,
    /// The rows whose value does not open; it is left as it is.
    pub unreadable: Vec<RowKey>,
}

/// Seals again, with the current key, what another key sealed. It may run beside the service and be
/// stopped at any moment: what it has done stays done, and the next run goes on.
pub async fn reseal(
    store: &dyn Store,
    sealer: &Sealer,
    column: SealedColumn,
    mut progress: impl FnMut(&Resealed) + Send,
) -> Result<Resealed> {
    let mut resealed = Resealed::default();
    let mut after = None;
    loop {
        let mut reading = store.read().await?;
        let values = reading
            .sealed()
            .values(column, after.as_ref(), RESEALED_AT_ONCE)
            .await?;
        drop(reading);
        let Some(last) = values.last() else {
            return Ok(resealed);
        };
        after = Some(last.row.clone());
        let current = Some(sealer.current());
        let old = |value: &SealedValue| Sealer::key_of(&value.sealed) != current;
        let old: Vec<_> = values.into_iter().filter(old).collect();
        if !old.is_empty() {
            let mut batch = reseal_values(store, sealer, column, &old).await?;
            resealed.changed += batch.changed;
            resealed.unreadable.append(&mut batch.unreadable);
            progress(&resealed);
        }
    }
}

async fn reseal_values(
    store: &dyn Store,
    sealer: &Sealer,
    column: SealedColumn,
    values: &[SealedValue],
) -> Result<Resealed> {
    let domain = column.domain();
    let mut resealed = Resealed::default();
    let mut transaction = store.write().await?;
    for value in values {
        let clear = sealer.open(&domain, &value.sealed);
        let Ok(renewed) = clear.and_then(|clear| sealer.seal(&domain, &clear)) else {
            resealed.unreadable.push(value.row.clone());
            continue;
        };
        let mut column_values = transaction.sealed();
        // One that the service replaced meanwhile was sealed by it, and is met by the next run.
        let replaced = column_values.replace(column, value, &renewed).await?;
        resealed.changed += u64::from(replaced);
    }
    transaction.commit().await?;
    Ok(resealed)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::*;

    /// The columns that the migrations of an engine say are sealed: `table.column`.
    fn said_sealed(engine: &str) -> BTreeSet<String> {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let files = fs::read_dir(folder).unwrap();
        let files = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        files.flat_map(|sql| sealed_in(&sql)).collect()
    }

    fn sealed_in(sql: &str) -> Vec<String> {
        let mut table = String::new();
        let mut found = Vec::new();
        for line in sql.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["CREATE" | "ALTER", "TABLE", name, ..] = words[..] {
                name.clone_into(&mut table);
            }
            if line.contains("-- sealed") {
                let added = words.iter().skip_while(|word| **word != "COLUMN").nth(1);
                let column = added.or(words.first()).unwrap();
                found.push(format!("{table}.{column}"));
            }
        }
        found
    }

    #[test]
    fn every_column_that_a_migration_seals_is_known() {
        let known: BTreeSet<_> = SealedColumn::ALL.map(SealedColumn::domain).into();
        assert_eq!(known.len(), SealedColumn::ALL.len(), "one is there twice");
        for engine in ["sqlite", "postgres"] {
            assert_eq!(known, said_sealed(engine), "{engine}");
        }
    }

    #[test]
    fn a_sealed_column_is_found_where_it_is_made_or_added() {
        let sql = "CREATE TABLE a (\n  id INTEGER,\n  b BLOB -- sealed\n);\n\
                   ALTER TABLE c ADD COLUMN d BLOB; -- sealed";
        assert_eq!(sealed_in(sql), ["a.b", "c.d"]);
    }
}
