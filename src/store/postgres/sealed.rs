use async_trait::async_trait;
use sqlx::AssertSqlSafe;

use super::{
    columns::Columns,
    tables::{Statement, Tables},
};
use crate::store::{KeyColumn, Result, RowKey, Sealed, SealedColumn, SealedValue};

#[async_trait]
impl Sealed for Tables<'_> {
    async fn values(
        &mut self,
        column: SealedColumn,
        after: Option<&RowKey>,
        limit: u32,
    ) -> Result<Vec<SealedValue>> {
        self.sealed_values(column, column.column, after, limit)
            .await
    }

    async fn first_bytes(
        &mut self,
        column: SealedColumn,
        after: Option<&RowKey>,
        limit: u32,
    ) -> Result<Vec<SealedValue>> {
        let first = format!("substring({} FROM 1 FOR 1)", column.column);
        self.sealed_values(column, &first, after, limit).await
    }

    async fn replace(
        &mut self,
        column: SealedColumn,
        value: &SealedValue,
        sealed: &[u8],
    ) -> Result<bool> {
        let sql = format!(
            "UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3",
            table = column.table,
            column = column.column,
            key = column.key.name(),
        );
        let statement = sqlx::query(AssertSqlSafe(sql)).bind(sealed.to_vec());
        let statement = bind_key(statement, &value.row).bind(value.sealed.clone());
        self.changes("seal a value again", statement).await
    }
}

impl Tables<'_> {
    /// What `read` gives of the column's values. The names come from our own list.
    async fn sealed_values(
        &mut self,
        column: SealedColumn,
        read: &str,
        after: Option<&RowKey>,
        limit: u32,
    ) -> Result<Vec<SealedValue>> {
        let key = column.key.name();
        let past = after.map_or(String::new(), |_| format!("AND {key} > $2"));
        let sql = format!(
            "SELECT {key} AS row_key, {read} AS sealed FROM {table}
             WHERE {column} IS NOT NULL {past} ORDER BY {key} LIMIT $1",
            table = column.table,
            column = column.column,
        );
        let mut statement = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(limit));
        if let Some(after) = after {
            statement = bind_key(statement, after);
        }
        let rows = self.all("sealed value", statement).await?;
        rows.iter().map(|row| value(column, row)).collect()
    }
}

fn bind_key(statement: Statement, key: &RowKey) -> Statement {
    match key {
        RowKey::Number(number) => statement.bind(*number),
        RowKey::Bytes(bytes) => statement.bind(bytes.clone()),
    }
}

fn value(column: SealedColumn, row: &Columns<'_>) -> Result<SealedValue> {
    let key = match column.key {
        KeyColumn::Number(_) => RowKey::Number(row.get("row_key")?),
        KeyColumn::Bytes(_) => RowKey::Bytes(row.get("row_key")?),
    };
    Ok(SealedValue {
        row: key,
        sealed: row.get("sealed")?,
    })
}
