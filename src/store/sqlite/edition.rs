use async_trait::async_trait;

use super::tables::Tables;
use crate::{
    model::source::Source,
    store::{Edition, Editions, Result},
};

#[async_trait]
impl Editions for Tables<'_> {
    async fn keep(&mut self, edition: &Edition) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO editions (hash, published_at) VALUES (?, ?)
             ON CONFLICT (hash) DO NOTHING RETURNING id",
        )
        .bind(edition.hash.clone())
        .bind(edition.kept_at.timestamp_micros());
        let Some(row) = self.one("edition", statement).await? else {
            return Ok(false);
        };
        let id: i64 = row.get("id")?;
        for (place, source) in (0_i64..).zip(&edition.sources) {
            self.keep_file(id, place, source).await?;
        }
        Ok(true)
    }

    async fn get(&mut self, hash: &str) -> Result<Option<Edition>> {
        let statement = sqlx::query("SELECT * FROM editions WHERE hash = ?").bind(hash.to_owned());
        let Some(row) = self.one("edition", statement).await? else {
            return Ok(None);
        };
        Ok(Some(Edition {
            hash: row.get("hash")?,
            sources: self.files(row.get("id")?).await?,
            kept_at: row.time("published_at")?,
        }))
    }

    async fn beginning_with(&mut self, prefix: &str) -> Result<Vec<String>> {
        // A range, which the index serves; hashes are hexadecimal, so `g` is after all of them.
        let statement = sqlx::query(
            "SELECT hash FROM editions WHERE hash >= ? AND hash < ? ORDER BY hash LIMIT 10",
        )
        .bind(prefix.to_owned())
        .bind(format!("{prefix}g"));
        let rows = self.all("edition", statement).await?;
        rows.iter().map(|row| row.get("hash")).collect()
    }
}

impl Tables<'_> {
    async fn keep_file(&mut self, edition: i64, place: i64, source: &Source) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO edition_files (edition, place, name, text) VALUES (?, ?, ?, ?)",
        )
        .bind(edition)
        .bind(place)
        .bind(source.name.clone())
        .bind(source.text.clone());
        self.change("keep a file", statement).await?;
        Ok(())
    }

    async fn files(&mut self, edition: i64) -> Result<Vec<Source>> {
        let statement =
            sqlx::query("SELECT name, text FROM edition_files WHERE edition = ? ORDER BY place")
                .bind(edition);
        let rows = self.all("edition", statement).await?;
        rows.iter()
            .map(|row| {
                Ok(Source {
                    name: row.get("name")?,
                    text: row.get("text")?,
                })
            })
            .collect()
    }
}
