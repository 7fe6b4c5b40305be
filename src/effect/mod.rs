//! Effects: what a dialogue asks of the world, run once, and told to the caller in time or late.
//!
//! 1. [`Effects::ask`] runs one effect within a turn's deadline and gives its outcome. What can be
//!    late is a row before it runs, under its key; whoever writes the row runs it, everyone else
//!    waits for its outcome; what is not ready by the deadline is promised.
//! 2. [`Effects::told`] ends an effect whose outcome the caller has seen. One that nobody saw, because
//!    it was late or a process died, is told by [`Effects::run`], which the outbox calls.
//! 3. [`Effects::greeting`] is what a dialogue knows of its caller when it begins.
//!
//! To add an operation: its arm in `call`, and what it asks in `enquiry` or `billing`.
//!
//! Left out: when to ask (`dialogue`), and when to try again (`outbox`).

mod answer;
mod billing;
mod call;
mod codec;
mod enquiry;
mod job;
mod late;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};

pub use job::{Failed, Ran};

use crate::{
    catalogue::Catalogue,
    dialogue::{Effect, Greeting, Outcome, State, Waiting},
    menu::{Operation, OutcomeName, Value},
    model::{Clock, EffectKey, Language, MemberNumber, Msisdn},
    payment::{Billing, Wake},
    scheme::Scheme,
    sms::{Outgoing, Sms},
    store::{Intended, Intent, JobKind, NewJob, Priority, Promised, Store, StoreError, StoredEffect},
};

/// How long answers are of use, and how much a phone may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many different numbers a phone may ask for in a day, its own member's aside. One in ten
    /// random nine-digit numbers is valid, so this is what keeps a phone from reading the register.
    pub numbers_a_day: u32,
    /// For how many hours a late answer is worked on and kept for a redial.
    pub answer_hours: u32,
    /// For how many seconds the outbox waits for one answer.
    pub patience_seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            numbers_a_day: 10,
            answer_hours: 24,
            patience_seconds: 30,
        }
    }
}

/// What effects are run with.
#[derive(Debug)]
pub struct World {
    /// Where what must last is written.
    pub store: Arc<dyn Store>,
    /// Who is a member, with which cover.
    pub scheme: Arc<dyn Scheme>,
    /// Makes and submits bills.
    pub billing: Arc<Billing>,
    /// Menus, for the texts of late answers.
    pub catalogue: Arc<Catalogue>,
    /// Queues SMS.
    pub sms: Sms,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Woken when there is news or work.
    pub wake: Wake,
}

/// Runs effects.
#[derive(Debug)]
pub struct Effects {
    world: World,
    options: Options,
}

/// One effect, as a turn asks it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its key.
    pub key: EffectKey,
    /// The caller.
    pub phone: &'a Msisdn,
    /// The gateway she dialled through.
    pub gateway: &'a str,
    /// The edition of the menus that the dialogue steps through.
    pub edition: &'a str,
    /// What is asked.
    pub effect: &'a Effect,
    /// The state that asks it.
    pub state: &'a State,
}

/// Who asks a call, whichever way it came.
#[derive(Clone, Copy, Debug)]
struct Asker<'a> {
    phone: &'a Msisdn,
    language: Language,
}

/// No outcome: an error to try again, or something that is still to come. In few words.
#[derive(Debug)]
struct Pending(String);

impl<E: std::error::Error> From<E> for Pending {
    fn from(error: E) -> Self {
        let causes = std::iter::successors(error.source(), |cause| cause.source());
        let sentence = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
        Self(sentence)
    }
}

impl Effects {
    /// Effects in `world`.
    pub fn new(world: World, options: Options) -> Self {
        Self { world, options }
    }

    /// Runs an effect, or waits for whoever runs it, until `deadline`; then what can be late is
    /// promised and its outcome is `slow`, and all else is `down` or failed.
    pub async fn ask(&self, asked: &Asked<'_>, deadline: Instant) -> Outcome {
        match asked.effect {
            Effect::Call {
                operation,
                arguments,
            } if operation.signature().late => {
                self.ask_late(asked, *operation, arguments, deadline).await
            }
            Effect::Call {
                operation,
                arguments,
            } => self.ask_now(asked, *operation, arguments, deadline).await,
            Effect::RememberLanguage(language) => {
                done_or_failed("remember the language", self.remember(asked.phone, *language).await)
            }
            Effect::SendSms(text) => done_or_failed("queue an SMS", self.promise_sms(asked, text).await),
            Effect::OpenAnswer(typed) => match self.open_answer(asked, typed.as_deref()).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    tracing::error!(key = %asked.key, %error, "a late answer could not be opened");
                    Outcome::Failed
                }
            },
        }
    }

    /// What is known of a caller when her dialogue begins. Where the store is down it is nothing:
    /// she can still be served.
    pub async fn greeting(&self, phone: &Msisdn, deadline: Instant) -> Greeting {
        match timeout_at(deadline, self.known(phone)).await {
            Ok(Ok(greeting)) => greeting,
            Ok(Err(error)) => {
                tracing::error!(%error, "a caller could not be looked up; she is greeted as new");
                Greeting::default()
            }
            Err(_) => Greeting::default(),
        }
    }

    /// The caller has been shown the outcome of this effect: nobody needs to tell her by SMS.
    pub async fn told(&self, key: EffectKey) {
        let forgotten = async {
            let mut transaction = self.world.store.write().await?;
            transaction
                .jobs()
                .cancel(JobKind::FinishEffect, &key.to_string(), self.world.clock.now())
                .await?;
            transaction.commit().await
        };
        if let Err(error) = forgotten.await {
            tracing::warn!(%key, %error, "an outcome that was shown will be sent by SMS as well");
        }
    }

    async fn known(&self, phone: &Msisdn) -> Result<Greeting, StoreError> {
        let (language, waiting) = {
            let mut transaction = self.world.store.read().await?;
            let language = transaction.callers().language(phone).await?;
            let now = self.world.clock.now();
            (language, transaction.effects().waiting(phone, now).await?)
        };
        let waiting = match waiting {
            Some(answer) => Some(self.how_to_open(phone, answer.about).await),
            None => None,
        };
        Ok(Greeting { language, waiting })
    }

    async fn how_to_open(&self, phone: &Msisdn, about: Option<MemberNumber>) -> Waiting {
        let linked = self.world.scheme.member_of_phone(phone).await.ok().flatten();
        if about.is_none() || about == linked {
            Waiting::AtOnce
        } else {
            Waiting::WithLastFour
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
        let asker = asked.asker();
        match timeout_at(deadline, self.call(asker, operation, arguments)).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(Pending(why))) => {
                tracing::warn!(key = %asked.key, call = operation.signature().name, why, "a call failed");
                bare(OutcomeName::Down)
            }
            Err(_) => {
                tracing::warn!(key = %asked.key, call = operation.signature().name, "a call was not answered in time");
                bare(OutcomeName::Down)
            }
        }
    }

    /// A call that may be late: a row first, then whoever wrote it runs it.
    async fn ask_late(
        &self,
        asked: &Asked<'_>,
        operation: Operation,
        arguments: &[Value],
        deadline: Instant,
    ) -> Outcome {
        let intended = match self.intend(asked, deadline).await {
            Ok(intended) => intended,
            Err(error) => {
                tracing::error!(key = %asked.key, %error, "a call was not made: its intent could not be written");
                return bare(OutcomeName::Down);
            }
        };
        let ran = match intended {
            Intended::Ours => {
                let call = self.call(asked.asker(), operation, arguments);
                timeout_at(deadline, call).await.ok()
            }
            Intended::Theirs(stored) => {
                let outcome = timeout_at(deadline, self.outcome_of(*stored)).await.ok();
                return match outcome {
                    Some(outcome) => outcome,
                    None => self.promise(asked.key).await,
                };
            }
        };
        match ran {
            Some(Ok(outcome)) => self.finish(asked.key, outcome).await,
            Some(Err(Pending(why))) => {
                tracing::warn!(key = %asked.key, call = operation.signature().name, why, "a call failed");
                self.finish(asked.key, bare(OutcomeName::Down)).await
            }
            None => self.promise(asked.key).await,
        }
    }

    async fn intend(
        &self,
        asked: &Asked<'_>,
        deadline: Instant,
    ) -> Result<Intended, Box<dyn std::error::Error + Send + Sync>> {
        let now = self.world.clock.now();
        let intent = asked.intent(now, now + TimeDelta::hours(self.options.answer_hours.into()))?;
        let mut transaction = self.world.store.write().await?;
        let intended = transaction.effects().intend(&intent).await?;
        let left = deadline.saturating_duration_since(Instant::now()) + GRACE;
        let job = NewJob {
            kind: JobKind::FinishEffect,
            subject: asked.key.to_string(),
            run_at: now + TimeDelta::from_std(left).unwrap_or_default(),
            not_after: intent.not_after,
            priority: Priority::Urgent,
        };
        if matches!(intended, Intended::Ours) {
            transaction.jobs().add(&job).await?;
        }
        transaction.commit().await?;
        Ok(intended)
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

    async fn stored(&self, key: EffectKey) -> Result<Option<StoredEffect>, StoreError> {
        let mut transaction = self.world.store.read().await?;
        transaction.effects().get(key).await
    }

    /// Writes the outcome; what stands in the row is what the caller is told, whoever wrote it.
    async fn finish(&self, key: EffectKey, outcome: Outcome) -> Outcome {
        let written = async {
            let mut transaction = self.world.store.write().await?;
            let now = self.world.clock.now();
            let bytes = codec::encode(&outcome);
            let stored = transaction.effects().finish(key, &bytes, now).await?;
            transaction.commit().await?;
            Ok::<_, StoreError>(stored)
        };
        match written.await {
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
        let outcome = match promised.await {
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
        transaction.callers().remember_language(phone, language, now).await?;
        transaction.commit().await
    }

    async fn promise_sms(&self, asked: &Asked<'_>, text: &str) -> Result<(), StoreError> {
        let outgoing = Outgoing {
            key: format!("screen {}", asked.key),
            to: asked.phone.clone(),
            text: text.to_owned(),
            useful: TimeDelta::hours(self.options.answer_hours.into()),
        };
        let mut transaction = self.world.store.write().await?;
        self.world.sms.queue(&mut *transaction, &outgoing).await?;
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(())
    }
}

/// How long after its turn's deadline an effect that nobody has told of is taken to be abandoned.
const GRACE: Duration = Duration::from_secs(3);
/// How often someone who waits for another's effect looks.
const POLL: Duration = Duration::from_millis(50);

impl<'a> Asked<'a> {
    fn asker(&self) -> Asker<'a> {
        Asker {
            phone: self.phone,
            language: self.state.language(),
        }
    }

    fn intent(
        &self,
        now: chrono::DateTime<chrono::Utc>,
        not_after: chrono::DateTime<chrono::Utc>,
    ) -> Result<Intent, StoreError> {
        Ok(Intent {
            key: self.key,
            phone: self.phone.clone(),
            gateway: self.gateway.to_owned(),
            edition: self.edition.to_owned(),
            about: call::about(self.effect),
            effect: codec::encode(self.effect),
            state: codec::encode(self.state),
            asked_at: now,
            not_after,
        })
    }
}

/// An outcome that gives nothing.
fn bare(name: OutcomeName) -> Outcome {
    Outcome::Call { name, value: None }
}

/// An outcome that gives a value.
fn giving(name: OutcomeName, value: Value) -> Outcome {
    Outcome::Call {
        name,
        value: Some(value),
    }
}

fn done_or_failed(tried: &str, result: Result<(), StoreError>) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(error) => {
            tracing::error!(%error, "could not {tried}");
            Outcome::Failed
        }
    }
}
