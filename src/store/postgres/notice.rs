use async_trait::async_trait;
use chrono::NaiveDate;

use super::tables::{Tables, text};
use crate::store::{NewNotice, Notices, Result, StoreError, Verdict};

#[async_trait]
impl Notices for Tables<'_> {
    async fn keep(&mut self, notice: &NewNotice) -> Result<i64> {
        let statement = sqlx::query(
            "INSERT INTO notices (provider, message, raw, hash, received_at, verdict, note)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(notice.provider.clone())
        .bind(text(&notice.message))
        .bind(self.seal("notices.raw", &notice.raw)?)
        .bind(notice.hash.to_vec())
        .bind(notice.received_at)
        .bind(notice.verdict.as_str())
        .bind(text(&notice.note));
        let row = self.one("notice", statement).await?;
        let kept = row.ok_or(StoreError::Unreadable {
            noun: "notice",
            why: "it was kept and has no row",
        })?;
        kept.get("id")
    }

    async fn count_unproved(
        &mut self,
        provider: &str,
        day: NaiveDate,
        verdict: Verdict,
    ) -> Result<u64> {
        let statement = sqlx::query(
            "INSERT INTO unproved_notices (provider, day, verdict, number) VALUES ($1, $2, $3, 1)
             ON CONFLICT (provider, day, verdict) DO UPDATE SET number = unproved_notices.number + 1",
        )
        .bind(provider.to_owned())
        .bind(day)
        .bind(verdict.as_str());
        self.change("count a notice", statement).await?;
        let statement = sqlx::query(
            "SELECT sum(number)::BIGINT AS number FROM unproved_notices WHERE provider = $1 AND day = $2",
        )
        .bind(provider.to_owned())
        .bind(day);
        let row = self.one("count of notices", statement).await?;
        row.map_or(Ok(0), |row| row.count("number"))
    }

    async fn raw(&mut self, id: i64) -> Result<Option<Vec<u8>>> {
        let statement = sqlx::query("SELECT raw FROM notices WHERE id = $1").bind(id);
        let row = self.one("notice", statement).await?;
        row.map(|row| row.opened("notices.raw")).transpose()
    }
}
