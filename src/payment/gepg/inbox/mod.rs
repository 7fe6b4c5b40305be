//! What the gateway posts to us: control numbers and payments.
//!
//! 1. [`Inbox::receive`] verifies, writes everything down in one transaction and then gives the
//!    signed acknowledgement. If it cannot be written there is none, and the gateway comes again. A
//!    body without proof is kept in part, so many in a day.
//! 2. `reading` makes a body into what it says, `bills` and `payments` have it recorded in the
//!    books.

mod acknowledgement;
mod bills;
mod payments;
mod reading;

use std::sync::Arc;

pub use acknowledgement::Acknowledgement;
use acknowledgement::Acknowledgements;
use reading::{Content, Reading};

use sha2::{Digest, Sha256};

use super::{Keys, PROVIDER, SignError};
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
    keys: Arc<Keys>,
    rules: Rules,
    acknowledgements: Acknowledgements,
    wake: Wake,
}

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
    /// An inbox for notices of the service provider `sp_code`. Signs the few acknowledgements that
    /// there are, once.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        keys: Arc<Keys>,
        sp_code: String,
        wake: Wake,
    ) -> Result<Self, SignError> {
        Ok(Self {
            acknowledgements: Acknowledgements::sign(&keys)?,
            store,
            clock,
            keys,
            rules: Rules::of(&sp_code),
            wake,
        })
    }

    /// Judges payments by these rules.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Takes one message and gives the answer to it.
    pub async fn receive(&self, raw: &[u8]) -> Acknowledgement {
        let reading = Reading::of(raw, &self.keys);
        match self.record(raw, &reading).await {
            Ok(record) => {
                log(&reading, &record);
                self.wake.bills_and_outbox();
                self.acknowledgements.of(&reading)
            }
            Err(error) => {
                let cause: &dyn std::error::Error = &error;
                tracing::error!(
                    cause,
                    "a notice of the payment gateway could not be kept; it will come again"
                );
                Acknowledgement::unavailable()
            }
        }
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
            Content::Bills(response) => bills::take(transaction, response, &self.rules, now).await,
            Content::Payments(notice) => {
                payments::take(transaction, notice, &self.rules, now).await
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

    use super::{
        super::{
            codes::{Codes, SUCCESS},
            message::{BillResponse, PaymentNotice},
        },
        bills, payments,
    };
    use crate::{
        payment::judgement::Rules,
        store::{StoreError, Transaction},
    };

    pub(crate) fn success() -> Codes {
        Codes::one(SUCCESS)
    }

    pub(crate) async fn numbers(
        transaction: &mut dyn Transaction,
        response: &BillResponse,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rules = Rules::default();
        bills::take(transaction, response, &rules, now)
            .await
            .map(drop)
    }

    pub(crate) async fn payments(
        transaction: &mut dyn Transaction,
        notice: &PaymentNotice,
        sp_code: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        payments::take(transaction, notice, &Rules::of(sp_code), now)
            .await
            .map(drop)
    }
}
