use std::num::NonZeroU32;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    rows::{MessageRow, Rows},
    transaction::Tables,
};
use crate::{
    model::Msisdn,
    store::{
        Handover, JobKind, Matched, Message, MessageState, Messages, NewMessage, Result, Told,
    },
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
                why: String::new(),
                route: None,
                their_id: None,
                error_code: None,
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

    async fn sent(&mut self, handover: &Handover) -> Result<Option<MessageState>> {
        let messages = &mut self.change("write that an SMS was sent").await?.messages;
        let Some(row) = messages.change(&handover.id) else {
            return Ok(None);
        };
        let message = &mut row.message;
        if handover.state.reached_from().contains(&message.state) {
            message.state = handover.state;
            message.route = Some(handover.route.clone());
            message.their_id.clone_from(&handover.their_id);
            message.error_code.clone_from(&handover.error_code);
        }
        Ok(Some(message.state))
    }

    /// No aggregator tells anything here.
    async fn told(&mut self, _: &Told) -> Result<Option<Matched>> {
        Ok(None)
    }

    async fn has_room(
        &mut self,
        phone: &Msisdn,
        since: DateTime<Utc>,
        limit: NonZeroU32,
    ) -> Result<bool> {
        let messages = &self.read("count SMS").await?.messages;
        let theirs = messages.values().map(|row| &row.message);
        let recent = theirs
            .filter(|message| message.to == *phone && message.why.is_empty())
            .filter(|message| message.queued_at > since);
        Ok(recent.count() < usize::try_from(limit.get()).unwrap_or(usize::MAX))
    }

    async fn refuse(&mut self, id: i64, why: &str, _: DateTime<Utc>) -> Result<()> {
        let messages = &mut self.change("refuse an SMS").await?.messages;
        let queued = |row: &&mut MessageRow| row.message.state == MessageState::Queued;
        if let Some(row) = messages.change(&id).filter(queued) {
            row.message.state = MessageState::Failed;
            why.clone_into(&mut row.message.why);
        }
        Ok(())
    }

    async fn refused(&mut self) -> Result<u64> {
        let messages = &self.read("count SMS").await?.messages;
        let refused = messages
            .values()
            .map(|row| &row.message)
            .filter(|message| message.state == MessageState::Failed && !message.why.is_empty());
        Ok(refused.count() as u64)
    }

    async fn requeue(
        &mut self,
        id: i64,
        not_after: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<bool> {
        let messages = &mut self.change("queue an SMS again").await?.messages;
        let failed = |row: &&mut MessageRow| row.message.state == MessageState::Failed;
        let row = messages.change(&id).filter(failed);
        let again = row.map(|row| {
            row.message.state = MessageState::Queued;
            row.message.not_after = not_after;
        });
        Ok(again.is_some())
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
