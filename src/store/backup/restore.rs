use std::path::Path;

use super::{
    BackupError, Copied, Header, check,
    format::TableMark,
    read::{Next, Reader},
};
use crate::store::{Cell, Row, Sealer, Store, Table, Transaction};

/// How many rows are written at once: engines take so many values in a statement and no more.
const ROWS_AT_ONCE: usize = 100;

/// Fills an empty database of the same schema from a backup. The file is read to its end before
/// anything is written, and all is written in one transaction, so what fails leaves the database
/// empty. `progress` is told the table and its rows so far.
pub async fn restore(
    store: &dyn Store,
    sealer: &Sealer,
    path: &Path,
    mut progress: impl FnMut(&str, u64) + Send,
) -> Result<Copied, BackupError> {
    check(path, sealer)?;
    let mut transaction = store.write().await?;
    let tables = transaction.copies().tables().await?;
    let (mut reader, header) = Reader::open(path)?;
    refuse_other_schema(&mut *transaction, &header).await?;
    refuse_rows(&mut *transaction, &tables).await?;
    let mut copied = Copied::default();
    let mut filling: Option<Filling<'_>> = None;
    loop {
        match reader.next(sealer)? {
            Next::Table(mark) => {
                let found = tables.iter().find(|table| fits(table, &mark));
                let table =
                    found.ok_or_else(|| reader.damaged("names a table that is not here"))?;
                filling = Some(Filling::new(table, &mark));
            }
            Next::Row(row) => {
                if let Some(filling) = &mut filling {
                    filling.take(row, &mut *transaction).await?;
                    progress(&filling.table.name, filling.number);
                }
            }
            Next::TableOver => {
                if let Some(filling) = filling.take() {
                    copied.tables += 1;
                    copied.rows += filling.number;
                    filling.end(&mut *transaction).await?;
                }
            }
            Next::Over => {
                transaction.commit().await?;
                return Ok(copied);
            }
        }
    }
}

async fn refuse_other_schema(
    transaction: &mut dyn Transaction,
    header: &Header,
) -> Result<(), BackupError> {
    let ours = transaction.copies().schema().await?;
    if header.schema == ours {
        return Ok(());
    }
    Err(BackupError::OtherSchema {
        made_by: header.nyota.clone(),
        found: header.schema,
        ours,
    })
}

async fn refuse_rows(
    transaction: &mut dyn Transaction,
    tables: &[Table],
) -> Result<(), BackupError> {
    for table in tables {
        let row = transaction.copies().rows(table, None, 1).await?;
        if !row.is_empty() {
            return Err(BackupError::NotEmpty(table.name.clone()));
        }
    }
    Ok(())
}

/// Whether the backup's table is this one; its columns may come in another order.
fn fits(table: &Table, mark: &TableMark) -> bool {
    let mut ours: Vec<_> = table.names().collect();
    let mut theirs: Vec<_> = mark.columns.iter().map(String::as_str).collect();
    ours.sort_unstable();
    theirs.sort_unstable();
    table.name == mark.table && ours == theirs
}

/// A table that is being filled.
struct Filling<'t> {
    table: &'t Table,
    /// For each of our columns, its place in the backup.
    order: Vec<usize>,
    rows: Vec<Row>,
    number: u64,
    /// The highest number that its sequence may have given.
    last: Option<i64>,
}

impl<'t> Filling<'t> {
    fn new(table: &'t Table, mark: &TableMark) -> Self {
        let place = |name: &str| mark.columns.iter().position(|column| column == name);
        Self {
            table,
            order: table.names().filter_map(place).collect(),
            rows: Vec::new(),
            number: 0,
            last: mark.last,
        }
    }

    async fn take(
        &mut self,
        row: Row,
        transaction: &mut dyn Transaction,
    ) -> Result<(), BackupError> {
        let cells = self.order.iter().filter_map(|place| row.get(*place));
        let row: Row = cells.cloned().collect();
        if let [place] = self.table.key()[..]
            && let Some(Cell::Number(number)) = row.get(place)
        {
            self.last = self.last.max(Some(*number));
        }
        self.rows.push(row);
        self.number += 1;
        if self.rows.len() == ROWS_AT_ONCE {
            self.write(transaction).await?;
        }
        Ok(())
    }

    async fn write(&mut self, transaction: &mut dyn Transaction) -> Result<(), BackupError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        Ok(transaction.copies().add(self.table, &rows).await?)
    }

    async fn end(mut self, transaction: &mut dyn Transaction) -> Result<(), BackupError> {
        self.write(transaction).await?;
        if let Some(last) = self.last {
            transaction.copies().go_on_after(self.table, last).await?;
        }
        Ok(())
    }
}
