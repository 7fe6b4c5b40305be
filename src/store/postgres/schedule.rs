use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::tables::Tables;
use crate::store::{Result, Schedules};

#[async_trait]
impl Schedules for Tables<'_> {
    async fn begin(&mut self, job: &str, period: &str, now: DateTime<Utc>) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO schedules (job, period, begun_at) VALUES ($1, $2, $3)
             ON CONFLICT (job, period) DO NOTHING",
        )
        .bind(job.to_owned())
        .bind(period.to_owned())
        .bind(now);
        self.changes("begin a period", statement).await
    }
}
