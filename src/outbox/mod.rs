//! The outbox: durable work, claimed with a lease, run, tried again, given up where a person can see.
//!
//! 1. Whoever owes work writes a job in the transaction of what it belongs to and rings the bell.
//! 2. [`Outbox::run`] claims what is due and has [`Effects`] run it until it is told to stop. A lease
//!    is short and renewed while its job runs, so that the work of a process that died is soon
//!    another's.
//!
//! Left out: what the jobs do (`effect`).

use std::{collections::HashMap, convert::Infallible, sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde::Deserialize;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::{
    effect::{Effects, Ran},
    model::{Chance, Clock},
    store::{Job, JobKind, Store, StoreError},
};

/// How the outbox works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many jobs of one kind run at one time. Each kind has its own room, so that a scheme that
    /// is slow to answer keeps no SMS and no payment waiting.
    pub at_once: usize,
    /// For how many seconds a job is leased, from its claim and from each renewal. So long its caller
    /// waits where a process died.
    pub lease_seconds: u32,
    /// How many milliseconds it rests when nothing is due and nobody rings.
    pub rest_millis: u64,
    /// For how many seconds what runs is waited for at the end. What is cut off then is claimed again
    /// when its lease is over.
    pub grace_seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            at_once: 8,
            lease_seconds: 15,
            rest_millis: 500,
            grace_seconds: 8,
        }
    }
}

/// Works on what is due.
#[derive(Clone, Debug)]
pub struct Outbox {
    store: Arc<dyn Store>,
    effects: Arc<Effects>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    bell: Arc<Notify>,
    options: Options,
}

/// What an outbox works with.
#[derive(Debug)]
pub struct World {
    /// Where the jobs are.
    pub store: Arc<dyn Store>,
    /// Does them.
    pub effects: Arc<Effects>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Scatters what is tried again.
    pub chance: Arc<dyn Chance>,
    /// Wakes it.
    pub bell: Arc<Notify>,
}

impl Outbox {
    /// An outbox in `world`.
    pub fn new(world: World, options: Options) -> Self {
        let World {
            store,
            effects,
            clock,
            chance,
            bell,
        } = world;
        Self {
            store,
            effects,
            clock,
            chance,
            bell,
            options,
        }
    }

    /// Works until `stop` turns true; what runs then has a grace to end.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = Running::default();
        while !*stop.borrow() {
            self.give_up_overdue().await;
            let claimed = self.claim(&running).await;
            if !claimed.is_empty() {
                for job in claimed {
                    running.begin(self.clone(), job);
                }
                // There may be more; and what runs now must not keep the rest from being looked for.
                continue;
            }
            // Looked at in their order: what is replayed must take the same way.
            tokio::select! {
                biased;
                _ = stop.changed() => {}
                () = running.next_end(), if !running.is_empty() => {}
                () = self.bell.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(self.options.rest_millis)) => {}
            }
        }
        let grace = Duration::from_secs(self.options.grace_seconds);
        if tokio::time::timeout(grace, running.all_ended())
            .await
            .is_err()
        {
            tracing::warn!(
                "jobs that still ran are cut off; they run again when their lease is over"
            );
        }
    }

    /// Claims what is due of each kind, as far as it has room.
    async fn claim(&self, running: &Running) -> Vec<Job> {
        let claimed = async {
            let mut transaction = self.store.write().await?;
            let lease = self.lease();
            let mut jobs = Vec::new();
            for kind in JobKind::ALL {
                let room = self.options.at_once.saturating_sub(running.of(kind));
                let room = u32::try_from(room).unwrap_or(u32::MAX);
                let now = self.clock.now();
                jobs.extend(transaction.jobs().claim(kind, now, room, lease).await?);
            }
            transaction.commit().await?;
            Ok::<_, StoreError>(jobs)
        };
        claimed.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the outbox could not claim its work");
            Vec::new()
        })
    }

    /// Gives up what is past its time, where a person can see it.
    async fn give_up_overdue(&self) {
        let given_up = async {
            let mut transaction = self.store.write().await?;
            let overdue = transaction.jobs().give_up_overdue(self.clock.now()).await?;
            for (kind, subject) in &overdue {
                self.effects
                    .given_up(&mut *transaction, *kind, subject)
                    .await?;
            }
            transaction.commit().await?;
            Ok::<_, StoreError>(overdue)
        };
        match given_up.await {
            Ok(overdue) => {
                for (kind, subject) in overdue {
                    let kind = kind.as_str();
                    tracing::error!(
                        kind,
                        subject,
                        "a job was given up, its time was over: a person must look"
                    );
                }
            }
            Err(error) => tracing::error!(%error, "overdue jobs could not be given up"),
        }
    }

    async fn work(&self, job: Job) {
        let ran = tokio::select! {
            biased;
            ran = self.effects.run(&job) => ran,
            never = self.hold(&job) => match never {},
        };
        if let Err(error) = self.settle(&job, ran).await {
            tracing::error!(job = job.id, %error, "a job's end could not be written; it runs again after its lease");
        }
    }

    /// Renews the job's lease for as long as it is not dropped.
    async fn hold(&self, job: &Job) -> Infallible {
        loop {
            tokio::time::sleep(self.lease().to_std().unwrap_or_default() / 3).await;
            if let Err(error) = self.renew(job).await {
                tracing::warn!(job = job.id, %error, "a job's lease could not be renewed; it may run twice");
            }
        }
    }

    async fn renew(&self, job: &Job) -> Result<(), StoreError> {
        let until = self.clock.now() + self.lease();
        let mut transaction = self.store.write().await?;
        transaction.jobs().renew(job, until).await?;
        transaction.commit().await
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::seconds(self.options.lease_seconds.into())
    }

    async fn settle(
        &self,
        job: &Job,
        ran: Result<Ran, crate::effect::Failed>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let kind = job.kind.as_str();
        let mut transaction = self.store.write().await?;
        match ran {
            Ok(Ran::Done) => transaction.jobs().done(job).await?,
            Ok(Ran::Later { why, after }) => {
                let run_at = now + TimeDelta::from_std(after).unwrap_or_default();
                transaction.jobs().wait(job, run_at, &why).await?;
            }
            Err(failed) if failed.retry => {
                tracing::warn!(
                    job = job.id,
                    kind,
                    why = failed.why,
                    attempts = job.attempts,
                    "a job failed and is tried again"
                );
                let run_at = now + pause(job.attempts, &*self.chance);
                transaction.jobs().retry(job, run_at, &failed.why).await?;
            }
            Err(failed) => {
                tracing::error!(
                    job = job.id,
                    kind,
                    why = failed.why,
                    "a job was given up: a person must look"
                );
                transaction.jobs().give_up(job, &failed.why, now).await?;
            }
        }
        transaction.commit().await
    }
}

/// The jobs that run.
#[derive(Debug, Default)]
struct Running {
    tasks: JoinSet<JobKind>,
    kinds: HashMap<JobKind, usize>,
}

impl Running {
    fn begin(&mut self, outbox: Outbox, job: Job) {
        *self.kinds.entry(job.kind).or_default() += 1;
        self.tasks.spawn(async move {
            let kind = job.kind;
            // A task of its own, so that its panic is told here as its end.
            let worked = tokio::spawn(async move { outbox.work(job).await });
            if let Err(error) = worked.await {
                tracing::error!(kind = kind.as_str(), %error, "a job ended in disorder; it runs again when its lease is over");
            }
            kind
        });
    }

    fn of(&self, kind: JobKind) -> usize {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    async fn next_end(&mut self) {
        if let Some(Ok(kind)) = self.tasks.join_next().await
            && let Some(running) = self.kinds.get_mut(&kind)
        {
            *running = running.saturating_sub(1);
        }
    }

    async fn all_ended(&mut self) {
        while !self.is_empty() {
            self.next_end().await;
        }
    }
}

/// How long to wait before the next attempt: from one second, doubled each time, to an hour, less up
/// to a quarter by chance so that many that failed together do not come back together.
fn pause(attempts: u32, chance: &dyn Chance) -> TimeDelta {
    let seconds = 2_i64
        .saturating_pow(attempts.saturating_sub(1).min(12))
        .min(3600);
    let millis = seconds * 1000;
    let quarter = u64::try_from(millis / 4).unwrap_or_default();
    let less = chance.draw() % u128::from(quarter + 1);
    TimeDelta::milliseconds(millis - i64::try_from(less).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SystemChance;

    #[test]
    fn pauses_double_up_to_an_hour_and_are_scattered() {
        for attempts in 1..40 {
            let longest = 2_i64.saturating_pow(attempts - 1).min(3600) * 1000;
            let pause = pause(attempts, &SystemChance).num_milliseconds();
            assert!(
                (longest * 3 / 4..=longest).contains(&pause),
                "{attempts}: {pause}"
            );
        }
    }
}
