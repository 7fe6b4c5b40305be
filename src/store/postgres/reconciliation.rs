use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    columns::Columns,
    tables::{Tables, text},
};
use crate::store::{Finding, NewReconciliation, Reconciliation, Reconciliations, Result};

#[async_trait]
impl Reconciliations for Tables<'_> {
    async fn ask(&mut self, request: &NewReconciliation) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO reconciliations (provider, sp_code, day, request, asked_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (request) DO NOTHING",
        )
        .bind(request.provider.clone())
        .bind(request.sp_code.clone())
        .bind(request.day)
        .bind(request.request.clone())
        .bind(request.asked_at);
        self.changes("ask for a reconciliation", statement).await
    }

    async fn by_request(&mut self, request: &str) -> Result<Option<Reconciliation>> {
        let statement = self.keyed("SELECT * FROM reconciliations WHERE request = $1");
        let row = self
            .one("reconciliation", statement.bind(text(request)))
            .await?;
        row.map(|row| reconciliation(&row)).transpose()
    }

    async fn newest(
        &mut self,
        provider: &str,
        sp_code: &str,
        day: NaiveDate,
    ) -> Result<Option<Reconciliation>> {
        let statement = sqlx::query(
            "SELECT * FROM reconciliations WHERE provider = $1 AND sp_code = $2 AND day = $3
             ORDER BY id DESC LIMIT 1",
        )
        .bind(provider.to_owned())
        .bind(sp_code.to_owned())
        .bind(day);
        let row = self.one("reconciliation", statement).await?;
        row.map(|row| reconciliation(&row)).transpose()
    }

    async fn answer(
        &mut self,
        id: i64,
        codes: &str,
        answered_at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE reconciliations SET codes = $1, answered_at = coalesce(answered_at, $2)
             WHERE id = $3",
        )
        .bind(text(codes))
        .bind(answered_at)
        .bind(id);
        self.change("answer a reconciliation", statement)
            .await
            .map(drop)
    }

    async fn find(&mut self, id: i64, place: u32, payment: &str, finding: Finding) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO reconciliation_rows (reconciliation, place, payment, finding)
             VALUES ($1, $2, $3, $4) ON CONFLICT (reconciliation, place) DO NOTHING",
        )
        .bind(id)
        .bind(i64::from(place))
        .bind(payment.to_owned())
        .bind(finding.as_str());
        self.change("keep a row of a reconciliation", statement)
            .await
            .map(drop)
    }

    async fn rows(&mut self, id: i64) -> Result<Vec<(String, Finding)>> {
        let statement = sqlx::query(
            "SELECT payment, finding FROM reconciliation_rows WHERE reconciliation = $1
             ORDER BY place",
        )
        .bind(id);
        let rows = self.all("row of a reconciliation", statement).await?;
        rows.iter()
            .map(|row| Ok((row.get("payment")?, row.parsed("finding", Finding::parse)?)))
            .collect()
    }
}

fn reconciliation(row: &Columns<'_>) -> Result<Reconciliation> {
    Ok(Reconciliation {
        id: row.get("id")?,
        asked: NewReconciliation {
            provider: row.get("provider")?,
            sp_code: row.get("sp_code")?,
            day: row.day("day")?,
            request: row.get("request")?,
            asked_at: row.time("asked_at")?,
        },
        answered_at: row.get("answered_at")?,
        codes: row.get("codes")?,
    })
}
