use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::tables::Tables;
use crate::{
    model::MemberNumber,
    store::{KnownCover, Result, Said},
};

#[async_trait]
impl Said for Tables<'_> {
    async fn known_cover(
        &mut self,
        scheme: &str,
        member: MemberNumber,
    ) -> Result<Option<KnownCover>> {
        let statement = sqlx::query("SELECT cover, seen_at FROM known_covers WHERE key = $1");
        let statement = statement.bind(self.key_of_cover(scheme, member));
        let row = self.one("known cover", statement).await?;
        row.map(|row| {
            Ok(KnownCover {
                cover: row.opened("known_covers.cover")?,
                seen_at: row.time("seen_at")?,
            })
        })
        .transpose()
    }

    async fn know_cover(
        &mut self,
        scheme: &str,
        member: MemberNumber,
        known: &KnownCover,
    ) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO known_covers (key, cover, seen_at) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO UPDATE SET cover = excluded.cover, seen_at = excluded.seen_at",
        )
        .bind(self.key_of_cover(scheme, member))
        .bind(self.seal("known_covers.cover", &known.cover)?)
        .bind(known.seen_at);
        self.change("keep what is known of a cover", statement)
            .await?;
        Ok(())
    }

    async fn cursor(&mut self, scheme: &str) -> Result<Option<String>> {
        let statement = self
            .keyed("SELECT position FROM scheme_cursors WHERE scheme = $1")
            .bind(scheme.to_owned());
        let row = self.one("cursor", statement).await?;
        row.map(|row| row.get("position")).transpose()
    }

    async fn read_to(&mut self, scheme: &str, position: &str, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO scheme_cursors (scheme, position, read_at) VALUES ($1, $2, $3)
             ON CONFLICT (scheme) DO UPDATE
             SET position = excluded.position, read_at = excluded.read_at",
        )
        .bind(scheme.to_owned())
        .bind(position.to_owned())
        .bind(now);
        self.change("move a cursor", statement).await?;
        Ok(())
    }

    async fn note_event(&mut self, scheme: &str, key: &str, now: DateTime<Utc>) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO scheme_events (scheme, key, seen_at) VALUES ($1, $2, $3)
             ON CONFLICT (scheme, key) DO NOTHING",
        )
        .bind(scheme.to_owned())
        .bind(key.to_owned())
        .bind(now);
        self.changes("note what has changed", statement).await
    }
}

impl Tables<'_> {
    fn key_of_cover(&self, scheme: &str, member: MemberNumber) -> Vec<u8> {
        let member = member.to_string();
        let parts = [scheme.as_bytes(), member.as_bytes()];
        self.sealer.mac("known_covers.key", &parts).to_vec()
    }
}
