use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::Tables;
use crate::{
    model::MemberNumber,
    store::{KnownCover, Result, Said},
};

#[async_trait]
impl Said for Tables<'_, '_> {
    async fn known_cover(
        &mut self,
        scheme: &str,
        member: MemberNumber,
    ) -> Result<Option<KnownCover>> {
        let rows = self.read("read a known cover").await?;
        let key = (scheme.to_owned(), member.to_string());
        Ok(rows.known_covers.get(&key).cloned())
    }

    async fn know_cover(
        &mut self,
        scheme: &str,
        member: MemberNumber,
        known: &KnownCover,
    ) -> Result<()> {
        let rows = self.change("keep what is known of a cover").await?;
        let key = (scheme.to_owned(), member.to_string());
        rows.known_covers.insert(key, known.clone());
        Ok(())
    }

    async fn cursor(&mut self, scheme: &str) -> Result<Option<String>> {
        let rows = self.read("read a cursor").await?;
        Ok(rows.cursors.get(&scheme.to_owned()).cloned())
    }

    async fn read_to(&mut self, scheme: &str, position: &str, _: DateTime<Utc>) -> Result<()> {
        let rows = self.change("move a cursor").await?;
        rows.cursors.insert(scheme.to_owned(), position.to_owned());
        Ok(())
    }

    async fn note_event(&mut self, scheme: &str, key: &str, _: DateTime<Utc>) -> Result<bool> {
        let rows = self.change("note what has changed").await?;
        let key = (scheme.to_owned(), key.to_owned());
        Ok(rows.events.insert(key, ()).is_none())
    }
}
