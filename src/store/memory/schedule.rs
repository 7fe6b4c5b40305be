use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::Tables;
use crate::store::{Result, Schedules};

#[async_trait]
impl Schedules for Tables<'_, '_> {
    async fn begin(&mut self, job: &str, period: &str, _: DateTime<Utc>) -> Result<bool> {
        let schedules = &mut self.change("begin a period").await?.schedules;
        let key = (job.to_owned(), period.to_owned());
        Ok(schedules.insert(key, ()).is_none())
    }
}
