use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::tables::Tables;
use crate::store::{Done, Marks, Result};

#[async_trait]
impl Marks for Tables<'_> {
    async fn mark(&mut self, done: Done, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO marks (name, at) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET at = excluded.at",
        )
        .bind(done.as_str())
        .bind(now.timestamp_micros());
        self.change("note that something was done", statement)
            .await?;
        Ok(())
    }

    async fn last(&mut self, done: Done) -> Result<Option<DateTime<Utc>>> {
        let statement = sqlx::query("SELECT at FROM marks WHERE name = ?1").bind(done.as_str());
        let row = self.one("mark", statement).await?;
        row.map(|row| row.time("at")).transpose()
    }
}
