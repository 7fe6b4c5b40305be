//! The outbox: durable work, claimed with a lease, run, tried again, given up where a person can see.
//!
//! 1. Whoever owes work writes a job in the transaction of what it belongs to and rings the bell.
//! 2. [`Outbox::run`] claims what is due and has [`Effects`] run it until it is told to stop. A lease
//!    is short and renewed while its job runs, so that the work of a process that died is soon
//!    another's.
//!
//! Left out: what the jobs do (`effect`).

use std::{convert::Infallible, sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde::Deserialize;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::{
    effect::{Effects, Ran},
    model::Clock,
    store::{Job, Store, StoreError},
};

/// How the outbox works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many jobs run at one time.
    pub at_once: u32,
    /// For how many seconds a job is leased, from its claim and from each renewal. So long its caller
    /// waits where a process died.
    pub lease_seconds: u32,
    /// How many milliseconds it rests when nothing is due and nobody rings.
    pub rest_millis: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            at_once: 8,
            lease_seconds: 15,
            rest_millis: 500,
        }
    }
}

/// Works on what is due.
#[derive(Clone, Debug)]
pub struct Outbox {
    store: Arc<dyn Store>,
    effects: Arc<Effects>,
    clock: Arc<dyn Clock>,
    bell: Arc<Notify>,
    options: Options,
}

impl Outbox {
    /// An outbox of `store`, woken by `bell`.
    pub fn new(
        store: Arc<dyn Store>,
        effects: Arc<Effects>,
        clock: Arc<dyn Clock>,
        bell: Arc<Notify>,
        options: Options,
    ) -> Self {
        Self {
            store,
            effects,
            clock,
            bell,
            options,
        }
    }

    /// Works until `stop` turns true; what is running then is ended first. A job that is cut off all
    /// the same is claimed again when its lease is over.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        while !*stop.borrow() {
            let room = self.options.at_once as usize - running.len();
            let claimed = self.claim(u32::try_from(room).unwrap_or_default()).await;
            let idle = claimed.is_empty();
            for job in claimed {
                let outbox = self.clone();
                running.spawn(async move { outbox.work(job).await });
            }
            let full = running.len() >= self.options.at_once as usize;
            if idle || full {
                tokio::select! {
                    () = self.bell.notified(), if !full => {}
                    () = tokio::time::sleep(Duration::from_millis(self.options.rest_millis)), if !full => {}
                    _ = running.join_next(), if !running.is_empty() => {}
                    _ = stop.changed() => {}
                }
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn claim(&self, room: u32) -> Vec<Job> {
        if room == 0 {
            return Vec::new();
        }
        let claimed = async {
            let mut transaction = self.store.write().await?;
            let jobs = transaction
                .jobs()
                .claim(self.clock.now(), room, self.lease())
                .await?;
            transaction.commit().await?;
            Ok::<_, StoreError>(jobs)
        };
        claimed.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the outbox could not claim its work");
            Vec::new()
        })
    }

    async fn work(&self, job: Job) {
        let ran = tokio::select! {
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
            Ok(Ran::Again { why, after }) => {
                let after = after.and_then(|after| TimeDelta::from_std(after).ok());
                let run_at = now + after.unwrap_or_else(|| pause(job.attempts));
                transaction.jobs().retry(job, run_at, &why).await?;
            }
            Err(failed) if failed.retry => {
                tracing::warn!(
                    job = job.id,
                    kind,
                    why = failed.why,
                    attempts = job.attempts,
                    "a job failed and is tried again"
                );
                let run_at = now + pause(job.attempts);
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

/// How long to wait before the next attempt: from one second, doubled each time, to an hour, less up
/// to a quarter by chance so that many that failed together do not come back together.
fn pause(attempts: u32) -> TimeDelta {
    let seconds = 2_i64
        .saturating_pow(attempts.saturating_sub(1).min(12))
        .min(3600);
    let millis = seconds * 1000;
    TimeDelta::milliseconds(millis - rand::random_range(0..=millis / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_are_scattered() {
        for attempts in 1..40 {
            let longest = 2_i64.saturating_pow(attempts - 1).min(3600) * 1000;
            let pause = pause(attempts).num_milliseconds();
            assert!(
                (longest * 3 / 4..=longest).contains(&pause),
                "{attempts}: {pause}"
            );
        }
    }
}
