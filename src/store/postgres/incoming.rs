use async_trait::async_trait;

use super::{columns::Columns, tables::Tables};
use crate::store::{
    Incoming, IncomingMessage, NewIncoming, Result, TheirId, incoming::SAME, their_id::word,
};

const NEXT: &str = "SELECT * FROM incoming WHERE state = 'new' ORDER BY received_at, id LIMIT $1";
const NEXT_HELD: &str = "
    SELECT * FROM incoming WHERE state = 'new' ORDER BY received_at, id LIMIT $1
    FOR NO KEY UPDATE SKIP LOCKED";

#[async_trait]
impl Incoming for Tables<'_> {
    async fn keep(&mut self, incoming: &NewIncoming) -> Result<Option<i64>> {
        let digest = self.digest(incoming);
        if incoming.their_id.is_none() && self.came_lately(incoming, &digest).await? {
            return Ok(None);
        }
        let statement = sqlx::query(
            "INSERT INTO incoming (account, their_id, phone_index, phone, sent_to, text, digest, sent_at,
                received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (account, their_id) DO NOTHING RETURNING id",
        )
        .bind(incoming.account.clone())
        .bind(incoming.their_id.as_ref().map(|id| id.as_str().to_owned()))
        .bind(self.index(&incoming.from))
        .bind(self.seal_phone("incoming.phone", &incoming.from)?)
        .bind(word(&incoming.to))
        .bind(self.seal("incoming.text", incoming.text.as_bytes())?)
        .bind(digest)
        .bind(incoming.sent_at)
        .bind(incoming.received_at);
        let row = self.one("SMS", statement).await?;
        row.map(|row| row.get("id")).transpose()
    }

    async fn next(&mut self, limit: u32) -> Result<Vec<IncomingMessage>> {
        // One that another write was given is passed over.
        let sql = if self.connection.writes {
            NEXT_HELD
        } else {
            NEXT
        };
        let rows = self
            .all("SMS", sqlx::query(sql).bind(i64::from(limit)))
            .await?;
        rows.iter().map(incoming).collect()
    }

    async fn done(&mut self, id: i64) -> Result<bool> {
        let statement =
            sqlx::query("UPDATE incoming SET state = 'done' WHERE id = $1 AND state = 'new'")
                .bind(id);
        self.changes("end an SMS that came", statement).await
    }
}

impl Tables<'_> {
    /// Names what makes it the same as another that has no id.
    fn digest(&self, incoming: &NewIncoming) -> Vec<u8> {
        let parts = [
            &incoming.account,
            incoming.from.digits(),
            &incoming.to,
            &incoming.text,
        ];
        let parts = parts.map(str::as_bytes);
        self.sealer.mac("incoming.digest", &parts).to_vec()
    }

    async fn came_lately(&mut self, incoming: &NewIncoming, digest: &[u8]) -> Result<bool> {
        // Looked for before it is kept: those that are alike go one after the other.
        self.hold("incoming.digest", &[digest]).await?;
        let statement = sqlx::query(
            "SELECT 1 FROM incoming
             WHERE their_id IS NULL AND digest = $1 AND received_at > $2 LIMIT 1",
        )
        .bind(digest.to_vec())
        .bind(incoming.received_at - SAME);
        Ok(self.one("SMS", statement).await?.is_some())
    }
}

fn incoming(row: &Columns<'_>) -> Result<IncomingMessage> {
    let came = NewIncoming {
        account: row.get("account")?,
        their_id: row.parsed_if_there("their_id", TheirId::parse)?,
        from: row.opened_phone("incoming.phone")?,
        to: row.get("sent_to")?,
        text: row.opened_text("incoming.text")?,
        sent_at: row.get("sent_at")?,
        received_at: row.time("received_at")?,
    };
    Ok(IncomingMessage {
        id: row.get("id")?,
        came,
    })
}
