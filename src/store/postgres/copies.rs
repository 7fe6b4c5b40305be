use async_trait::async_trait;
use sqlx::AssertSqlSafe;

use super::{
    columns::Columns,
    tables::{Statement, Tables, text},
};
use crate::store::{
    Cell, Column, ColumnKind, Copies, Result, Row, StoreError, Table, copies::NOT_COPIED,
};

#[async_trait]
impl Copies for Tables<'_> {
    async fn schema(&mut self) -> Result<i64> {
        let sql = "SELECT max(version) AS version FROM _sqlx_migrations";
        let row = self.one("migration", sqlx::query(sql)).await?;
        row.map_or(Ok(0), |row| row.get("version"))
    }

    async fn tables(&mut self) -> Result<Vec<Table>> {
        let sql = "SELECT relname::text AS name FROM pg_class
             WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
             ORDER BY relname COLLATE \"C\"";
        let rows = self.all("table", sqlx::query(sql)).await?;
        let mut tables = Vec::new();
        for row in rows {
            let name: String = row.get("name")?;
            if !NOT_COPIED.contains(&name.as_str()) {
                tables.push(self.table(name).await?);
            }
        }
        Ok(tables)
    }

    async fn rows(&mut self, table: &Table, after: Option<&Row>, limit: u32) -> Result<Vec<Row>> {
        let key = table.key();
        let key: Vec<_> = key
            .iter()
            .filter_map(|place| Some((*place, table.columns.get(*place)?)))
            .collect();
        let ordered = joined(key.iter().map(|(_, column)| ordered(column)));
        let past = after.map_or(String::new(), |_| {
            let places = key.iter().zip(2..);
            let places = joined(places.map(|((_, column), place)| given(column.kind, place)));
            format!("WHERE ({ordered}) > ({places})")
        });
        let sql = format!(
            "SELECT {} FROM {} {past} ORDER BY {ordered} LIMIT $1",
            joined(table.columns.iter().map(read)),
            quoted(&table.name),
        );
        let mut statement = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(limit));
        for (place, column) in key {
            if let Some(cell) = after.and_then(|row| row.get(place)) {
                statement = bind(statement, column.kind, cell)?;
            }
        }
        let rows = self.all("row of a table", statement).await?;
        rows.iter().map(|row| cells(table, row)).collect()
    }

    async fn add(&mut self, table: &Table, rows: &[Row]) -> Result<()> {
        let width = table.columns.len();
        let row = |number: usize| {
            let columns = table.columns.iter().zip(number * width + 1..);
            let cells = columns.map(|(column, place)| given(column.kind, place));
            format!("({})", joined(cells))
        };
        let sql = format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}",
            quoted(&table.name),
            joined(table.names().map(quoted)),
            joined((0..rows.len()).map(row)),
        );
        let mut statement = sqlx::query(AssertSqlSafe(sql));
        for row in rows {
            for (column, cell) in table.columns.iter().zip(row) {
                statement = bind(statement, column.kind, cell)?;
            }
        }
        self.change("write rows of a backup", statement).await?;
        Ok(())
    }

    async fn go_on_after(&mut self, table: &Table, last: i64) -> Result<()> {
        let sql =
            "SELECT setval(sequence, greatest($2, coalesce(pg_sequence_last_value(sequence), 1)))
             FROM (
                SELECT pg_get_serial_sequence($1, attname)::regclass AS sequence FROM pg_attribute
                WHERE attrelid = to_regclass($1) AND attidentity <> ''
             ) AS numbered";
        let statement = sqlx::query(sql).bind(quoted(&table.name)).bind(last.max(1));
        self.all("sequence", statement).await?;
        Ok(())
    }
}

impl Tables<'_> {
    async fn table(&mut self, name: String) -> Result<Table> {
        let sql = "SELECT attname::text AS name, typname::text AS type, coalesce((
                SELECT place FROM unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place)
                WHERE number = attnum
             ), 0) AS place
             FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
             LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
             WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
                AND attgenerated = ''
             ORDER BY attname COLLATE \"C\"";
        let columns = self
            .all("column", sqlx::query(sql).bind(quoted(&name)))
            .await?;
        let sql = "SELECT DISTINCT relname::text AS parent FROM pg_constraint
             JOIN pg_class ON pg_class.oid = confrelid
             WHERE contype = 'f' AND conrelid = to_regclass($1) ORDER BY 1";
        let parents = self
            .all("table", sqlx::query(sql).bind(quoted(&name)))
            .await?;
        let sql =
            "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, attname)::regclass) AS last
             FROM pg_attribute WHERE attrelid = to_regclass($1) AND attidentity <> ''";
        let last = self
            .one("sequence", sqlx::query(sql).bind(quoted(&name)))
            .await?;
        Ok(Table {
            columns: columns.iter().map(column).collect::<Result<_>>()?,
            parents: parents
                .iter()
                .map(|row| row.get("parent"))
                .collect::<Result<_>>()?,
            last: last.map_or(Ok(None), |row| row.get("last"))?,
            name,
        })
    }
}

fn column(row: &Columns<'_>) -> Result<Column> {
    let place: u32 = row.count("place")?;
    Ok(Column {
        name: row.get("name")?,
        kind: row.parsed("type", kind)?,
        key: (place > 0).then_some(place),
    })
}

fn kind(declared: &str) -> Option<ColumnKind> {
    match declared {
        "int8" | "int4" | "int2" => Some(ColumnKind::Number),
        "text" => Some(ColumnKind::Text),
        "bytea" => Some(ColumnKind::Bytes),
        "timestamptz" => Some(ColumnKind::Time),
        "date" => Some(ColumnKind::Day),
        "bool" => Some(ColumnKind::Flag),
        _ => None,
    }
}

/// A column as it is in a cell.
fn read(column: &Column) -> String {
    let name = quoted(&column.name);
    match column.kind {
        ColumnKind::Text | ColumnKind::Bytes => name,
        ColumnKind::Number => format!("{name}::bigint"),
        ColumnKind::Time => format!("(extract(epoch FROM {name}) * 1000000)::bigint"),
        ColumnKind::Day => format!("to_char({name}, 'YYYY-MM-DD')"),
        ColumnKind::Flag => format!("{name}::int::bigint"),
    }
}

/// A value given as it is in a cell, as it is in its column.
fn given(kind: ColumnKind, place: usize) -> String {
    match kind {
        ColumnKind::Number | ColumnKind::Text | ColumnKind::Bytes => format!("${place}"),
        // A double holds the microseconds of the next two centuries exactly.
        ColumnKind::Time => {
            format!("(timestamptz 'epoch' + ${place}::bigint * interval '1 microsecond')")
        }
        ColumnKind::Day => format!("${place}::text::date"),
        ColumnKind::Flag => format!("(${place}::bigint <> 0)"),
    }
}

/// A column of a key, in the order that SQLite has too.
fn ordered(column: &Column) -> String {
    let name = quoted(&column.name);
    if column.kind == ColumnKind::Text {
        format!("{name} COLLATE \"C\"")
    } else {
        name
    }
}

fn cells(table: &Table, row: &Columns<'_>) -> Result<Row> {
    let columns = table.columns.iter().enumerate();
    columns
        .map(|(place, column)| cell(row, place, column.kind))
        .collect()
}

fn cell(row: &Columns<'_>, place: usize, kind: ColumnKind) -> Result<Cell> {
    Ok(match kind {
        ColumnKind::Text | ColumnKind::Day => row.at(place)?.map_or(Cell::Nothing, Cell::Text),
        ColumnKind::Bytes => row.at(place)?.map_or(Cell::Nothing, Cell::Bytes),
        ColumnKind::Number | ColumnKind::Time | ColumnKind::Flag => {
            row.at(place)?.map_or(Cell::Nothing, Cell::Number)
        }
    })
}

/// Nothing, too, is given as what the column holds.
fn bind(statement: Statement, kind: ColumnKind, cell: &Cell) -> Result<Statement> {
    let unfit = StoreError::Unreadable {
        noun: "cell of a backup",
        why: "its column holds something else",
    };
    match kind {
        ColumnKind::Number | ColumnKind::Time | ColumnKind::Flag => match cell {
            Cell::Nothing => Ok(statement.bind(None::<i64>)),
            Cell::Number(number) => Ok(statement.bind(*number)),
            Cell::Text(_) | Cell::Bytes(_) => Err(unfit),
        },
        ColumnKind::Text | ColumnKind::Day => match cell {
            Cell::Nothing => Ok(statement.bind(None::<String>)),
            Cell::Text(given) => Ok(statement.bind(text(given))),
            Cell::Number(_) | Cell::Bytes(_) => Err(unfit),
        },
        ColumnKind::Bytes => match cell {
            Cell::Nothing => Ok(statement.bind(None::<Vec<u8>>)),
            Cell::Bytes(bytes) => Ok(statement.bind(bytes.clone())),
            Cell::Number(_) | Cell::Text(_) => Err(unfit),
        },
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Names come from the schema, some of them words of SQL: `key`, `row`.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
