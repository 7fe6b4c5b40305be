use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

use super::{Event, drive::Driven};
use crate::{
    model::Msisdn,
    store::{JournalEntry, Store, StoreError},
};

/// How many turns may wait to be written; more are dropped and counted, never waited for.
const ROOM: usize = 10_000;
/// How many are written in one transaction.
const BATCH: usize = 500;

/// Notes turns, off their path.
#[derive(Clone, Debug)]
pub struct JournalWriter(Sender<JournalEntry>);

/// A turn to note.
pub(super) struct Taken<'a> {
    pub(super) at: DateTime<Utc>,
    pub(super) gateway: &'a str,
    pub(super) phone: &'a Msisdn,
    pub(super) event: &'a Event,
    pub(super) driven: &'a Driven,
    pub(super) took: Duration,
}

impl JournalWriter {
    pub(super) fn note(&self, taken: &Taken<'_>) {
        let page = &taken.driven.page;
        let entry = JournalEntry {
            at: taken.at,
            gateway: taken.gateway.to_owned(),
            phone: taken.phone.clone(),
            dialogue: taken.driven.dialogue,
            turn: taken.driven.turn,
            event: taken.event.name(),
            input: taken.driven.input.clone(),
            set: taken.driven.set.clone(),
            screen: page.screen.clone(),
            language: page.language,
            units: u32::try_from(page.units).unwrap_or(u32::MAX),
            asks: taken.driven.asks,
            last: page.last,
            took_micros: u64::try_from(taken.took.as_micros()).unwrap_or(u64::MAX),
        };
        if let Err(TrySendError::Full(entry)) = self.0.try_send(entry) {
            tracing::warn!(dialogue = %entry.dialogue, "a turn is missing from the journal: it is written too slowly");
        }
    }
}

/// A journal: the writer that turns note in, and the work that writes it to `store` until the writer
/// is dropped.
pub fn journal(store: Arc<dyn Store>) -> (JournalWriter, impl Future<Output = ()> + Send) {
    let (sender, receiver) = channel(ROOM);
    (JournalWriter(sender), write(store, receiver))
}

async fn write(store: Arc<dyn Store>, mut receiver: Receiver<JournalEntry>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = append(&*store, &batch).await {
            tracing::error!(%error, turns = batch.len(), "turns are missing from the journal");
        }
        batch.clear();
        // Lets a batch gather, so that a busy node writes few transactions.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn append(store: &dyn Store, batch: &[JournalEntry]) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    transaction.journal().append(batch).await?;
    transaction.commit().await
}
