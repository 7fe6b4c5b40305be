use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{
    BackupError, Copied,
    format::{EndMark, FORMAT, Header, KeyName, Mark, RowsMark, TableMark},
};
use crate::store::{
    Row, SealedColumn, Sealer, Store, Table, Transaction, keys::hex, private, sealed::count_keys_in,
};

/// How many rows are read at once.
const ROWS_AT_ONCE: u32 = 500;

/// Writes all that the database holds at this moment into a new file, for its owner only (mode
/// 0600). It has another name until it is whole. `progress` is told the table and its rows so far.
pub async fn write(
    store: &dyn Store,
    sealer: &Sealer,
    path: &Path,
    now: DateTime<Utc>,
    mut progress: impl FnMut(&str, u64) + Send,
) -> Result<Copied, BackupError> {
    if path.exists() {
        return Err(BackupError::Exists(path.to_owned()));
    }
    let mut lines = Lines::begin(path)?;
    let mut transaction = store.read().await?;
    lines.line(&header(&mut *transaction, sealer, now).await?)?;
    let tables = transaction.copies().tables().await?;
    let mut copied = Copied::default();
    for table in parents_first(tables) {
        let mut said = |rows| progress(&table.name, rows);
        copied.rows += copy(&mut *transaction, &table, &mut lines, &mut said).await?;
        copied.tables += 1;
    }
    lines.end(copied.rows, sealer)?;
    Ok(copied)
}

/// Writes a table and gives how many rows it has.
async fn copy(
    transaction: &mut dyn Transaction,
    table: &Table,
    lines: &mut Lines,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<u64, BackupError> {
    lines.line(&begin(table))?;
    let mut rows = 0;
    let mut last: Option<Row> = None;
    loop {
        let mut copies = transaction.copies();
        let page = copies.rows(table, last.as_ref(), ROWS_AT_ONCE).await?;
        for row in &page {
            lines.line(row)?;
        }
        rows += page.len() as u64;
        progress(rows);
        last = page.into_iter().next_back();
        if last.is_none() {
            lines.line(&RowsMark { rows })?;
            return Ok(rows);
        }
    }
}

async fn header(
    transaction: &mut dyn Transaction,
    sealer: &Sealer,
    now: DateTime<Utc>,
) -> Result<Header, BackupError> {
    let mut ids = BTreeSet::new();
    for column in SealedColumn::ALL {
        ids.extend(count_keys_in(transaction, column).await?.into_keys());
    }
    // What a key that is not here has sealed cannot be read here either: it is carried as it is.
    let name = |id| {
        let fingerprint = hex(&sealer.fingerprint(id)?);
        Some(KeyName { id, fingerprint })
    };
    Ok(Header {
        nyota_backup: FORMAT,
        nyota: env!("CARGO_PKG_VERSION").to_owned(),
        schema: transaction.copies().schema().await?,
        made_at: now,
        index: hex(&sealer.index_fingerprint()),
        keys: ids.into_iter().filter_map(name).collect(),
    })
}

fn begin(table: &Table) -> Mark {
    Mark::Table(TableMark {
        table: table.name.clone(),
        columns: table.names().map(str::to_owned).collect(),
        last: table.last,
    })
}

/// Tables in an order in which each comes after those that its rows refer to.
fn parents_first(mut tables: Vec<Table>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let waits = |table: &Table, left: &[Table]| {
            let mut left = left.iter().filter(|other| other.name != table.name);
            left.any(|other| table.parents.contains(&other.name))
        };
        let (later, now): (Vec<_>, Vec<_>) = tables
            .iter()
            .cloned()
            .partition(|table| waits(table, &tables));
        if now.is_empty() {
            // Two that refer to each other; none do, and their restore would say so.
            ordered.extend(later);
            break;
        }
        ordered.extend(now);
        tables = later;
    }
    ordered
}

/// A file that is written line by line, and what was written so far.
struct Lines {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    digest: Sha256,
}

impl Lines {
    /// Begins it under another name beside its own.
    fn begin(path: &Path) -> Result<Self, BackupError> {
        // Mode 0600 from its first moment.
        let file = NamedTempFile::new_in(private::folder_of(path));
        Ok(Self {
            file: BufWriter::new(file.map_err(|source| unwritten(path, source))?),
            path: path.to_owned(),
            digest: Sha256::new(),
        })
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let text = serde_json::to_vec(line).map_err(io::Error::from);
        let written = text.and_then(|mut text| {
            text.push(b'\n');
            self.digest.update(&text);
            self.file.write_all(&text)
        });
        written.map_err(|source| unwritten(&self.path, source))
    }

    /// The last line, and the file gets its name.
    fn end(mut self, rows_in_all: u64, sealer: &Sealer) -> Result<(), BackupError> {
        let digest: [u8; 32] = self.digest.clone().finalize().into();
        self.line(&EndMark {
            rows_in_all,
            sha256: hex(&digest),
            mac: hex(&sealer.mac("backup", &[&digest])),
        })?;
        let path = self.path.clone();
        self.settle().map_err(|source| unwritten(&path, source))
    }

    fn settle(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::Error::from)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&self.path)
            .map_err(|error| error.error)?;
        File::open(private::folder_of(&self.path))?.sync_all()
    }
}

fn unwritten(path: &Path, source: io::Error) -> BackupError {
    BackupError::File {
        path: path.to_owned(),
        tried: "written",
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, parents: &[&str]) -> Table {
        Table {
            name: name.to_owned(),
            columns: Vec::new(),
            parents: parents.iter().map(|name| (*name).to_owned()).collect(),
            last: None,
        }
    }

    fn names(tables: Vec<Table>) -> Vec<String> {
        tables.into_iter().map(|table| table.name).collect()
    }

    #[test]
    fn a_table_comes_after_those_it_refers_to() {
        let tables = vec![
            table("a", &["b"]),
            table("b", &["c", "b"]),
            table("c", &[]),
            table("d", &[]),
        ];
        assert_eq!(names(parents_first(tables)), ["c", "d", "b", "a"]);
    }

    #[test]
    fn tables_in_a_circle_are_all_there() {
        let tables = vec![table("a", &["b"]), table("b", &["a"])];
        assert_eq!(names(parents_first(tables)), ["a", "b"]);
    }
}
