use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Matched, MessageState, Result, TheirId, Told};

/// A receipt to keep.
#[derive(Clone, Debug)]
pub struct NewReceipt {
    /// What it tells of which message.
    pub told: Told,
    /// The aggregator's own word for the state; its first 100 characters are kept.
    pub raw_status: Option<String>,
}

/// A receipt that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its row, growing.
    pub id: i64,
    /// By which route.
    pub route: String,
    /// The aggregator's id of the message.
    pub their_id: Option<TheirId>,
    /// How far the message was, as the aggregator told it.
    pub state: MessageState,
    /// The aggregator's own word for that.
    pub raw_status: Option<String>,
    /// Why it failed, as the aggregator says.
    pub error_code: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// Receipts: what aggregators told of messages after they took them.
#[async_trait]
pub trait Receipts: Send {
    /// Keeps one and has it move its message on ([`super::Messages::told`]); what it did, or `None`
    /// where no message is known by it. That of a message whose route has not answered yet waits for
    /// [`super::Messages::sent`].
    async fn keep(&mut self, receipt: &NewReceipt) -> Result<Option<Matched>>;

    /// The first 50 that came for this message, oldest first.
    async fn of(&mut self, message: i64) -> Result<Vec<Receipt>>;
}
