//! What the gateway posts to us: control numbers, payments, a day's payments.
//!
//! 1. [`Inbox::receive`] verifies, writes everything down in one transaction and then gives the
//!    signed acknowledgement. If it cannot be written there is none, and the gateway comes again. A
//!    body without proof is kept in part, so many in a day.
//! 2. `reading` makes a body into what it says, by its message's whole name; `bills`, `payments` and
//!    `reconciliation` have it recorded in the books; `answer` is the acknowledgement.

mod answer;
mod bills;
mod payments;
mod reading;
mod reconciliation;

use std::sync::Arc;

pub use answer::Answer;
use answer::Answers;
use reading::{Content, Reading};

use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Keys, Notary, Options, PROVIDER, SignError, envelope::LARGEST};
use crate::{
    model::{Clock, local_day},
    payment::{Wake, judgement::Rules},
    store::{NewNotice, Store, StoreError, Transaction, Verdict},
};

/// Takes the gateway's messages.
#[derive(Debug)]
pub struct Inbox {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    notary: Notary,
    rules: Rules,
    largest_reconciliation: usize,
    /// How many reconciliations are read at once: each may be long.
    room: Semaphore,
    answers: Answers,
    wake: Wake,
}

/// How many long messages are read at once.
const LONG_AT_ONCE: usize = 2;

/// How many messages that the gateway has not signed are kept in a day. Anyone may send them; those
/// after these are counted.
const UNPROVED_A_DAY: u64 = 1000;

/// What recording came to.
#[derive(Debug)]
struct Record {
    verdict: Verdict,
    /// For the operator: bills and reasons, never a name or a phone.
    note: String,
}

impl Inbox {
    /// An inbox for notices of the service providers that the options name. Signs the few
    /// acknowledgements that are always the same, once.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        keys: Arc<Keys>,
        options: &Options,
        wake: Wake,
    ) -> Result<Self, SignError> {
        Ok(Self {
            answers: Answers::sign(&keys, &options.sp_code)?,
            notary: Notary::new(keys),
            rules: Rules {
                sp_codes: options.sp_codes(),
                ..Rules::default()
            },
            largest_reconciliation: options.wire.largest_reconciliation,
            room: Semaphore::new(LONG_AT_ONCE),
            store,
            clock,
            wake,
        })
    }

    /// Judges payments by these rules.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// How many bytes a reconciliation may have.
    pub fn largest_reconciliation(&self) -> usize {
        self.largest_reconciliation
    }

    /// Takes one message and gives the answer to it.
    pub async fn receive(&self, raw: &[u8]) -> Answer {
        self.receive_within(LARGEST, raw).await
    }

    /// Waits until there is room for a long message, before any of it is read.
    pub async fn room_for_long(&self) -> Option<SemaphorePermit<'_>> {
        self.room.acquire().await.ok()
    }

    /// The same as [`receive`](Self::receive) with a message that may be long.
    pub async fn receive_long(&self, raw: &[u8]) -> Answer {
        self.receive_within(self.largest_reconciliation, raw).await
    }

    async fn receive_within(&self, largest: usize, raw: &[u8]) -> Answer {
        let (body, now) = (raw.to_vec(), self.clock.now());
        let reading = self
            .notary
            .work(move |keys| Reading::of(&body, keys, largest, now));
        let Some(reading) = reading.await else {
            return Answer::unavailable();
        };
        match self.record(raw, &reading).await {
            Ok(record) => {
                log(&reading, &record);
                self.wake.bills_and_outbox();
                self.acknowledge(&reading).await
            }
            Err(error) => {
                let cause: &dyn std::error::Error = &error;
                tracing::error!(
                    cause,
                    "a notice of the payment gateway could not be kept; it will come again"
                );
                Answer::unavailable()
            }
        }
    }

    async fn acknowledge(&self, reading: &Reading) -> Answer {
        let answer = self.answers.to(reading, &self.notary).await;
        answer.unwrap_or_else(|error| {
            let cause: &dyn std::error::Error = &error;
            tracing::error!(
                cause,
                "a notice of the payment gateway is kept and could not be acknowledged; it will come \
                 again"
            );
            Answer::unavailable()
        })
    }

    async fn record(&self, raw: &[u8], reading: &Reading) -> Result<Record, StoreError> {
        let now = self.clock.now();
        let mut transaction = self.store.write().await?;
        let record = self.take(&mut *transaction, reading).await?;
        if self.keeps(&mut *transaction, reading, &record).await? {
            transaction
                .notices()
                .keep(&NewNotice {
                    provider: PROVIDER.to_owned(),
                    message: reading.name.clone(),
                    raw: reading.kept(raw).to_vec(),
                    hash: Sha256::digest(raw).into(),
                    received_at: now,
                    verdict: record.verdict,
                    note: record.note.clone(),
                })
                .await?;
        }
        transaction.commit().await?;
        Ok(record)
    }

    /// Whether a message is kept: what the gateway signed always is.
    async fn keeps(
        &self,
        transaction: &mut dyn Transaction,
        reading: &Reading,
        record: &Record,
    ) -> Result<bool, StoreError> {
        if reading.proved {
            return Ok(true);
        }
        let today = local_day(self.clock.now());
        let came = transaction
            .notices()
            .count_unproved(PROVIDER, today, record.verdict)
            .await?;
        Ok(came <= UNPROVED_A_DAY)
    }

    async fn take(
        &self,
        transaction: &mut dyn Transaction,
        reading: &Reading,
    ) -> Result<Record, StoreError> {
        let now = self.clock.now();
        match &reading.content {
            Content::Bills(response) => {
                bills::take(transaction, &response.answers, &self.rules, now).await
            }
            Content::Payments(notice) => {
                payments::take(transaction, &notice.paid, &self.rules, now).await
            }
            Content::Reconciliation(response) => {
                reconciliation::take(transaction, &response.reconciled, &self.rules, now).await
            }
            Content::Refused(why) => Ok(Record {
                verdict: Verdict::Refused,
                note: why.to_string(),
            }),
            Content::Unreadable(why) => Ok(Record {
                verdict: Verdict::Unreadable,
                note: why.clone(),
            }),
        }
    }
}

fn log(reading: &Reading, record: &Record) {
    let (kind, note) = (&reading.name, &record.note);
    match record.verdict {
        Verdict::Taken if note.is_empty() => tracing::info!(kind, "took {kind}"),
        Verdict::Taken => tracing::error!(kind, note, "took {kind}, to be looked at: {note}"),
        Verdict::Repeated => tracing::info!(kind, "{kind} came again"),
        Verdict::Refused => tracing::error!(kind, note, "refused {kind}: {note}"),
        Verdict::Unreadable => tracing::warn!(kind, note, "could not read a notice: {note}"),
    }
}

/// Records what a message says, as one whose signature was proved: for a simulation, which signs
/// nothing.
#[cfg(test)]
pub(crate) mod proved {
    use chrono::{DateTime, Utc};

    use super::{super::codes, bills, payments};
    use crate::{
        payment::{
            judgement::Rules,
            told::{Codes, Numbered, Paid},
        },
        store::{StoreError, Transaction},
    };

    pub(crate) fn success() -> Codes {
        codes::one(codes::SUCCESS)
    }

    pub(crate) async fn numbers(
        transaction: &mut dyn Transaction,
        answers: &[Numbered],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        bills::take(transaction, answers, &Rules::default(), now)
            .await
            .map(drop)
    }

    pub(crate) async fn payments(
        transaction: &mut dyn Transaction,
        paid: &Paid,
        sp_codes: &[String],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rules = Rules {
            sp_codes: sp_codes.to_vec(),
            ..Rules::default()
        };
        payments::take(transaction, paid, &rules, now)
            .await
            .map(drop)
    }
}
