use async_trait::async_trait;

use super::tables::{Statement, Tables};
use crate::store::{Journal, JournalEntry, Result};

#[async_trait]
impl Journal for Tables<'_> {
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<()> {
        for entry in entries {
            let statement = self.journal_line(entry);
            self.change("write the journal", statement).await?;
        }
        Ok(())
    }

    async fn turns(&mut self) -> Result<u64> {
        // Rows have no gaps, so the ends count them.
        let sql = "SELECT (SELECT coalesce(max(id), 0) FROM journal)
                        - (SELECT coalesce(min(id) - 1, 0) FROM journal) AS number";
        self.number("journal", sql).await
    }
}

impl Tables<'_> {
    fn journal_line(&self, entry: &JournalEntry) -> Statement {
        sqlx::query(
            "INSERT INTO journal (at, gateway, phone_index, dialogue, turn, event, screen, language,
                units, asks, last, took_micros)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.at.timestamp_micros())
        .bind(entry.gateway.clone())
        .bind(self.index(&entry.phone))
        .bind(entry.dialogue.to_string())
        .bind(entry.turn)
        .bind(entry.event)
        .bind(entry.screen.clone())
        .bind(entry.language.to_string())
        .bind(entry.units)
        .bind(entry.asks)
        .bind(entry.last)
        .bind(i64::try_from(entry.took_micros).unwrap_or(i64::MAX))
    }
}
