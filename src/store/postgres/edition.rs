use async_trait::async_trait;

use super::tables::Tables;
use crate::{
    model::source::Source,
    store::{Edition, Editions, Result},
};

#[async_trait]
impl Editions for Tables<'_> {
    async fn publish(&mut self, edition: &Edition) -> Result<bool> {
        // The last published is current: they are numbered in the order in which they are kept.
        self.hold("editions", &[]).await?;
        let statement = sqlx::query(
            "INSERT INTO editions (hash, published_at) VALUES ($1, $2)
             ON CONFLICT (hash) DO NOTHING RETURNING id",
        )
        .bind(edition.hash.clone())
        .bind(edition.published_at);
        let Some(row) = self.one("edition", statement).await? else {
            return Ok(false);
        };
        let id: i64 = row.get("id")?;
        for (place, source) in (0_i64..).zip(&edition.sources) {
            self.keep_file(id, place, source).await?;
        }
        Ok(true)
    }

    async fn current(&mut self) -> Result<Option<String>> {
        let statement = sqlx::query("SELECT hash FROM editions ORDER BY id DESC LIMIT 1");
        let row = self.one("edition", statement).await?;
        row.map(|row| row.get("hash")).transpose()
    }

    async fn get(&mut self, hash: &str) -> Result<Option<Edition>> {
        let statement = sqlx::query("SELECT * FROM editions WHERE hash = $1").bind(hash.to_owned());
        let Some(row) = self.one("edition", statement).await? else {
            return Ok(None);
        };
        Ok(Some(Edition {
            hash: row.get("hash")?,
            sources: self.files(row.get("id")?).await?,
            published_at: row.time("published_at")?,
        }))
    }
}

impl Tables<'_> {
    async fn keep_file(&mut self, edition: i64, place: i64, source: &Source) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO edition_files (edition, place, name, text) VALUES ($1, $2, $3, $4)",
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
            sqlx::query("SELECT name, text FROM edition_files WHERE edition = $1 ORDER BY place")
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
