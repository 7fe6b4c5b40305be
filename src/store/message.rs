use std::num::NonZeroU32;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Result, TheirId};
use crate::model::Msisdn;

/// Where an SMS is. It only moves on: queued, sent, then delivered or failed, which are both the end;
/// but a person may have one that failed sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageState {
    /// To be sent.
    Queued,
    /// A route has taken it.
    Sent,
    /// The phone has it.
    Delivered,
    /// No route took it, or its time was over.
    Failed,
}

impl MessageState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Delivered, Self::Failed];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The states from which it can be reached.
    pub fn reached_from(self) -> &'static [Self] {
        match self {
            Self::Queued => &[],
            Self::Sent => &[Self::Queued],
            Self::Delivered | Self::Failed => &[Self::Queued, Self::Sent],
        }
    }
}

/// An SMS to queue.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// What makes it the same as another: event and template (the phone is part of it too). A second
    /// one is not queued.
    pub key: String,
    /// To whom.
    pub to: Msisdn,
    /// What. Sealed by the engine.
    pub text: String,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// Not sent after this.
    pub not_after: DateTime<Utc>,
}

/// An SMS.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its row, growing.
    pub id: i64,
    /// To whom.
    pub to: Msisdn,
    /// What.
    pub text: String,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// Not sent after this.
    pub not_after: DateTime<Utc>,
    /// Where it is.
    pub state: MessageState,
    /// Why it was refused, for a person; empty where it was not.
    pub why: String,
    /// By which route it went last.
    pub route: Option<String>,
    /// The aggregator's id of it when it went last.
    pub their_id: Option<TheirId>,
    /// Why it failed, as the aggregator says.
    pub error_code: Option<String>,
}

/// A message handed to a route, and what the route answered.
#[derive(Clone, Debug)]
pub struct Handover {
    /// The message.
    pub id: i64,
    /// The route.
    pub route: String,
    /// The aggregator's id of the message, where it gave one.
    pub their_id: Option<TheirId>,
    /// Where the answer leaves the message: sent, or an end where the route knows it.
    pub state: MessageState,
    /// Why it was not taken, as the aggregator says.
    pub error_code: Option<String>,
    /// When it answered.
    pub at: DateTime<Utc>,
}

/// What a receipt tells, and of which message.
#[derive(Clone, Debug)]
pub struct Told {
    /// The route that it came by.
    pub route: String,
    /// The aggregator's id of the message.
    pub their_id: Option<TheirId>,
    /// Ours, where the aggregator gives it back; it goes before theirs.
    pub own_id: Option<i64>,
    /// How far the message is there. Queued there is sent here.
    pub state: MessageState,
    /// Why it failed, as the aggregator says.
    pub error_code: Option<String>,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// The message that a receipt tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The message.
    pub id: i64,
    /// Where it is now.
    pub state: MessageState,
    /// Whether the receipt has moved it there.
    pub moved: bool,
}

/// SMS.
#[async_trait]
pub trait Messages: Send {
    /// Queues it; `None` where its key and phone were queued before.
    async fn queue(&mut self, message: &NewMessage) -> Result<Option<i64>>;

    /// Whether fewer than `limit` messages to `phone` were queued after `since`, those that were
    /// refused left out. Until the end of the transaction nobody else is told so for this phone.
    async fn has_room(
        &mut self,
        phone: &Msisdn,
        since: DateTime<Utc>,
        limit: NonZeroU32,
    ) -> Result<bool>;

    /// Ends a queued message as failed without sending it; `why` is kept for a person to see.
    async fn refuse(&mut self, id: i64, why: &str, now: DateTime<Utc>) -> Result<()>;

    /// How many were refused and are still kept.
    async fn refused(&mut self) -> Result<u64>;

    /// The message with this id.
    async fn get(&mut self, id: i64) -> Result<Option<Message>>;

    /// Moves it on to `state`; false where it is there or further, or at another end.
    async fn advance(&mut self, id: i64, state: MessageState, now: DateTime<Utc>) -> Result<bool>;

    /// Writes what a route answered, and moves the message on by that and by the receipts that came
    /// before it; where the message is then, or `None` where it is not there. Where it went before,
    /// by another route or with another id, that stands. To be the first in its transaction that
    /// touches the message: it waits for receipts of that id.
    async fn sent(&mut self, handover: &Handover) -> Result<Option<MessageState>>;

    /// Moves on the message that a receipt tells of, found by our id or by route and theirs; `None`
    /// where none is. It never moves back, nor by a receipt of a sending before its last. To be the
    /// first in its transaction that touches the message, likewise. Keeps no receipt
    /// ([`super::Receipts::keep`] does both).
    async fn told(&mut self, told: &Told) -> Result<Option<Matched>>;

    /// Has one that failed wait again to be sent, because a person decided so, until `not_after`; false
    /// where it did not fail or its text is gone.
    async fn requeue(
        &mut self,
        id: i64,
        not_after: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Messages that this phone has (sent or delivered) with an id above `after`, oldest first, at
    /// most 50; none that follows one still to be sent, so that asking with the last id seen passes
    /// over none. For the simulator's inbox.
    async fn inbox(&mut self, phone: &Msisdn, after: i64) -> Result<Vec<Message>>;
}
