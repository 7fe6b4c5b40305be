use std::sync::Arc;

use async_trait::async_trait;

use super::Work;
use crate::{
    effect::{self, Effects, Failed, Ran},
    model::EffectKey,
    retention::Retention,
    store::{Job, JobKind, StoreError, Transaction},
};

/// Who does which work.
#[derive(Clone, Debug)]
pub struct Duties {
    /// What dialogues ask, bills, payments and SMS.
    pub effects: Arc<Effects>,
    /// What was kept long enough.
    pub retention: Retention,
}

#[async_trait]
impl Work for Duties {
    async fn run(&self, job: &Job) -> Result<Ran, Failed> {
        let work = match job.kind {
            JobKind::FinishEffect => {
                let key = EffectKey::parse(&job.subject);
                let key = key.ok_or_else(|| Failed::for_good("its subject is no effect's key"))?;
                let attempts = job.attempts;
                effect::Work::Finish { key, attempts }
            }
            JobKind::SubmitBill => effect::Work::SubmitBill(&job.subject),
            JobKind::TellScheme => effect::Work::TellScheme(&job.subject),
            JobKind::TellPayer => effect::Work::TellPayer(&job.subject),
            JobKind::CancelBill => effect::Work::CancelBill(&job.subject),
            JobKind::Reconcile => effect::Work::Reconcile(&job.subject),
            JobKind::SendMessage => {
                let id = job.subject.parse();
                let id = id.map_err(|_| Failed::for_good("its subject is no message's id"))?;
                effect::Work::Send(id)
            }
            JobKind::FollowScheme => effect::Work::Follow(&job.subject),
            JobKind::FileComplaint => {
                let number = job.subject.parse();
                let number =
                    number.map_err(|_| Failed::for_good("its subject is no complaint's number"))?;
                effect::Work::FileComplaint(number)
            }
            JobKind::Retention => {
                self.retention.run().await?;
                return Ok(Ran::Done);
            }
        };
        self.effects.run(work).await
    }

    async fn given_up(
        &self,
        transaction: &mut dyn Transaction,
        kind: JobKind,
        subject: &str,
    ) -> Result<(), StoreError> {
        self.effects.given_up(transaction, kind, subject).await
    }
}
