use async_trait::async_trait;
use chrono::NaiveDate;

use super::tables::Tables;
use crate::store::{NewNotice, Notices, Result, StoreError, Verdict};

#[async_trait]
impl Notices for Tables<'_> {
    async fn keep(&mut self, notice: &NewNotice) -> Result<i64> {
        let statement = sqlx::query(
            "INSERT INTO notices (provider, message, raw, hash, received_at, verdict, note)
             VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(notice.provider.clone())
        .bind(notice.message.clone())
        .bind(self.seal("notices.raw", &notice.raw)?)
        .bind(notice.hash.to_vec())
        .bind(notice.received_at.timestamp_micros())
        .bind(notice.verdict.as_str())
        .bind(notice.note.clone());
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
            "INSERT INTO unproved_notices (provider, day, verdict, number) VALUES (?, ?, ?, 1)
             ON CONFLICT (provider, day, verdict) DO UPDATE SET number = number + 1",
        )
        .bind(provider.to_owned())
        .bind(day)
        .bind(verdict.as_str());
        self.change("count a notice", statement).await?;
        let statement = sqlx::query(
            "SELECT sum(number) AS number FROM unproved_notices WHERE provider = ? AND day = ?",
        )
        .bind(provider.to_owned())
        .bind(day);
        let row = self.one("count of notices", statement).await?;
        row.map_or(Ok(0), |row| row.get("number"))
    }

    async fn raw(&mut self, id: i64) -> Result<Option<Vec<u8>>> {
        let statement = sqlx::query("SELECT raw FROM notices WHERE id = ?").bind(id);
        let row = self.one("notice", statement).await?;
        row.map(|row| row.opened("notices.raw")).transpose()
    }
}
