use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{Instant, timeout_at};

use super::{Asked, Effects, Pending, bare, call, codec, done_or_failed, failed};
use crate::{
    dialogue::{Effect, Outcome},
    menu::{Operation, OutcomeName, Value},
    model::{EffectKey, Language, Msisdn},
    sms::Outgoing,
    store::{Intended, JobKind, NewJob, Priority, Promised, StoreError, StoredEffect},
};

/// How long after its turn's deadline an effect that nobody has told of is taken to be abandoned.
const GRACE: Duration = Duration::from_secs(3);
/// What writing an outcome or a promise may take of the time that a turn keeps for its end.
const SPARE: Duration = Duration::from_millis(150);
/// How often someone who waits for another's effect looks.
const POLL: Duration = Duration::from_millis(50);

impl Effects {
    /// Runs an effect, or waits for whoever runs it, until `deadline`; then what can be late is
    /// promised and its outcome is `slow`, and all else is `down` or failed.
    pub async fn ask(&self, asked: &Asked<'_>, deadline: Instant) -> Outcome {
        match asked.effect {
            Effect::Call {
                operation,
                late: true,
                arguments,
            } => self.ask_late(asked, *operation, arguments, deadline).await,
            Effect::Call {
                operation,
                late: false,
                arguments,
            } => self.ask_now(asked, *operation, arguments, deadline).await,
            Effect::RememberLanguage(language) => {
                let remembered = within(deadline, self.remember(asked.phone, *language)).await;
                done_or_failed("remember the language", remembered)
            }
            Effect::SendSms(text) => {
                let queued = within(deadline, self.promise_sms(asked, text)).await;
                done_or_failed("queue an SMS", queued)
            }
            Effect::OpenAnswer(typed) => {
                let opened = within(deadline, self.open_answer(asked, typed.as_deref())).await;
                opened.unwrap_or_else(|error| {
                    tracing::error!(key = %asked.key, %error, "a late answer could not be opened");
                    Outcome::Failed
                })
            }
        }
    }

    /// The caller has been shown a page after these effects: nobody needs to tell her of their
    /// outcomes by SMS, those that were promised aside. With each the outcome that the page came of,
    /// where it is known; one that ended otherwise is still owed to her.
    pub async fn told(&self, shown: &[(EffectKey, Option<Outcome>)]) {
        let forgotten = async {
            let mut transaction = self.world.store.write().await?;
            let now = self.world.clock.now();
            for (key, outcome) in shown {
                let stored = transaction.effects().get(*key).await?;
                if stored.is_some_and(|stored| is_as_shown(&stored, outcome.as_ref())) {
                    let subject = key.to_string();
                    let kind = JobKind::FinishEffect;
                    transaction.jobs().cancel(kind, &subject, now).await?;
                }
            }
            transaction.commit().await
        };
        if let Err(error) = forgotten.await {
            tracing::warn!(%error, "an outcome that was shown will be sent by SMS as well");
        }
    }

    /// A call that only reads: no row, and after the deadline it is `down`.
    async fn ask_now(
        &self,
        asked: &Asked<'_>,
        operation: Operation,
        arguments: &[Value],
        deadline: Instant,
    ) -> Outcome {
        let call = self.call(asked.asker(), operation, arguments);
        let late = |_| Err(Pending::Failed("no answer in time".to_owned()));
        let called = timeout_at(deadline, call).await.unwrap_or_else(late);
        called.unwrap_or_else(|pending| failed(asked, &pending))
    }

    /// A call that may be late: a row first, then whoever wrote it runs it.
    async fn ask_late(
        &self,
        asked: &Asked<'_>,
        operation: Operation,
        arguments: &[Value],
        deadline: Instant,
    ) -> Outcome {
        // Also who comes at the deadline is told truly whether it runs already.
        let until = deadline.max(Instant::now() + SPARE);
        match within(until, self.intend(asked, deadline)).await {
            Ok(Intended::Ours) => {
                let call = self.call(asked.asker(), operation, arguments);
                match timeout_at(deadline, call).await {
                    Ok(called) => {
                        let outcome = called.unwrap_or_else(|pending| failed(asked, &pending));
                        self.finish(asked.key, outcome, deadline).await
                    }
                    Err(_) => self.promise(asked.key).await,
                }
            }
            Ok(Intended::Theirs(stored)) => {
                match timeout_at(deadline, self.outcome_of(*stored)).await {
                    Ok(outcome) => outcome,
                    Err(_) => self.promise(asked.key).await,
                }
            }
            Err(error) => {
                tracing::error!(key = %asked.key, %error, "a call was not made: its intent could not be written");
                bare(OutcomeName::Down)
            }
        }
    }

    /// Writes the intent. Where the database did not say whether it kept it, it is written again, and
    /// that is an answer: if the first was kept, or is being kept still, its row is found and joined,
    /// so that the effect does not run twice; if not, the second counts.
    async fn intend(&self, asked: &Asked<'_>, deadline: Instant) -> Result<Intended, StoreError> {
        let mut in_doubt = false;
        loop {
            match self.write_intent(asked, deadline).await {
                Err(error @ StoreError::Unknown { .. }) => {
                    tracing::warn!(key = %asked.key, %error, "an intent may not be there; it is written again");
                    in_doubt = true;
                }
                Err(error) if in_doubt && error.may_pass() => {}
                written => return written,
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn write_intent(
        &self,
        asked: &Asked<'_>,
        deadline: Instant,
    ) -> Result<Intended, StoreError> {
        let now = self.world.clock.now();
        let intent = asked.intent(now, now + self.options.answers_live());
        let mut transaction = self.world.store.write().await?;
        let intended = transaction.effects().intend(&intent).await?;
        let left = deadline.saturating_duration_since(Instant::now()) + GRACE;
        let job = NewJob {
            kind: JobKind::FinishEffect,
            subject: asked.key.to_string(),
            route: self.route_of(asked),
            run_at: now + TimeDelta::from_std(left).unwrap_or_default(),
            // Past its time the job is to tell her so, not to be given up.
            not_after: intent.not_after + TimeDelta::hours(1),
            priority: Priority::Urgent,
        };
        if matches!(intended, Intended::Ours) {
            transaction.jobs().add(&job).await?;
        }
        transaction.commit().await?;
        Ok(intended)
    }

    /// The way that finishing the effect goes: where it asks a scheme, that one's, so that one which
    /// hangs holds up no other's answers.
    fn route_of(&self, asked: &Asked<'_>) -> String {
        let Effect::Call { operation, .. } = asked.effect else {
            return JobKind::FinishEffect.route();
        };
        match operation {
            Operation::SchemeCover | Operation::SchemeQuote | Operation::PaymentBill => {
                let set = &asked.menus.set;
                self.world.schemes.route(set, call::about(asked.effect))
            }
            Operation::CallerMember
            | Operation::PaymentBills
            | Operation::PaymentLast
            | Operation::PaymentFind
            | Operation::SchemeComplaint
            | Operation::Declared(_) => JobKind::FinishEffect.route(),
        }
    }

    /// Waits until someone else has ended the effect.
    async fn outcome_of(&self, mut stored: StoredEffect) -> Outcome {
        loop {
            if stored.promised {
                return bare(OutcomeName::Slow);
            }
            if let Some(bytes) = &stored.outcome {
                return codec::outcome(bytes);
            }
            tokio::time::sleep(POLL).await;
            match self.stored(stored.intent.key).await {
                Ok(Some(newer)) => stored = newer,
                Ok(None) => return bare(OutcomeName::Down),
                Err(error) => {
                    tracing::warn!(key = %stored.intent.key, %error, "an effect could not be watched");
                }
            }
        }
    }

    pub(super) async fn stored(&self, key: EffectKey) -> Result<Option<StoredEffect>, StoreError> {
        let mut transaction = self.world.store.read().await?;
        transaction.effects().get(key).await
    }

    /// Writes the outcome; what stands in the row is what the caller is told, whoever wrote it. Where
    /// that is not known in time it is promised, and the row's job keeps the promise.
    async fn finish(&self, key: EffectKey, outcome: Outcome, deadline: Instant) -> Outcome {
        let written = async {
            let mut transaction = self.world.store.write().await?;
            let now = self.world.clock.now();
            let bytes = codec::encode(&outcome);
            let stored = transaction.effects().finish(key, &bytes, now).await?;
            transaction.commit().await?;
            Ok::<_, StoreError>(stored)
        };
        let until = deadline.max(Instant::now() + SPARE);
        match within(until, written).await {
            Ok(Some(stored)) if stored.promised => bare(OutcomeName::Slow),
            Ok(Some(stored)) => stored.outcome.as_deref().map_or(outcome, codec::outcome),
            Ok(None) => outcome,
            Err(error) => {
                tracing::error!(%key, %error, "an outcome could not be written; it is promised by SMS");
                bare(OutcomeName::Slow)
            }
        }
    }

    /// Promises the answer by SMS, and has the outbox work on it at once. The row and its job are
    /// there, so the promise holds even if this fails.
    async fn promise(&self, key: EffectKey) -> Outcome {
        let promised = async {
            let mut transaction = self.world.store.write().await?;
            let now = self.world.clock.now();
            let promised = transaction.effects().promise(key, now).await?;
            transaction
                .jobs()
                .wake(JobKind::FinishEffect, &key.to_string(), now)
                .await?;
            transaction.commit().await?;
            Ok::<_, StoreError>(promised)
        };
        let outcome = match within(Instant::now() + SPARE, promised).await {
            Ok(Promised::Ended(bytes)) => codec::outcome(&bytes),
            Ok(Promised::Yes) => bare(OutcomeName::Slow),
            Err(error) => {
                tracing::error!(%key, %error, "a promise could not be noted; the outbox keeps it");
                bare(OutcomeName::Slow)
            }
        };
        self.world.wake.outbox.notify_one();
        outcome
    }

    async fn remember(&self, phone: &Msisdn, language: Language) -> Result<(), StoreError> {
        let mut transaction = self.world.store.write().await?;
        let now = self.world.clock.now();
        transaction
            .callers()
            .remember_language(phone, language, now)
            .await?;
        transaction.commit().await
    }

    async fn promise_sms(&self, asked: &Asked<'_>, text: &str) -> Result<(), StoreError> {
        let outgoing = Outgoing {
            key: format!("screen {}", asked.key),
            to: asked.phone.clone(),
            text: text.to_owned(),
            useful: self.options.answers_live(),
        };
        let mut transaction = self.world.store.write().await?;
        self.world.sms.queue(&mut *transaction, &outgoing).await?;
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(())
    }
}

/// Whether an effect has ended as its caller was shown. One that has no outcome yet, that was promised,
/// or that another copy of her turn ended otherwise, is still owed to her.
fn is_as_shown(stored: &StoredEffect, shown: Option<&Outcome>) -> bool {
    let ended = stored.outcome.as_deref().map(codec::outcome);
    let same = ended.is_some_and(|ended| shown.is_none_or(|shown| *shown == ended));
    same && !stored.promised
}

/// The store did not do what was asked in the time that the turn has.
#[derive(Debug, thiserror::Error)]
pub(super) enum Missed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the database took longer than the turn has")]
    Late,
}

async fn within<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, Missed> {
    match timeout_at(deadline, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Missed::Late),
    }
}
