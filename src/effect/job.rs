use std::time::Duration;

use super::Effects;
use crate::{
    model::EffectKey,
    payment::{Progress, Reconciling},
    scheme::SchemeError,
    sms::Unsent,
    store::{JobKind, MessageState, StoreError, Transaction},
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
    /// Tell the scheme of the payment with this id, or of the bill that credit paid.
    TellScheme(&'a str),
    /// Tell who was given a bill of the payment with this id, which did not settle it.
    TellPayer(&'a str),
    /// Have the bill with this id cancelled.
    CancelBill(&'a str),
    /// Ask the gateway for the payments of a day.
    Reconcile(&'a str),
    /// Send the message with this id.
    Send(i64),
    /// Read what has changed at the scheme of this name.
    Follow(&'a str),
    /// File the complaint with this number at its scheme.
    FileComplaint(i64),
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

impl Effects {
    /// Runs one job of the outbox that belongs to a dialogue. Running it again after a crash changes
    /// nothing twice.
    pub async fn run(&self, work: Work<'_>) -> Result<Ran, Failed> {
        match work {
            Work::Finish { key, attempts } => self.finish_late(key, attempts).await,
            Work::Follow(scheme) => self.follow(scheme).await,
            Work::FileComplaint(number) => self.file_complaint(number).await,
            Work::SubmitBill(id) => ran(id, self.world.billing.submit(id).await?),
            Work::TellScheme(paid) => self.tell_scheme(paid).await,
            Work::TellPayer(payment) => self.tell_payer(payment).await,
            Work::CancelBill(id) => ran(id, self.world.billing.cancel(id).await?),
            Work::Reconcile(subject) => self.reconcile(subject).await,
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
                | JobKind::Retention
                | JobKind::FollowScheme
                | JobKind::FileComplaint
                | JobKind::TellPayer
                | JobKind::CancelBill
                | JobKind::Reconcile,
                _,
            ) => Ok(()),
        }
    }
}

/// What is left to do of a bill's submission or cancellation.
fn ran(bill: &str, progress: Progress) -> Result<Ran, Failed> {
    match progress {
        Progress::Over => Ok(Ran::Done),
        Progress::Awaited(after) => Ok(Ran::Later {
            why: "its control number is to come".to_owned(),
            after,
        }),
        Progress::Unanswered(why) => Err(Failed::for_now(why)),
        Progress::Halted(why) => {
            tracing::error!(
                bill,
                why,
                "the payment gateway refuses our settings: bills wait until a person has acted"
            );
            Err(Failed::for_now(why))
        }
    }
}

impl Effects {
    /// A day on which all days of the week before are asked for, or one of those.
    async fn reconcile(&self, subject: &str) -> Result<Ran, Failed> {
        let billing = &self.world.billing;
        if let Ok(today) = subject.parse() {
            billing.plan_reconciliations(today).await?;
            self.world.wake.outbox.notify_one();
            return Ok(Ran::Done);
        }
        let random = self.world.chance.draw();
        match billing.reconcile(subject, random).await? {
            Reconciling::Over => Ok(Ran::Done),
            Reconciling::Later { why, after } => Ok(Ran::Later { why, after }),
            Reconciling::Failed(why) => Err(Failed::for_now(why)),
            Reconciling::Refused(why) => Err(Failed::for_good(why)),
        }
    }
}
