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
        let statement = self.journal_lines(entries)?;
        self.change("write the journal", statement).await?;
        Ok(())
    }

    async fn dialogue(&mut self, dialogue: DialogueId) -> Result<Vec<JournaledTurn>> {
        let statement = sqlx::query("SELECT * FROM journal WHERE dialogue = $1 ORDER BY id")
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
             WHERE NOT last AND id IN (
                SELECT max(id) FROM journal
                WHERE at >= $1 AND screen <> 'busy' GROUP BY gateway, phone_index)
             GROUP BY menu_set, screen ORDER BY menu_set, screen",
        )
        .bind(since);
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
        let sql = "SELECT count(*) AS number FROM journal";
        self.number("journal", sql).await
    }
}

impl Tables<'_> {
    /// All of them in one statement, in their order.
    fn journal_lines(&self, entries: &[JournalEntry]) -> Result<Statement> {
        let input = |entry: &JournalEntry| {
            let input = entry.input.as_ref();
            input
                .map(|input| self.seal(INPUT, input.as_bytes()))
                .transpose()
        };
        let inputs: Vec<_> = entries.iter().map(input).collect::<Result<_>>()?;
        let lines = sqlx::query(
            "INSERT INTO journal (at, gateway, phone_index, dialogue, turn, event, input,
                menu_set, screen, language, units, asks, last, took_micros)
             SELECT * FROM unnest($1::TIMESTAMPTZ[], $2::TEXT[], $3::BYTEA[], $4::TEXT[],
                $5::BIGINT[], $6::TEXT[], $7::BYTEA[], $8::TEXT[], $9::TEXT[], $10::TEXT[],
                $11::BIGINT[], $12::BIGINT[], $13::BOOLEAN[], $14::BIGINT[])",
        )
        .bind(of(entries, |entry| entry.at))
        .bind(of(entries, |entry| entry.gateway.clone()))
        .bind(of(entries, |entry| self.index(&entry.phone)))
        .bind(of(entries, |entry| entry.dialogue.to_string()))
        .bind(of(entries, |entry| i64::from(entry.turn)))
        .bind(of(entries, |entry| entry.event))
        .bind(inputs)
        .bind(of(entries, |entry| entry.set.clone()))
        .bind(of(entries, |entry| entry.screen.clone()))
        .bind(of(entries, |entry| entry.language.to_string()))
        .bind(of(entries, |entry| i64::from(entry.units)))
        .bind(of(entries, |entry| i64::from(entry.asks)))
        .bind(of(entries, |entry| entry.last))
        .bind(of(entries, |entry| {
            i64::try_from(entry.took_micros).unwrap_or(i64::MAX)
        }));
        Ok(lines)
    }
}

/// One column of the entries.
fn of<T>(entries: &[JournalEntry], column: impl Fn(&JournalEntry) -> T) -> Vec<T> {
    entries.iter().map(column).collect()
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

fn live(row: &Columns<'_>) -> Result<LiveLines> {
    Ok(LiveLines {
        set: row.get("menu_set")?,
        screen: row.get("screen")?,
        lines: row.count("lines")?,
    })
}
