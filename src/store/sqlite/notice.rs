use async_trait::async_trait;

use super::tables::Tables;
use crate::store::{NewNotice, Notices, Result, StoreError};

#[async_trait]
impl Notices for Tables<'_> {
    async fn keep(&mut self, notice: &NewNotice) -> Result<i64> {
        let statement = sqlx::query(
            "INSERT INTO notices (provider, message, raw, received_at, verdict, note)
             VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(notice.provider.clone())
        .bind(notice.message.clone())
        .bind(self.seal("notices.raw", &notice.raw)?)
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

    async fn raw(&mut self, id: i64) -> Result<Option<Vec<u8>>> {
        let statement = sqlx::query("SELECT raw FROM notices WHERE id = ?").bind(id);
        let row = self.one("notice", statement).await?;
        row.map(|row| row.opened("notices.raw")).transpose()
    }
}
