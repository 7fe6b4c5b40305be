use async_trait::async_trait;

use super::{columns::Columns, tables::Tables};
use crate::store::{NewPublication, Publication, Publications, Result, Standing, StoreError, Way};

#[async_trait]
impl Publications for Tables<'_> {
    async fn publish(&mut self, new: &NewPublication) -> Result<u64> {
        let statement = sqlx::query(
            "INSERT INTO publications (edition, way, at, who, why)
             SELECT id, ?, ?, ?, ? FROM editions WHERE hash = ? RETURNING number",
        )
        .bind(new.way.name())
        .bind(new.at.timestamp_micros())
        .bind(new.who.clone())
        .bind(new.why.clone())
        .bind(new.edition.clone());
        let row = self.one("publication", statement).await?;
        row.ok_or(NOT_KEPT)?.get("number")
    }

    async fn offer(&mut self, new: &NewPublication, again: bool) -> Result<bool> {
        let statement = sqlx::query(
            "SELECT 1 FROM publications
             WHERE edition = (SELECT id FROM editions WHERE hash = ?)
                AND (NOT ? OR number >= (
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
             ORDER BY p.number DESC LIMIT ?",
        )
        .bind(most);
        let rows = self.all("publication", statement).await?;
        rows.iter().map(publication).collect()
    }

    async fn numbered(&mut self, number: u64) -> Result<Option<Publication>> {
        let statement = sqlx::query(
            "SELECT p.*, e.hash FROM publications AS p JOIN editions AS e ON e.id = p.edition
             WHERE p.number = ?",
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
                publication: row.get("publication")?,
                switch: row.get("switch")?,
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
        number: row.get("number")?,
        made: NewPublication {
            edition: row.get("hash")?,
            way: row.parsed("way", Way::parse)?,
            at: row.time("at")?,
            who: row.get("who")?,
            why: row.get("why")?,
        },
    })
}
