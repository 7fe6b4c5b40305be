use async_trait::async_trait;
use sqlx::AssertSqlSafe;

use super::{
    columns::Columns,
    tables::{Statement, Tables},
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
        let sql = "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name";
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
        let names: Vec<_> = table.names().map(quoted).collect();
        let key_names: Vec<_> = key.iter().filter_map(|place| names.get(*place)).collect();
        let key_names = key_names.into_iter().map(String::as_str);
        let key_names = key_names.collect::<Vec<_>>().join(", ");
        let past = after.map_or(String::new(), |_| {
            format!("WHERE ({key_names}) > ({})", places(key.len()))
        });
        let sql = format!(
            "SELECT {} FROM {} {past} ORDER BY {key_names} LIMIT ?",
            names.join(", "),
            quoted(&table.name),
        );
        let mut statement = sqlx::query(AssertSqlSafe(sql));
        for cell in key.iter().filter_map(|place| after?.get(*place)) {
            statement = bind(statement, cell);
        }
        let rows = self.all("row of a table", statement.bind(limit)).await?;
        rows.iter().map(|row| cells(table, row)).collect()
    }

    async fn add(&mut self, table: &Table, rows: &[Row]) -> Result<()> {
        let names: Vec<_> = table.names().map(quoted).collect();
        let row = format!("({})", places(names.len()));
        let sql = format!(
            "INSERT INTO {} ({}) VALUES {}",
            quoted(&table.name),
            names.join(", "),
            vec![row; rows.len()].join(", "),
        );
        let mut statement = sqlx::query(AssertSqlSafe(sql));
        for cell in rows.iter().flatten() {
            statement = bind(statement, cell);
        }
        self.change("write rows of a backup", statement).await?;
        Ok(())
    }

    async fn go_on_after(&mut self, table: &Table, last: i64) -> Result<()> {
        // Without AUTOINCREMENT the next number follows the highest that is there.
        if !self.counts_on(&table.name).await? {
            return Ok(());
        }
        let sql = "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?";
        let statement = sqlx::query(sql).bind(last).bind(table.name.clone());
        if self.changes("continue a sequence", statement).await? {
            return Ok(());
        }
        let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)";
        let statement = sqlx::query(sql).bind(table.name.clone()).bind(last);
        self.change("continue a sequence", statement).await?;
        Ok(())
    }
}

impl Tables<'_> {
    async fn table(&mut self, name: String) -> Result<Table> {
        // Hidden ones are computed.
        let sql = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY name";
        let columns = sqlx::query(sql).bind(name.clone());
        let columns = self.all("column", columns).await?;
        let sql = "SELECT DISTINCT \"table\" AS parent FROM pragma_foreign_key_list(?) ORDER BY 1";
        let parents = self
            .all("table", sqlx::query(sql).bind(name.clone()))
            .await?;
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?";
        let last = self
            .one("table", sqlx::query(sql).bind(name.clone()))
            .await?;
        Ok(Table {
            columns: columns.iter().map(column).collect::<Result<_>>()?,
            parents: parents
                .iter()
                .map(|row| row.get("parent"))
                .collect::<Result<_>>()?,
            last: last.map(|row| row.get("seq")).transpose()?,
            name,
        })
    }

    /// Whether the table never gives a number twice.
    async fn counts_on(&mut self, name: &str) -> Result<bool> {
        let sql = "SELECT sql LIKE '%AUTOINCREMENT%' AS counts FROM sqlite_schema
             WHERE type = 'table' AND name = ?";
        let row = self
            .one("table", sqlx::query(sql).bind(name.to_owned()))
            .await?;
        row.map_or(Ok(false), |row| row.get("counts"))
    }
}

fn column(row: &Columns<'_>) -> Result<Column> {
    let place: u32 = row.get("pk")?;
    Ok(Column {
        name: row.get("name")?,
        kind: row.parsed("type", kind)?,
        key: (place > 0).then_some(place),
    })
}

fn kind(declared: &str) -> Option<ColumnKind> {
    match declared {
        "INTEGER" | "INT" => Some(ColumnKind::Number),
        "TEXT" => Some(ColumnKind::Text),
        "BLOB" => Some(ColumnKind::Bytes),
        _ => None,
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
        ColumnKind::Text => row.at(place)?.map_or(Cell::Nothing, Cell::Text),
        ColumnKind::Bytes => row.at(place)?.map_or(Cell::Nothing, Cell::Bytes),
        ColumnKind::Number => row.at(place)?.map_or(Cell::Nothing, Cell::Number),
        ColumnKind::Time | ColumnKind::Day | ColumnKind::Flag => {
            return Err(StoreError::Unreadable {
                noun: "column",
                why: "SQLite has none of its kind",
            });
        }
    })
}

fn bind(statement: Statement, cell: &Cell) -> Statement {
    match cell {
        Cell::Nothing => statement.bind(None::<i64>),
        Cell::Number(number) => statement.bind(*number),
        Cell::Text(text) => statement.bind(text.clone()),
        Cell::Bytes(bytes) => statement.bind(bytes.clone()),
    }
}

fn places(number: usize) -> String {
    vec!["?"; number].join(", ")
}

/// Names come from the schema, some of them words of SQL: `key`, `row`.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
