use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Result, TheirId};
use crate::model::Msisdn;

/// For how long the same text from the same phone is the same SMS, where it has no id.
pub(super) const SAME: TimeDelta = TimeDelta::minutes(10);

/// An SMS that came.
#[derive(Clone, PartialEq, Eq)]
pub struct NewIncoming {
    /// The account of ours that it came by.
    pub account: String,
    /// The aggregator's id of it, where it gives one.
    pub their_id: Option<TheirId>,
    /// Who sent it. Sealed by the engine.
    pub from: Msisdn,
    /// To which number of ours, as the aggregator writes it; its first 100 characters are kept.
    pub to: String,
    /// What. Sealed by the engine.
    pub text: String,
    /// When it was sent, where the aggregator tells it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

impl fmt::Debug for NewIncoming {
    /// Without its text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = self.text.chars().count();
        write!(f, "NewIncoming({}, {characters} characters)", self.from)
    }
}

/// An SMS that came and is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingMessage {
    /// Its row, growing.
    pub id: i64,
    /// As it came.
    pub came: NewIncoming,
}

/// SMS that came.
#[async_trait]
pub trait Incoming: Send {
    /// Keeps one as new; `None` where it is known. It is known by its account and the aggregator's
    /// id; one without id by account, phones and text, if such a one came less than ten minutes ago.
    async fn keep(&mut self, incoming: &NewIncoming) -> Result<Option<i64>>;

    /// The oldest new ones. What a write was given nobody else's write is given before its end.
    async fn next(&mut self, limit: u32) -> Result<Vec<IncomingMessage>>;

    /// Ends one that is new; false where it was ended before: whoever did so answers it.
    async fn done(&mut self, id: i64) -> Result<bool>;
}
