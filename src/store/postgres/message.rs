use std::num::NonZeroU32;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables},
};
use crate::{
    model::Msisdn,
    store::{
        Handover, Matched, Message, MessageState, Messages, NewMessage, Result, TheirId, Told,
        sending::{AHEAD, Sending},
    },
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

    async fn sent(&mut self, handover: &Handover) -> Result<Option<MessageState>> {
        self.hold_their_id(&handover.route, handover.their_id.as_ref())
            .await?;
        let Some(mut sending) = self.sending_of(handover.id).await? else {
            return Ok(None);
        };
        if sending.answered(handover) {
            self.take_receipts(&mut sending, handover.at - AHEAD)
                .await?;
            self.write_sending(&sending, handover.at).await?;
        }
        Ok(Some(sending.state))
    }

    async fn told(&mut self, told: &Told) -> Result<Option<Matched>> {
        self.hold_their_id(&told.route, told.their_id.as_ref())
            .await?;
        let Some(mut sending) = self.sending_told(told).await? else {
            return Ok(None);
        };
        let known = sending.has_other_id(told) && self.was_told(sending.id, told).await?;
        let moved = !known && sending.told(told);
        if moved {
            self.write_sending(&sending, told.at).await?;
        }
        Ok(Some(sending.matched(moved)))
    }

    async fn requeue(
        &mut self,
        id: i64,
        not_after: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let statement = sqlx::query(
            "UPDATE messages SET state = 'queued', not_after = $2, moved_at = $3, error_code = NULL
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

impl Tables<'_> {
    /// Receipts of a message and the answer to the call that sent it go one after the other: each is
    /// looked for before the other is written.
    async fn hold_their_id(&mut self, route: &str, their_id: Option<&TheirId>) -> Result<()> {
        let Some(their_id) = their_id else {
            return Ok(());
        };
        let name = [route.as_bytes(), their_id.as_str().as_bytes()];
        self.hold("messages.their_id", &name).await
    }

    async fn sending(&mut self, statement: Statement) -> Result<Option<Sending>> {
        let row = self.one("message", statement).await?;
        row.map(|row| sending(&row)).transpose()
    }

    async fn sending_of(&mut self, id: i64) -> Result<Option<Sending>> {
        let statement = self.keyed("SELECT * FROM messages WHERE id = $1").bind(id);
        self.sending(statement).await
    }

    /// By our id, else by theirs: the newest, if they use one twice.
    async fn sending_told(&mut self, told: &Told) -> Result<Option<Sending>> {
        if let Some(own_id) = told.own_id
            && let Some(sending) = self.sending_of(own_id).await?
        {
            return Ok(Some(sending));
        }
        let Some(their_id) = &told.their_id else {
            return Ok(None);
        };
        let statement = self.keyed(
            "SELECT * FROM messages WHERE route = $1 AND their_id = $2 ORDER BY id DESC LIMIT 1",
        )
        .bind(told.route.clone())
        .bind(their_id.as_str().to_owned());
        self.sending(statement).await
    }

    /// Whether the same was told before of this message by the same id.
    async fn was_told(&mut self, id: i64, told: &Told) -> Result<bool> {
        let their_id = told.their_id.as_ref();
        let statement = sqlx::query(
            "SELECT 1 FROM receipts
             WHERE message = $1 AND route = $2 AND their_id = $3 AND state = $4 LIMIT 1",
        )
        .bind(id)
        .bind(told.route.clone())
        .bind(their_id.map(|id| id.as_str().to_owned()))
        .bind(told.state.as_str());
        Ok(self.one("receipt", statement).await?.is_some())
    }

    /// Gives it the receipts that came by its id before the id was known, in their order.
    async fn take_receipts(&mut self, sending: &mut Sending, since: DateTime<Utc>) -> Result<()> {
        let (Some(route), Some(their_id)) = (&sending.route, &sending.their_id) else {
            return Ok(());
        };
        let statement = sqlx::query(
            "UPDATE receipts SET message = $1
             WHERE message IS NULL AND route = $2 AND their_id = $3 AND received_at >= $4
             RETURNING id, state, error_code",
        )
        .bind(sending.id)
        .bind(route.clone())
        .bind(their_id.as_str().to_owned())
        .bind(since);
        let rows = self.all("receipt", statement).await?;
        let mut ahead = rows.iter().map(ahead).collect::<Result<Vec<_>>>()?;
        ahead.sort_unstable_by_key(|(id, ..)| *id);
        for (_, state, error_code) in ahead {
            sending.received(state, error_code.as_deref());
        }
        Ok(())
    }

    async fn write_sending(&mut self, sending: &Sending, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE messages SET route = $2, their_id = $3, error_code = $4,
                moved_at = CASE WHEN state = $5 THEN moved_at ELSE $6 END, state = $5
             WHERE id = $1",
        )
        .bind(sending.id)
        .bind(sending.route.clone())
        .bind(sending.their_id.as_ref().map(|id| id.as_str().to_owned()))
        .bind(sending.error_code.clone())
        .bind(sending.state.as_str())
        .bind(now);
        self.change("move a message on", statement).await.map(drop)
    }
}

/// A receipt that came before the answer.
fn ahead(row: &Columns<'_>) -> Result<(i64, MessageState, Option<String>)> {
    let state = row.parsed("state", MessageState::parse)?;
    Ok((row.get("id")?, state, row.get("error_code")?))
}

fn sending(row: &Columns<'_>) -> Result<Sending> {
    Ok(Sending {
        id: row.get("id")?,
        state: row.parsed("state", MessageState::parse)?,
        route: row.get("route")?,
        their_id: row.parsed_if_there("their_id", TheirId::parse)?,
        error_code: row.get("error_code")?,
    })
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
        route: row.get("route")?,
        their_id: row.parsed_if_there("their_id", TheirId::parse)?,
        error_code: row.get("error_code")?,
    })
}
