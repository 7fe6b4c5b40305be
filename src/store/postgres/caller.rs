use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::tables::Tables;
use crate::{
    model::{Language, Msisdn},
    store::{Callers, Result},
};

#[async_trait]
impl Callers for Tables<'_> {
    async fn language(&mut self, phone: &Msisdn) -> Result<Option<Language>> {
        let statement = self
            .keyed("SELECT language FROM callers WHERE phone_index = $1")
            .bind(self.index(phone));
        let row = self.one("caller", statement).await?;
        row.map(|row| row.parsed("language", |tag| Language::parse(tag).ok()))
            .transpose()
    }

    async fn remember_language(
        &mut self,
        phone: &Msisdn,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO callers (phone_index, phone, language, changed_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (phone_index) DO UPDATE SET language = excluded.language, changed_at = excluded.changed_at",
        )
        .bind(self.index(phone))
        .bind(self.seal_phone("callers.phone", phone)?)
        .bind(language.to_string())
        .bind(now);
        self.change("remember a language", statement).await?;
        Ok(())
    }
}
