use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    BackupError,
    format::{EndMark, FORMAT, Header, Mark, RowsMark, TableMark},
};
use crate::store::{Row, Sealer, keys::hex};

/// A backup that is read from its beginning to its end.
pub(super) struct Reader {
    path: PathBuf,
    file: BufReader<File>,
    digest: Sha256,
    number: u64,
    table: Option<Counted>,
    rows_in_all: u64,
}

/// A table of which rows are still to come.
struct Counted {
    columns: usize,
    rows: u64,
}

/// What comes next in it.
pub(super) enum Next {
    /// A table.
    Table(TableMark),
    /// A row of it, as wide as the table says.
    Row(Row),
    /// The table is over, and had as many rows as it says.
    TableOver,
    /// The backup is over, and is whole.
    Over,
}

impl Reader {
    /// Opens it and reads its first line.
    pub(super) fn open(path: &Path) -> Result<(Self, Header), BackupError> {
        let file = File::open(path).map_err(|source| unreadable(path, source))?;
        let mut reader = Self {
            path: path.to_owned(),
            file: BufReader::new(file),
            digest: Sha256::new(),
            number: 0,
            table: None,
            rows_in_all: 0,
        };
        let line = reader.line()?;
        let header: Option<Header> = serde_json::from_slice(&line).ok();
        let header = header.filter(|header| header.nyota_backup == FORMAT);
        let header = header.ok_or_else(|| BackupError::NoBackup(path.to_owned()))?;
        reader.digest.update(&line);
        Ok((reader, header))
    }

    /// What comes next.
    pub(super) fn next(&mut self, sealer: &Sealer) -> Result<Next, BackupError> {
        let line = self.line()?;
        if line.starts_with(b"[") {
            return self.row(&line);
        }
        let Ok(mark) = serde_json::from_slice(&line) else {
            return Err(self.damaged("does not read as a part of a backup"));
        };
        match mark {
            Mark::Table(table) => self.begin(table, &line),
            Mark::Rows(rows) => self.count(&rows, &line),
            Mark::End(end) => self.end(&end, sealer),
        }
    }

    fn row(&mut self, line: &[u8]) -> Result<Next, BackupError> {
        let row: Option<Row> = serde_json::from_slice(line).ok();
        let table = self.table.as_mut();
        let fits = row
            .zip(table)
            .filter(|(row, table)| row.len() == table.columns);
        let Some((row, table)) = fits else {
            return Err(self.damaged("does not read as a row of its table"));
        };
        table.rows += 1;
        self.rows_in_all += 1;
        self.digest.update(line);
        Ok(Next::Row(row))
    }

    fn begin(&mut self, table: TableMark, line: &[u8]) -> Result<Next, BackupError> {
        if self.table.is_some() {
            return Err(self.damaged("begins a table in another"));
        }
        let columns = table.columns.len();
        self.table = Some(Counted { columns, rows: 0 });
        self.digest.update(line);
        Ok(Next::Table(table))
    }

    fn count(&mut self, said: &RowsMark, line: &[u8]) -> Result<Next, BackupError> {
        match self.table.take() {
            Some(table) if table.rows == said.rows => {
                self.digest.update(line);
                Ok(Next::TableOver)
            }
            Some(_) | None => Err(self.damaged("counts other rows than there are")),
        }
    }

    fn end(&mut self, end: &EndMark, sealer: &Sealer) -> Result<Next, BackupError> {
        let digest: [u8; 32] = self.digest.clone().finalize().into();
        if self.table.is_some() || end.rows_in_all != self.rows_in_all {
            return Err(self.damaged("comes before all rows are there"));
        }
        if end.sha256 != hex(&digest) {
            return Err(self.damaged("says that the lines before it were others (SHA-256)"));
        }
        if end.mac != hex(&sealer.mac("backup", &[&digest])) {
            return Err(self.damaged("was not written with these keys (MAC)"));
        }
        let more = self.file.fill_buf();
        let more = more.map_err(|source| unreadable(&self.path, source))?;
        if more.is_empty() {
            Ok(Next::Over)
        } else {
            Err(self.damaged("is not the last"))
        }
    }

    /// The next line with its end.
    fn line(&mut self) -> Result<Vec<u8>, BackupError> {
        let mut line = Vec::new();
        self.file
            .read_until(b'\n', &mut line)
            .map_err(|source| unreadable(&self.path, source))?;
        self.number += 1;
        if line.ends_with(b"\n") {
            return Ok(line);
        }
        if self.number == 1 {
            return Err(BackupError::NoBackup(self.path.clone()));
        }
        Err(self.damaged("is cut off: the file is not whole"))
    }

    /// That the line just read is wrong.
    pub(super) fn damaged(&self, why: &str) -> BackupError {
        BackupError::Damaged {
            path: self.path.clone(),
            why: format!("line {} {why}", self.number),
        }
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> BackupError {
    BackupError::File {
        path: path.to_owned(),
        tried: "read",
        source,
    }
}
