use sqlx::{
    AssertSqlSafe, Postgres,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use super::{columns::Columns, connection::Connection};
use crate::{
    model::Msisdn,
    store::{Result, Sealer, error::Tried},
};

/// A statement with its values.
pub(super) type Statement = Query<'static, Postgres, PgArguments>;

/// The tables, within one transaction. Every repository is implemented on it.
pub(super) struct Tables<'t> {
    pub(super) connection: &'t mut Connection,
    pub(super) sealer: &'t Sealer,
}

impl<'t> Tables<'t> {
    /// Runs it and gives how many rows it changed.
    pub(super) async fn change(
        &mut self,
        tried: &'static str,
        statement: Statement,
    ) -> Result<u64> {
        self.connection.execute(tried, statement).await
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
        let rows = self.connection.fetch("read a row", statement).await?;
        let row = rows.into_iter().next();
        Ok(row.map(|row| self.columns(noun, row)))
    }

    /// All rows that it gives.
    pub(super) async fn all(
        &mut self,
        noun: &'static str,
        statement: Statement,
    ) -> Result<Vec<Columns<'t>>> {
        let rows = self.connection.fetch("read rows", statement).await?;
        Ok(rows
            .into_iter()
            .map(|row| self.columns(noun, row))
            .collect())
    }

    /// The one number that it gives.
    pub(super) async fn number(&mut self, noun: &'static str, sql: &'static str) -> Result<u64> {
        let row = self.one(noun, sqlx::query(sql)).await?;
        row.map_or(Ok(0), |row| row.count("number"))
    }

    /// A statement that reads rows of one table by their key. Where the transaction writes it holds
    /// them: nobody else changes them, or reads them to change them, before its end.
    pub(super) fn keyed(&self, sql: &'static str) -> Statement {
        if self.connection.writes {
            // Not FOR UPDATE, which would hold up rows that only refer to this one.
            sqlx::query(AssertSqlSafe(format!("{sql} FOR NO KEY UPDATE")))
        } else {
            sqlx::query(sql)
        }
    }

    /// Holds a name until the end of the transaction, where it writes: whoever else holds it goes
    /// first or after. For what is looked for or counted before it is written.
    pub(super) async fn hold(&mut self, domain: &'static str, parts: &[&[u8]]) -> Result<()> {
        if self.connection.writes {
            let statement = sqlx::query("SELECT pg_advisory_xact_lock($1)");
            let statement = statement.bind(self.lock_of(domain, parts));
            self.connection.fetch("wait its turn", statement).await?;
        }
        Ok(())
    }

    /// The number of the lock that a name has.
    pub(super) fn lock_of(&self, domain: &'static str, parts: &[&[u8]]) -> i64 {
        i64::from_be_bytes(self.sealer.mac(domain, parts).as_chunks::<8>().0[0])
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

    fn columns(&self, noun: &'static str, row: PgRow) -> Columns<'t> {
        Columns {
            noun,
            row,
            sealer: self.sealer,
        }
    }
}

/// A text that may come from outside. Postgres keeps none with a NUL, and a payment is not to be lost
/// for one.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
