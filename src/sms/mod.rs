//! SMS: what is sent, once, and by which route.
//!
//! 1. [`Sms::queue`] writes a message and its job in the transaction of the event that it tells of,
//!    once for its key and phone.
//! 2. [`Sms::send`] is what the outbox runs: it hands the message to a [`Route`].
//! 3. [`Inbox`] keeps what aggregators tell: receipts, and SMS that came.
//! 4. [`Notice`] is a message that no screen sends, printed from the set's `messages:`.
//!
//! To add an aggregator: a profile. To add another kind of route: a module here that implements [`Route`].
//!
//! Left out: when something is worth a message (`effect`).

mod aggregator;
mod handset;
mod inbox;
mod notice;
mod own_id;
mod routes;
#[cfg(test)]
mod tests;

use std::{num::NonZeroU32, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use aggregator::{AggregatorRoute, Caller, Uncalled, headers, replied};
pub use handset::HandsetRoute;
pub use inbox::Inbox;
pub use notice::{Named, Notice, Payable};
pub use own_id::OwnIds;
pub use routes::{Routes, Rule};

use crate::{
    model::{Clock, Msisdn},
    store::{
        Handover, JobKind, Message, MessageState, NewJob, NewMessage, Priority, Store, StoreError,
        TheirId, Transaction,
    },
};

/// Takes messages to phones.
#[async_trait]
pub trait Route: std::fmt::Debug + Send + Sync {
    /// Its name, by which its rate is set: `handset` for the route `sms:handset` of the outbox.
    fn name(&self) -> &str;

    /// Hands a message over and says how far it is.
    async fn send(&self, message: &Message) -> Result<Handed, SendError>;
}

/// A message that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Sent, or delivered where the route knows.
    pub state: MessageState,
    /// The aggregator's id of it, where it gives one.
    pub their_id: Option<TheirId>,
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
#[error("message {id} was not taken: {why}")]
pub struct SendError {
    /// The message.
    pub id: i64,
    /// What happened, in few words, without its text or phone.
    pub why: String,
    /// Whether sending it again may help.
    pub retry: bool,
    /// The aggregator's code of it.
    pub code: Option<String>,
    /// Not before this time has passed, where the aggregator says so.
    pub wait: Option<std::time::Duration>,
}

/// Why a message is still unsent.
#[derive(Debug, thiserror::Error)]
pub enum Unsent {
    /// The store failed; to be tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The route failed.
    #[error(transparent)]
    Route(#[from] SendError),
}

/// An SMS to be queued.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What makes it the same as another: the event and its template.
    pub key: String,
    /// To whom.
    pub to: Msisdn,
    /// What.
    pub text: String,
    /// How long it is of use.
    pub useful: TimeDelta,
}

/// How many SMS are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// To one phone in any 24 hours, on all nodes. Far more than anyone's dealings with the scheme
    /// bring: what goes beyond it is a fault or an abuse that costs money. Each message beyond it is
    /// kept as failed, with its reason, for a person to see.
    pub a_day: NonZeroU32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            a_day: NonZeroU32::MIN.saturating_add(39),
        }
    }
}

/// Queues and sends.
#[derive(Clone, Debug)]
pub struct Sms {
    store: Arc<dyn Store>,
    routes: Routes,
    clock: Arc<dyn Clock>,
    /// Before every text: `DEMO `. Empty for nothing.
    banner: String,
    options: Options,
}

impl Sms {
    /// Messages of `store`, sent by `routes`, each beginning with `banner`.
    pub fn new(store: Arc<dyn Store>, routes: Routes, clock: Arc<dyn Clock>, banner: &str) -> Self {
        Self {
            store,
            routes,
            clock,
            banner: banner.to_owned(),
            options: Options::default(),
        }
    }

    /// The same with other options.
    #[must_use]
    pub fn with(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Writes the message and its job in `transaction`; one with its key and phone that is there
    /// already stays the only one. One beyond what its phone may get in a day is written as failed,
    /// without a job.
    pub async fn queue(
        &self,
        transaction: &mut dyn Transaction,
        outgoing: &Outgoing,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let message = NewMessage {
            key: outgoing.key.clone(),
            to: outgoing.to.clone(),
            text: format!("{}{}", self.banner, outgoing.text),
            queued_at: now,
            not_after: now + outgoing.useful,
        };
        let unsendable = self.unsendable(transaction, &message).await?;
        let Some(id) = transaction.messages().queue(&message).await? else {
            return Ok(());
        };
        let Some(why) = unsendable else {
            let job = self.send_job(id, now, &message);
            return transaction.jobs().add(&job).await;
        };
        tracing::error!(message = id, phone = %message.to, why, "message {id} to {} is not sent, {why}: a person must look", message.to);
        transaction.messages().refuse(id, &why, now).await
    }

    /// Why a message cannot be sent, whatever its route; `None` where it can.
    async fn unsendable(
        &self,
        transaction: &mut dyn Transaction,
        message: &NewMessage,
    ) -> Result<Option<String>, StoreError> {
        if message.to.number().is_none() {
            let why = "its phone is known by an id that is no number";
            return Ok(Some(why.to_owned()));
        }
        let since = message.queued_at - TimeDelta::days(1);
        let a_day = self.options.a_day;
        let mut messages = transaction.messages();
        let room = messages.has_room(&message.to, since, a_day).await?;
        Ok((!room).then(|| format!("its phone gets more than {a_day} SMS in a day")))
    }

    /// Sends the message with this id, unless it went before.
    pub async fn send(&self, id: i64) -> Result<(), Unsent> {
        let message = self.store.read().await?.messages().get(id).await?;
        let Some(message) = message.filter(|message| message.state == MessageState::Queued) else {
            return Ok(());
        };
        let route = self.routes.of(&message.to);
        let handed = route.send(&message).await;
        if let Some(handover) = handover(&message, route.name(), &handed) {
            let mut transaction = self.store.write().await?;
            let at = self.clock.now();
            transaction
                .messages()
                .sent(&Handover { at, ..handover })
                .await?;
            transaction.commit().await?;
        }
        handed.map(drop).map_err(Unsent::Route)
    }

    fn send_job(&self, id: i64, now: DateTime<Utc>, message: &NewMessage) -> NewJob {
        NewJob {
            kind: JobKind::SendMessage,
            subject: id.to_string(),
            route: format!("sms:{}", self.routes.of(&message.to).name()),
            run_at: now,
            not_after: message.not_after,
            priority: Priority::Normal,
        }
    }
}

/// What is to be written of a message that a route answered for; `None` where it is to be sent again.
fn handover(
    message: &Message,
    route: &str,
    handed: &Result<Handed, SendError>,
) -> Option<Handover> {
    let (state, their_id, error_code) = match handed {
        Ok(handed) => (handed.state, handed.their_id.clone(), None),
        Err(error) if error.retry => return None,
        Err(error) => (MessageState::Failed, None, error.code.clone()),
    };
    Some(Handover {
        id: message.id,
        route: route.to_owned(),
        their_id,
        state,
        error_code,
        at: message.queued_at,
    })
}
