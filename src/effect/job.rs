use std::time::Duration;

use chrono::TimeDelta;

use super::{
    Effects,
    enquiry::{first_name, initial},
};
use crate::{
    model::{EffectKey, local_day},
    payment::{
        Progress,
        bill::{self, BillEvent},
    },
    scheme::{Cover, Premium, SchemeError},
    sms::{Named, Notice, Outgoing, Unsent},
    store::{Bill, JobKind, MessageState, Payment, PaymentState, StoreError, Transaction},
};

/// How a job ended that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    /// It is done.
    Done,
    /// It goes well, and what it waits for is not there yet.
    Later {
        /// What it waits for, in few words.
        why: String,
        /// After how long to look again.
        after: Duration,
    },
}

/// The work of a job, its subject read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work<'a> {
    /// Finish the effect with this key.
    Finish {
        /// Its key.
        key: EffectKey,
        /// How often it was tried, this time included.
        attempts: u32,
    },
    /// Submit the bill with this id.
    SubmitBill(&'a str),
    /// Tell the scheme of the payment with this id.
    TellScheme(&'a str),
    /// Send the message with this id.
    Send(i64),
}

/// A job that failed.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Failed {
    /// What happened, for the operator.
    pub why: String,
    /// Whether trying again may help.
    pub retry: bool,
}

impl Failed {
    /// A failure that no repetition mends: a person must look.
    pub fn for_good(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            retry: false,
        }
    }

    /// A failure that may pass.
    pub fn for_now(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            retry: true,
        }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::for_now(error.to_string())
    }
}

impl From<SchemeError> for Failed {
    fn from(error: SchemeError) -> Self {
        match error {
            SchemeError::Unavailable { .. } | SchemeError::Busy { .. } => {
                Self::for_now(error.to_string())
            }
            SchemeError::Refused { .. } => Self::for_good(error.to_string()),
        }
    }
}

impl From<Unsent> for Failed {
    fn from(error: Unsent) -> Self {
        match error {
            Unsent::Store(error) => error.into(),
            Unsent::Route(error) if error.retry => Self::for_now(error.to_string()),
            Unsent::Route(error) => Self::for_good(error.to_string()),
        }
    }
}

/// How long a receipt is worth sending.
const RECEIPT_USEFUL: TimeDelta = TimeDelta::days(3);

impl Effects {
    /// Runs one job of the outbox that belongs to a dialogue. Running it again after a crash changes
    /// nothing twice.
    pub async fn run(&self, work: Work<'_>) -> Result<Ran, Failed> {
        match work {
            Work::Finish { key, attempts } => self.finish_late(key, attempts).await,
            Work::SubmitBill(id) => self.submit_bill(id).await,
            Work::TellScheme(payment) => self.tell_scheme(payment).await,
            Work::Send(id) => {
                self.world.sms.send(id).await?;
                Ok(Ran::Done)
            }
        }
    }

    /// A job whose time was over before it could be done: what it was about is told where it stands.
    pub async fn given_up(
        &self,
        transaction: &mut dyn Transaction,
        kind: JobKind,
        subject: &str,
    ) -> Result<(), StoreError> {
        match (kind, subject.parse()) {
            (JobKind::SendMessage, Ok(id)) => {
                let now = self.world.clock.now();
                let mut messages = transaction.messages();
                messages.advance(id, MessageState::Failed, now).await?;
                Ok(())
            }
            (
                JobKind::SendMessage
                | JobKind::FinishEffect
                | JobKind::SubmitBill
                | JobKind::TellScheme
                | JobKind::Retention,
                _,
            ) => Ok(()),
        }
    }

    async fn submit_bill(&self, id: &str) -> Result<Ran, Failed> {
        match self.world.billing.submit(id).await? {
            Progress::Over => Ok(Ran::Done),
            Progress::Awaited(after) => Ok(Ran::Later {
                why: "its control number is to come".to_owned(),
                after,
            }),
            Progress::Unanswered(why) => Err(Failed::for_now(why)),
            Progress::Halted(why) => {
                tracing::error!(
                    bill = id,
                    why,
                    "the payment gateway refuses our settings: bills wait until a person has acted"
                );
                Err(Failed::for_now(why))
            }
        }
    }

    /// A posted payment: its receipt to whoever was given the bill, the premium to the scheme, then the news of her
    /// cover.
    async fn tell_scheme(&self, payment: &str) -> Result<Ran, Failed> {
        let (payment, bill) = self.posted(payment).await?;
        if payment.state == PaymentState::Activated {
            return Ok(Ran::Done);
        }
        self.send_receipt(&payment, &bill).await?;
        let premium = Premium {
            member: bill.made.key.member,
            product: bill.made.key.product.clone(),
            amount: payment.recorded.paid,
            receipt: payment.recorded.reference.clone(),
            paid_on: local_day(payment.recorded.paid_at),
            from: bill.made.from,
            to: bill.made.to,
        };
        let name = &bill.made.key.scheme;
        let scheme = self.world.schemes.named(name).ok_or_else(|| {
            Failed::for_now(format!(
                "the settings have no scheme {name} any more, and this payment is for it"
            ))
        })?;
        let cover = scheme.record_payment(&premium).await?;
        self.activate(&payment, &bill, &cover).await?;
        Ok(Ran::Done)
    }

    async fn posted(&self, payment: &str) -> Result<(Payment, Bill), Failed> {
        let mut transaction = self.world.store.read().await?;
        let payment = transaction.payments().get(payment).await?;
        let payment = payment.ok_or_else(|| Failed::for_good("there is no such payment"))?;
        let bill = payment.recorded.bill.clone().unwrap_or_default();
        let bill = transaction.bills().get(&bill).await?;
        let bill = bill.ok_or_else(|| Failed::for_good("the payment has no bill"))?;
        if payment.state == PaymentState::Quarantined {
            return Err(Failed::for_good("the payment is quarantined"));
        }
        Ok((payment, bill))
    }

    async fn send_receipt(&self, payment: &Payment, bill: &Bill) -> Result<(), Failed> {
        let Some(number) = bill.number else {
            return Err(Failed::for_good("a paid bill has no control number"));
        };
        let notice = Notice::PaymentReceived {
            amount: payment.recorded.paid,
            number,
            receipt: payment.recorded.receipt.clone(),
            date: local_day(payment.recorded.paid_at),
        };
        let mut transaction = self.world.store.write().await?;
        self.tell_all(&mut *transaction, &notice, payment, bill)
            .await?;
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(())
    }

    async fn activate(&self, payment: &Payment, bill: &Bill, cover: &Cover) -> Result<(), Failed> {
        let notice = Notice::CoverActive {
            who: Named {
                first_name: first_name(&cover.first_name),
                initial: initial(&cover.last_name),
            },
            // What was bought, where cover goes on without a gap.
            from: cover.from.max(bill.made.from),
            to: cover.to,
        };
        let now = self.world.clock.now();
        let mut transaction = self.world.store.write().await?;
        transaction
            .payments()
            .activate(&payment.recorded.id, now)
            .await?;
        bill::advance(&mut *transaction, &bill.made.id, BillEvent::Told, now).await?;
        self.tell_all(&mut *transaction, &notice, payment, bill)
            .await?;
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(())
    }

    /// Queues the news for every phone that was given the bill. One event, one message a phone: the
    /// key is the payment and the kind.
    async fn tell_all(
        &self,
        transaction: &mut dyn Transaction,
        notice: &Notice,
        payment: &Payment,
        bill: &Bill,
    ) -> Result<(), StoreError> {
        let edition = self.world.catalogue.current();
        let shares = transaction.bills().shares(&bill.made.id).await?;
        for share in shares {
            let menus = edition.set(&share.set);
            let text = menus.and_then(|menus| notice.text(menus, share.language));
            let Some(text) = text else {
                tracing::error!(
                    bill = bill.made.id,
                    set = share.set,
                    "a payment is not told by SMS: the menu set that it was asked in has no text for it any more"
                );
                continue;
            };
            let outgoing = Outgoing {
                key: format!("{} {}", notice.kind().name(), payment.recorded.id),
                to: share.phone,
                text,
                useful: RECEIPT_USEFUL,
            };
            self.world.sms.queue(transaction, &outgoing).await?;
        }
        Ok(())
    }
}
