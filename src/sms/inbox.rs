use std::sync::Arc;

use super::OwnIds;
use crate::{
    gateway::profile::{Incoming, Receipt, ReceiptState},
    model::Clock,
    store::{MessageState, NewIncoming, NewReceipt, Store, StoreError, TheirId, Told, Transaction},
};

/// What aggregators tell us: how far our SMS are, and what members sent. All of it is kept before it is
/// acknowledged, once however often it comes.
#[derive(Clone, Debug)]
pub struct Inbox {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    own_ids: OwnIds,
}

impl Inbox {
    /// What is told is kept in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, own_ids: OwnIds) -> Self {
        Self {
            store,
            clock,
            own_ids,
        }
    }

    /// Keeps receipts of a gateway, and moves their messages on.
    pub async fn receipts(&self, gateway: &str, receipts: &[Receipt]) -> Result<(), StoreError> {
        for receipt in receipts {
            // Each in a transaction of its own: it holds its message, and two batches may name the same
            // messages in other orders.
            let mut transaction = self.store.write().await?;
            self.receipt(&mut *transaction, gateway, receipt).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    async fn receipt(
        &self,
        transaction: &mut dyn Transaction,
        gateway: &str,
        receipt: &Receipt,
    ) -> Result<(), StoreError> {
        let own_id = receipt.own_id.as_deref();
        let kept = NewReceipt {
            told: Told {
                route: gateway.to_owned(),
                their_id: receipt.message_id.as_deref().and_then(TheirId::parse),
                own_id: own_id.and_then(|id| self.own_ids.read(id)),
                state: state(receipt.state),
                error_code: receipt.error_code.clone(),
                at: self.clock.now(),
            },
            raw_status: receipt.raw_status.clone(),
        };
        let matched = transaction.receipts().keep(&kept).await?;
        let status = receipt.raw_status.as_deref().unwrap_or_default();
        match matched {
            Some(matched) => {
                let (message, state) = (matched.id, matched.state);
                tracing::debug!(
                    gateway,
                    message,
                    ?state,
                    status,
                    "message {message} is {state:?}"
                );
            }
            None => {
                tracing::debug!(
                    gateway,
                    status,
                    "a receipt of {gateway} is about no message that is known"
                );
            }
        }
        Ok(())
    }

    /// Keeps SMS that came by a gateway.
    pub async fn messages(&self, gateway: &str, messages: &[Incoming]) -> Result<(), StoreError> {
        let mut transaction = self.store.write().await?;
        for message in messages {
            let came = NewIncoming {
                account: gateway.to_owned(),
                their_id: message.message_id.as_deref().and_then(TheirId::parse),
                from: message.from.clone(),
                to: message.to.clone(),
                text: message.text.clone(),
                sent_at: message.received_at,
                received_at: self.clock.now(),
            };
            if transaction.incoming().keep(&came).await?.is_some() {
                let from = &message.from;
                tracing::info!(gateway, %from, "an SMS came from {from} by {gateway}");
            }
        }
        transaction.commit().await
    }
}

fn state(state: ReceiptState) -> MessageState {
    match state {
        ReceiptState::Queued => MessageState::Queued,
        ReceiptState::Sent => MessageState::Sent,
        ReceiptState::Delivered => MessageState::Delivered,
        ReceiptState::Failed => MessageState::Failed,
    }
}
