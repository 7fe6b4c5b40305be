use std::num::NonZeroU32;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{columns::Columns, tables::Tables};
use crate::{
    model::Msisdn,
    store::{Message, MessageState, Messages, NewMessage, Result},
};

#[async_trait]
impl Messages for Tables<'_> {
    async fn queue(&mut self, message: &NewMessage) -> Result<Option<i64>> {
        // An inbox is read from the last id on: a phone's messages are numbered in the order in which
        // they are kept.
        let index = self.index(&message.to);
        let statement = sqlx::query(
            "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock($7))
             INSERT INTO messages (key, phone_index, phone, text, queued_at, moved_at, not_after,
                state)
             SELECT $1, $2, $3, $4, $5, $5, $6, 'queued' FROM held
             ON CONFLICT (key, phone_index) DO NOTHING RETURNING id",
        )
        .bind(message.key.clone())
        .bind(index.clone())
        .bind(self.seal_phone("messages.phone", &message.to)?)
        .bind(self.seal("messages.text", message.text.as_bytes())?)
        .bind(message.queued_at)
        .bind(message.not_after)
        .bind(self.lock_of("messages", &[&index]));
        let row = self.one("message", statement).await?;
        row.map(|row| row.get("id")).transpose()
    }

    async fn has_room(
        &mut self,
        phone: &Msisdn,
        since: DateTime<Utc>,
        limit: NonZeroU32,
    ) -> Result<bool> {
        // The one that would have to be older. Behind the lock that queueing takes: none comes between.
        let index = self.index(phone);
        self.hold("messages", &[&index]).await?;
        let statement = sqlx::query(
            "SELECT queued_at FROM messages WHERE phone_index = $1 AND why = ''
             ORDER BY id DESC LIMIT 1 OFFSET $2",
        )
        .bind(index)
        .bind(i64::from(limit.get() - 1));
        let row = self.one("message", statement).await?;
        row.map_or(Ok(true), |row| Ok(row.time("queued_at")? <= since))
    }

    async fn refuse(&mut self, id: i64, why: &str, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE messages SET state = 'failed', why = $1, moved_at = $2
             WHERE id = $3 AND state = 'queued'",
        )
        .bind(why.to_owned())
        .bind(now)
        .bind(id);
        self.change("refuse a message", statement).await.map(drop)
    }

    async fn refused(&mut self) -> Result<u64> {
        let count = "SELECT count(*) AS number FROM messages WHERE state = 'failed' AND why <> ''";
        self.number("message", count).await
    }

    async fn get(&mut self, id: i64) -> Result<Option<Message>> {
        let statement = self.keyed("SELECT * FROM messages WHERE id = $1").bind(id);
        let row = self.one("message", statement).await?;
        row.map(|row| message(&row)).transpose()
    }

    async fn advance(&mut self, id: i64, state: MessageState, now: DateTime<Utc>) -> Result<bool> {
        let before: Vec<_> = state
            .reached_from()
            .iter()
            .map(|state| state.as_str())
            .collect();
        let statement = sqlx::query(
            "UPDATE messages SET state = $1, moved_at = $2
             WHERE id = $3 AND state = ANY($4)",
        )
        .bind(state.as_str())
        .bind(now)
        .bind(id)
        .bind(before);
        self.changes("advance a message", statement).await
    }

    async fn requeue(
        &mut self,
        id: i64,
        not_after: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let statement = sqlx::query(
            "UPDATE messages SET state = 'queued', not_after = $2, moved_at = $3
             WHERE id = $1 AND state = 'failed' AND NOT emptied",
        )
        .bind(id)
        .bind(not_after)
        .bind(now);
        self.changes("queue a message again", statement).await
    }

    async fn inbox(&mut self, phone: &Msisdn, after: i64) -> Result<Vec<Message>> {
        // A reader who has seen a later one asks no more for an earlier, so one that is still to be
        // sent holds back those after it.
        let statement = sqlx::query(
            "SELECT * FROM messages
             WHERE phone_index = $1 AND id > $2 AND state IN ('sent', 'delivered')
                AND NOT EXISTS (
                    SELECT 1 FROM messages AS earlier JOIN jobs
                        ON kind = 'send_message' AND subject = CAST(earlier.id AS TEXT)
                    WHERE earlier.phone_index = $1 AND earlier.id > $2
                        AND earlier.id < messages.id
                        AND earlier.state = 'queued' AND given_up_at IS NULL)
             ORDER BY id LIMIT 50",
        )
        .bind(self.index(phone))
        .bind(after);
        let rows = self.all("message", statement).await?;
        rows.iter().map(message).collect()
    }
}

fn message(row: &Columns<'_>) -> Result<Message> {
    Ok(Message {
        id: row.get("id")?,
        to: row.opened_phone("messages.phone")?,
        text: row.opened_text("messages.text")?,
        queued_at: row.time("queued_at")?,
        not_after: row.time("not_after")?,
        state: row.parsed("state", MessageState::parse)?,
        why: row.get("why")?,
    })
}
