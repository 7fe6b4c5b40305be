use std::{convert::Infallible, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use super::{Options, Work, daily::Daily, outage::Outage, running::Running};
use crate::{
    effect::{Failed, Ran},
    model::{Chance, Clock},
    store::{Claim, Job, OVERDUE_AT_ONCE, OpenRoute, Store, StoreError},
};

/// The longest rest while the store fails.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// The shortest rest, where a route's rate admits the next job very soon.
const SHORTEST_REST: Duration = Duration::from_millis(5);

/// What the outbox works with.
#[derive(Clone, Debug)]
pub struct World {
    /// Where the jobs are.
    pub store: Arc<dyn Store>,
    /// Who does them.
    pub work: Arc<dyn Work>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Scatters what is tried again.
    pub chance: Arc<dyn Chance>,
    /// Rung where work was written down.
    pub bell: Arc<Notify>,
}

/// Works on what is due.
#[derive(Clone, Debug)]
pub struct Outbox {
    world: World,
    options: Arc<Options>,
    outage: Arc<Outage>,
}

/// What a look at the store says.
#[derive(Debug)]
struct Look {
    routes: Vec<OpenRoute>,
    overdue: bool,
}

/// When a job of a route may next be claimed.
#[derive(Debug)]
struct Opening<'l> {
    at: DateTime<Utc>,
    /// Where that is now.
    claim: Option<Claim<'l>>,
}

/// The store fails, which was told.
#[derive(Debug)]
struct Failing;

/// What to do after a round.
#[derive(Debug)]
enum Next {
    /// There may be more: look again at once.
    Again,
    /// Nothing can be done before that.
    Rest(Duration),
}

impl Outbox {
    /// An outbox in `world`.
    pub fn new(world: World, options: Options) -> Self {
        Self {
            world,
            options: Arc::new(options),
            outage: Arc::default(),
        }
    }

    /// Works until `stop` turns true; what runs then has a grace to end.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut running, mut daily) = (Running::default(), Daily::default());
        let mut failures = 0;
        while !*stop.borrow() {
            let next = self.round(&mut running, &mut daily).await;
            failures = if next.is_ok() { 0 } else { failures + 1 };
            match next {
                Ok(Next::Again) => {}
                Ok(Next::Rest(rest)) => tokio::select! {
                    biased;
                    _ = stop.changed() => {}
                    () = running.next_end(), if !running.is_empty() => {}
                    () = self.world.bell.notified() => {}
                    () = tokio::time::sleep(rest) => {}
                },
                // No bell: who rings now has not written either.
                Err(Failing) => tokio::select! {
                    biased;
                    _ = stop.changed() => {}
                    () = tokio::time::sleep(self.rest_after(failures)) => {}
                },
            }
        }
        self.end(running).await;
    }

    async fn end(&self, mut running: Running) {
        let grace = Duration::from_secs(self.options.grace_seconds);
        let ended = tokio::time::timeout(grace, running.all_ended()).await;
        if ended.is_err() {
            tracing::warn!(
                "jobs that still ran are cut off; they run again when their lease is over"
            );
        }
    }

    /// Looks at the store and does what is to be done. It writes nothing where there is nothing.
    async fn round(&self, running: &mut Running, daily: &mut Daily) -> Result<Next, Failing> {
        running.forget_ended();
        let now = self.world.clock.now();
        if daily.is_due(now) {
            self.wrote(daily.begin(&*self.world.store, now).await)?;
        }
        let look = self.looked(self.look(now).await)?;
        let mut again = false;
        if look.overdue {
            again = self.wrote(self.give_up_overdue(now).await)? == OVERDUE_AT_ONCE;
        }
        let chances = self.chances(&look, running, now);
        let claims: Vec<_> = chances.iter().filter_map(|chance| chance.claim).collect();
        if !claims.is_empty() {
            let claimed = self.wrote(self.claim(&claims).await)?;
            again |= !claimed.is_empty();
            for job in claimed {
                running.begin(self.clone(), job);
            }
        }
        // What runs now must not keep the rest from being looked for.
        if again {
            return Ok(Next::Again);
        }
        let next = chances.iter().map(|chance| chance.at);
        let next = next.filter(|at| *at > now).min();
        Ok(Next::Rest(self.rest_until(next, now)))
    }

    async fn look(&self, now: DateTime<Utc>) -> Result<Look, StoreError> {
        let mut transaction = self.world.store.read().await?;
        let mut jobs = transaction.jobs();
        Ok(Look {
            routes: jobs.open_routes().await?,
            overdue: jobs.any_overdue(now).await?,
        })
    }

    /// Each route that has room, when one of its jobs may next be claimed, and how to where that is now.
    fn chances<'l>(
        &self,
        look: &'l Look,
        running: &Running,
        now: DateTime<Utc>,
    ) -> Vec<Opening<'l>> {
        let mut chances = Vec::new();
        for open in &look.routes {
            let busy = running.of(&open.route);
            let not_urgent = self.options.at_once.saturating_sub(busy);
            let all = self.options.at_once + self.options.urgent_at_once;
            let limit = all.saturating_sub(busy);
            let due_at = match (limit, not_urgent) {
                (0, _) => continue,
                (_, 0) => open.urgent_due_at,
                _ => Some(open.due_at),
            };
            let Some(due_at) = due_at else { continue };
            let rate = self.options.rate(&open.route);
            let admitted_at = rate.zip(open.free_at).map(|(rate, at)| rate.next(at, now));
            let at = admitted_at.map_or(due_at, |admitted_at| due_at.max(admitted_at));
            let claim = Claim {
                route: &open.route,
                rate,
                limit,
                not_urgent,
                lease: self.lease(),
            };
            let claim = (at <= now).then_some(claim);
            chances.push(Opening { at, claim });
        }
        chances
    }

    async fn claim(&self, claims: &[Claim<'_>]) -> Result<Vec<Job>, StoreError> {
        let mut transaction = self.world.store.write().await?;
        // Who writes may have had to wait, and what is claimed as of then has less of its lease left.
        let now = self.world.clock.now();
        let mut jobs = Vec::new();
        for claim in claims {
            jobs.extend(transaction.jobs().claim(claim, now).await?);
        }
        transaction.commit().await?;
        Ok(jobs)
    }

    /// Gives up what is past its time, where a person can see it; how many.
    async fn give_up_overdue(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut transaction = self.world.store.write().await?;
        let overdue = transaction.jobs().give_up_overdue(now).await?;
        for (kind, subject) in &overdue {
            let work = &self.world.work;
            work.given_up(&mut *transaction, *kind, subject).await?;
        }
        transaction.commit().await?;
        for (kind, subject) in &overdue {
            tracing::error!(
                %kind,
                subject,
                "a job was given up, its time was over: `nyota outbox list` shows it"
            );
        }
        Ok(overdue.len())
    }

    /// Runs a claimed job and writes down how it ended.
    pub(super) async fn work(&self, job: Job) {
        let ran = tokio::select! {
            biased;
            ran = self.world.work.run(&job) => ran,
            never = self.hold(&job) => match never {},
        };
        tell(&job, &ran);
        let patience = self.lease().to_std().unwrap_or_default();
        let begun = Instant::now();
        let mut failures = 0;
        // Its lease lasts for a while yet, and a job that was done should not be done again.
        while self.wrote(self.settle(&job, &ran).await).is_err() {
            failures += 1;
            let rest = self.rest_after(failures);
            if begun.elapsed() + rest > patience {
                let kind = job.kind;
                tracing::error!(job = job.id, %kind, "a job's end could not be written; it runs again");
                return;
            }
            tokio::time::sleep(rest).await;
        }
    }

    /// Renews the job's lease for as long as it is not dropped.
    async fn hold(&self, job: &Job) -> Infallible {
        loop {
            tokio::time::sleep(self.lease().to_std().unwrap_or_default() / 3).await;
            // Where it fails for a whole lease another node may run the job as well.
            self.wrote(self.renew(job).await).ok();
        }
    }

    async fn renew(&self, job: &Job) -> Result<(), StoreError> {
        let mut transaction = self.world.store.write().await?;
        let until = self.world.clock.now() + self.lease();
        transaction.jobs().renew(job, until).await?;
        transaction.commit().await
    }

    async fn settle(&self, job: &Job, ran: &Result<Ran, Failed>) -> Result<(), StoreError> {
        let now = self.world.clock.now();
        let mut transaction = self.world.store.write().await?;
        let mut jobs = transaction.jobs();
        match ran {
            Ok(Ran::Done) => jobs.done(job).await?,
            Ok(Ran::Later { why, after }) => {
                let run_at = now + TimeDelta::from_std(*after).unwrap_or_default();
                jobs.wait(job, run_at, why).await?;
            }
            Err(failed) if failed.retry => {
                let run_at = now + pause(job.attempts, &*self.world.chance);
                jobs.retry(job, run_at, &failed.why).await?;
            }
            Err(failed) => jobs.give_up(job, &failed.why, now).await?,
        }
        drop(jobs);
        transaction.commit().await
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::seconds(self.options.lease_seconds.into())
    }

    fn rest_until(&self, next: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Duration {
        let longest = Duration::from_millis(self.options.rest_millis).max(SHORTEST_REST);
        let until = next.and_then(|next| (next - now).to_std().ok());
        until.map_or(longest, |until| until.clamp(SHORTEST_REST, longest))
    }

    /// How long to rest after so many failures of the store in a row.
    fn rest_after(&self, failures: u32) -> Duration {
        let first = Duration::from_millis(self.options.rest_millis) / 4;
        let doubled = first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        doubled.clamp(SHORTEST_REST, LONGEST_REST)
    }

    fn looked<T>(&self, read: Result<T, StoreError>) -> Result<T, Failing> {
        match read {
            Ok(value) => {
                self.outage.reads();
                Ok(value)
            }
            Err(error) => {
                self.outage.cannot_read(&error);
                Err(Failing)
            }
        }
    }

    fn wrote<T>(&self, written: Result<T, StoreError>) -> Result<T, Failing> {
        match written {
            Ok(value) => {
                self.outage.writes();
                Ok(value)
            }
            Err(error) => {
                self.outage.cannot_write(&error);
                Err(Failing)
            }
        }
    }
}

fn tell(job: &Job, ran: &Result<Ran, Failed>) {
    let Err(Failed { why, retry }) = ran else {
        return;
    };
    let (id, kind, attempts) = (job.id, job.kind, job.attempts);
    if *retry {
        tracing::warn!(job = id, %kind, why, attempts, "a job failed and is tried again");
    } else {
        tracing::error!(job = id, %kind, why, "a job was given up: `nyota outbox list` shows it");
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
