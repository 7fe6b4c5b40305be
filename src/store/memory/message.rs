use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    rows::{MessageRow, Rows},
    transaction::Tables,
};
use crate::{
    model::Msisdn,
    store::{JobKind, Message, MessageState, Messages, NewMessage, Result},
};

#[async_trait]
impl Messages for Tables<'_, '_> {
    async fn queue(&mut self, message: &NewMessage) -> Result<Option<i64>> {
        let messages = &mut self.change("queue an SMS").await?.messages;
        let same = |row: &MessageRow| row.key == message.key && row.message.to == message.to;
        if messages.values().any(same) {
            return Ok(None);
        }
        let row = |id| MessageRow {
            key: message.key.clone(),
            message: Message {
                id,
                to: message.to.clone(),
                text: message.text.clone(),
                queued_at: message.queued_at,
                not_after: message.not_after,
                state: MessageState::Queued,
            },
        };
        Ok(Some(messages.append(row)))
    }

    async fn get(&mut self, id: i64) -> Result<Option<Message>> {
        let messages = &self.read("read an SMS").await?.messages;
        Ok(messages.get(&id).map(|row| row.message.clone()))
    }

    async fn advance(&mut self, id: i64, state: MessageState, _: DateTime<Utc>) -> Result<bool> {
        let messages = &mut self.change("advance an SMS").await?.messages;
        let from = state.reached_from();
        let row = messages.change(&id);
        let moved = row.filter(|row| from.contains(&row.message.state));
        Ok(moved.map(|row| row.message.state = state).is_some())
    }

    async fn inbox(&mut self, phone: &Msisdn, after: i64) -> Result<Vec<Message>> {
        let rows = self.read("read an inbox").await?;
        let theirs = rows.messages.values().map(|row| &row.message);
        let asked = theirs.filter(|message| message.to == *phone && message.id > after);
        let until_open = asked.take_while(|message| !rows.is_still_to_be_sent(message));
        let here = until_open.filter(|message| {
            matches!(message.state, MessageState::Sent | MessageState::Delivered)
        });
        Ok(here.take(50).cloned().collect())
    }
}

impl Rows {
    fn is_still_to_be_sent(&self, message: &Message) -> bool {
        let subject = message.id.to_string();
        let sends = |job: &super::JobRow| {
            job.kind == JobKind::SendMessage && job.subject == subject && !job.given_up
        };
        message.state == MessageState::Queued && self.jobs.values().any(sends)
    }
}
