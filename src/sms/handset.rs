use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{Handed, Route, SendError};
use crate::store::{Message, MessageState};

/// The demo's route: a message is delivered as soon as it is sent, because the simulator's phones
/// read the store.
#[derive(Clone, Debug, Default)]
pub struct HandsetRoute {
    /// Notified when a phone got an SMS.
    pub delivered: Arc<Notify>,
}

#[async_trait]
impl Route for HandsetRoute {
    fn name(&self) -> &'static str {
        "handset"
    }

    async fn send(&self, _: &Message) -> Result<Handed, SendError> {
        self.delivered.notify_waiters();
        Ok(Handed {
            state: MessageState::Delivered,
            their_id: None,
        })
    }
}
