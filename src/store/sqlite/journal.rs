use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables},
};
use crate::{
    model::{DialogueId, Language},
    store::{Journal, JournalEntry, JournaledTurn, LiveLines, Result},
};

const INPUT: &str = "journal.input";

#[async_trait]
impl Journal for Tables<'_> {
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<()> {
        for entry in entries {
            let statement = self.journal_line(entry)?;
            self.change("write the journal", statement).await?;
        }
        Ok(())
    }

    async fn dialogue(&mut self, dialogue: DialogueId) -> Result<Vec<JournaledTurn>> {
        let statement = sqlx::query("SELECT * FROM journal WHERE dialogue = ? ORDER BY id")
            .bind(dialogue.to_string());
        let rows = self.all("journal", statement).await?;
        rows.iter().map(turn).collect()
    }

    async fn newest(&mut self) -> Result<Option<DialogueId>> {
        let statement =
            sqlx::query("SELECT dialogue FROM journal WHERE id = (SELECT max(id) FROM journal)");
        let row = self.one("journal", statement).await?;
        row.map(|row| row.parsed("dialogue", DialogueId::parse))
            .transpose()
    }

    async fn live(&mut self, since: DateTime<Utc>) -> Result<Vec<LiveLines>> {
        // A page that says "busy" tells nothing of the line, which stands as it stood.
        let statement = sqlx::query(
            "SELECT menu_set, screen, count(*) AS lines FROM journal
             WHERE last = 0 AND id IN (
                SELECT max(id) FROM journal
                WHERE at >= ? AND screen <> 'busy' GROUP BY gateway, phone_index)
             GROUP BY menu_set, screen ORDER BY menu_set, screen",
        )
        .bind(since.timestamp_micros());
        let rows = self.all("journal", statement).await?;
        rows.iter().map(live).collect()
    }

    async fn last_heard(&mut self) -> Result<Vec<(String, DateTime<Utc>)>> {
        let statement = sqlx::query(
            "SELECT gateway, max(at) AS at FROM journal
             WHERE id > (SELECT max(id) FROM journal) - 100000
             GROUP BY gateway ORDER BY gateway",
        );
        let rows = self.all("journal", statement).await?;
        let heard = rows
            .iter()
            .map(|row| Ok((row.get("gateway")?, row.time("at")?)));
        heard.collect()
    }

    async fn turns(&mut self) -> Result<u64> {
        // Rows have no gaps, so the ends count them.
        let sql = "SELECT (SELECT coalesce(max(id), 0) FROM journal)
                        - (SELECT coalesce(min(id) - 1, 0) FROM journal) AS number";
        self.number("journal", sql).await
    }
}

impl Tables<'_> {
    fn journal_line(&self, entry: &JournalEntry) -> Result<Statement> {
        let input = entry.input.as_ref();
        let input = input.map(|input| self.seal(INPUT, input.as_bytes()));
        let line = sqlx::query(
            "INSERT INTO journal (at, gateway, phone_index, dialogue, turn, event, input,
                menu_set, screen, language, units, asks, last, took_micros)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.at.timestamp_micros())
        .bind(entry.gateway.clone())
        .bind(self.index(&entry.phone))
        .bind(entry.dialogue.to_string())
        .bind(entry.turn)
        .bind(entry.event)
        .bind(input.transpose()?)
        .bind(entry.set.clone())
        .bind(entry.screen.clone())
        .bind(entry.language.to_string())
        .bind(entry.units)
        .bind(entry.asks)
        .bind(entry.last)
        .bind(i64::try_from(entry.took_micros).unwrap_or(i64::MAX));
        Ok(line)
    }
}

fn live(row: &Columns<'_>) -> Result<LiveLines> {
    Ok(LiveLines {
        set: row.get("menu_set")?,
        screen: row.get("screen")?,
        lines: row.get("lines")?,
    })
}

fn turn(row: &Columns<'_>) -> Result<JournaledTurn> {
    let input = row.opened_if_there(INPUT)?.map(String::from_utf8);
    Ok(JournaledTurn {
        at: row.time("at")?,
        gateway: row.get("gateway")?,
        phone_index: row.get("phone_index")?,
        event: row.get("event")?,
        input: input
            .transpose()
            .map_err(|_| row.unreadable("sealed text"))?,
        screen: row.get("screen")?,
        language: row.parsed("language", |tag| Language::parse(tag).ok())?,
        last: row.get("last")?,
    })
}
