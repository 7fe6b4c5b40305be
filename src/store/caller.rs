use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{Language, Msisdn};

/// Who has called, and in which language she is spoken to.
#[async_trait]
pub trait Callers: Send {
    /// The language that the phone chose; `None` where it never did.
    async fn language(&mut self, phone: &Msisdn) -> Result<Option<Language>>;

    /// Remembers the phone's choice.
    async fn remember_language(
        &mut self,
        phone: &Msisdn,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<()>;
}
