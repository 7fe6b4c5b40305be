use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::Tables;
use crate::{
    model::{Language, Msisdn},
    store::{Callers, Result},
};

#[async_trait]
impl Callers for Tables<'_, '_> {
    async fn language(&mut self, phone: &Msisdn) -> Result<Option<Language>> {
        let rows = self.read("read a caller").await?;
        Ok(rows.callers.get(&phone.digits().to_owned()).copied())
    }

    async fn remember_language(
        &mut self,
        phone: &Msisdn,
        language: Language,
        _: DateTime<Utc>,
    ) -> Result<()> {
        let rows = self.change("remember a language").await?;
        rows.callers.insert(phone.digits().to_owned(), language);
        Ok(())
    }
}
