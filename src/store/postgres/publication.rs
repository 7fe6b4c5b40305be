use async_trait::async_trait;

use super::{
    columns::Columns,
    tables::{Tables, text},
};
use crate::store::{NewPublication, Publication, Publications, Result, Standing, StoreError, Way};

#[async_trait]
impl Publications for Tables<'_> {
    async fn publish(&mut self, new: &NewPublication) -> Result<u64> {
        // One after the other: whoever follows the newest number must not miss one that commits late.
        self.hold("publications", &[]).await?;
        let statement = sqlx::query(
            "INSERT INTO publications (edition, way, at, who, why)
             SELECT id, $1, $2, $3, $4 FROM editions WHERE hash = $5 RETURNING number",
        )
        .bind(new.way.name())
        .bind(new.at)
        .bind(text(&new.who))
        .bind(text(&new.why))
        .bind(new.edition.clone());
        let row = self.one("publication", statement).await?;
        row.ok_or(NOT_KEPT)?.count("number")
    }

    async fn offer(&mut self, new: &NewPublication, again: bool) -> Result<bool> {
        self.hold("publications", &[]).await?;
        let statement = sqlx::query(
            "SELECT 1 FROM publications
             WHERE edition = (SELECT id FROM editions WHERE hash = $1)
                AND (NOT $2::BOOLEAN OR number >= (
                    SELECT coalesce(max(number), 0) FROM publications WHERE way = 'offered'))
             LIMIT 1",
        )
        .bind(new.edition.clone())
        .bind(again);
        if self.one("publication", statement).await?.is_some() {
            return Ok(false);
        }
        self.publish(new).await?;
        Ok(true)
    }

    async fn current(&mut self) -> Result<Option<Publication>> {
        Ok(self.newest(1).await?.pop())
    }

    async fn newest(&mut self, most: u32) -> Result<Vec<Publication>> {
        let statement = sqlx::query(
            "SELECT p.*, e.hash FROM publications AS p JOIN editions AS e ON e.id = p.edition
             ORDER BY p.number DESC LIMIT $1",
        )
        .bind(i64::from(most));
        let rows = self.all("publication", statement).await?;
        rows.iter().map(publication).collect()
    }

    async fn numbered(&mut self, number: u64) -> Result<Option<Publication>> {
        let statement = sqlx::query(
            "SELECT p.*, e.hash FROM publications AS p JOIN editions AS e ON e.id = p.edition
             WHERE p.number = $1",
        )
        .bind(i64::try_from(number).unwrap_or(i64::MAX));
        let row = self.one("publication", statement).await?;
        row.map(|row| publication(&row)).transpose()
    }

    async fn standing(&mut self) -> Result<Standing> {
        let statement = sqlx::query(
            "SELECT (SELECT coalesce(max(number), 0) FROM publications) AS publication,
                (SELECT coalesce(max(number), 0) FROM switches) AS switch",
        );
        let row = self.one("publication", statement).await?;
        row.map_or(Ok(Standing::default()), |row| {
            Ok(Standing {
                publication: row.count("publication")?,
                switch: row.count("switch")?,
            })
        })
    }
}

const NOT_KEPT: StoreError = StoreError::Unreadable {
    noun: "edition",
    why: "its files are not kept",
};

fn publication(row: &Columns<'_>) -> Result<Publication> {
    Ok(Publication {
        number: row.count("number")?,
        made: NewPublication {
            edition: row.get("hash")?,
            way: row.parsed("way", Way::parse)?,
            at: row.time("at")?,
            who: row.get("who")?,
            why: row.get("why")?,
        },
    })
}
