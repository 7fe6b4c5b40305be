use sqlx::{
    Sqlite, SqliteConnection,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::columns::Columns;
use crate::{
    model::Msisdn,
    store::{Result, Sealer, error::Tried},
};

/// A statement with its values.
pub(super) type Statement = Query<'static, Sqlite, SqliteArguments>;

/// The tables, within one transaction. Every repository is implemented on it.
pub(super) struct Tables<'t> {
    pub(super) connection: &'t mut SqliteConnection,
    pub(super) sealer: &'t Sealer,
}

impl<'t> Tables<'t> {
    /// Runs it and gives how many rows it changed.
    pub(super) async fn change(
        &mut self,
        tried: &'static str,
        statement: Statement,
    ) -> Result<u64> {
        let changed = statement
            .execute(&mut *self.connection)
            .await
            .tried(tried)?;
        Ok(changed.rows_affected())
    }

    /// Whether it changed a row.
    pub(super) async fn changes(
        &mut self,
        tried: &'static str,
        statement: Statement,
    ) -> Result<bool> {
        Ok(self.change(tried, statement).await? > 0)
    }

    /// The one row that it gives, if it gives one; `noun` is what it holds.
    pub(super) async fn one(
        &mut self,
        noun: &'static str,
        statement: Statement,
    ) -> Result<Option<Columns<'t>>> {
        let row = statement
            .fetch_optional(&mut *self.connection)
            .await
            .tried("read a row")?;
        Ok(row.map(|row| self.columns(noun, row)))
    }

    /// All rows that it gives.
    pub(super) async fn all(
        &mut self,
        noun: &'static str,
        statement: Statement,
    ) -> Result<Vec<Columns<'t>>> {
        let rows = statement
            .fetch_all(&mut *self.connection)
            .await
            .tried("read rows")?;
        Ok(rows
            .into_iter()
            .map(|row| self.columns(noun, row))
            .collect())
    }

    /// The one number that it gives.
    pub(super) async fn number(&mut self, noun: &'static str, sql: &'static str) -> Result<u64> {
        let row = self.one(noun, sqlx::query(sql)).await?;
        row.map_or(Ok(0), |row| row.get("number"))
    }

    /// Seals a value for its column, `table.column`.
    pub(super) fn seal(&self, domain: &'static str, clear: &[u8]) -> Result<Vec<u8>> {
        self.sealer.seal(domain, clear).tried("seal a value")
    }

    /// Seals a phone for its column.
    pub(super) fn seal_phone(&self, domain: &'static str, phone: &Msisdn) -> Result<Vec<u8>> {
        self.seal(domain, phone.digits().as_bytes())
    }

    /// The phone's keyed index.
    pub(super) fn index(&self, phone: &Msisdn) -> Vec<u8> {
        self.sealer.index(phone).to_vec()
    }

    fn columns(&self, noun: &'static str, row: SqliteRow) -> Columns<'t> {
        Columns {
            noun,
            row,
            sealer: self.sealer,
        }
    }
}
