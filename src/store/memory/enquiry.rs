use async_trait::async_trait;
use chrono::NaiveDate;

use super::transaction::Tables;
use crate::{
    model::Msisdn,
    store::{Enquiries, Result},
};

#[async_trait]
impl Enquiries for Tables<'_, '_> {
    async fn ask(
        &mut self,
        phone: &Msisdn,
        day: NaiveDate,
        subject: &str,
        limit: u32,
    ) -> Result<bool> {
        let rows = self.change("note an enquiry").await?;
        let key = (phone.digits().to_owned(), day, subject.to_owned());
        if rows.enquiries.get(&key).is_some() {
            return Ok(true);
        }
        let of_today = |(asker, on, _): &(String, NaiveDate, String)| (asker, *on) == (&key.0, day);
        let asked = rows.enquiries.iter().filter(|(key, ())| of_today(key));
        if asked.count() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Ok(false);
        }
        rows.enquiries
            .retain(|(asker, on, _), ()| *asker != key.0 || *on >= day);
        rows.enquiries.insert(key, ());
        Ok(true)
    }
}
