use async_trait::async_trait;
use chrono::NaiveDate;

use super::transaction::Tables;
use crate::store::{NewNotice, Notices, Result, Verdict};

#[async_trait]
impl Notices for Tables<'_, '_> {
    async fn keep(&mut self, notice: &NewNotice) -> Result<i64> {
        let notices = &mut self.change("keep a notice").await?.notices;
        Ok(notices.append(|_| notice.clone()))
    }

    async fn count_unproved(
        &mut self,
        provider: &str,
        day: NaiveDate,
        verdict: Verdict,
    ) -> Result<u64> {
        let unproved = &mut self.change("count a notice").await?.unproved;
        let key = (provider.to_owned(), day, verdict.as_str());
        let before = unproved.get(&key).copied().unwrap_or_default();
        unproved.insert(key, before + 1);
        let of_day = unproved
            .iter()
            .filter(|((of, on, _), _)| (of.as_str(), *on) == (provider, day));
        Ok(of_day.map(|(_, number)| number).sum())
    }

    async fn raw(&mut self, id: i64) -> Result<Option<Vec<u8>>> {
        let notices = &self.read("read a notice").await?.notices;
        Ok(notices.get(&id).map(|notice| notice.raw.clone()))
    }
}
