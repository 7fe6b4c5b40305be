//! Nodes that share a store and whose work is noted instead of done.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{TimeDelta, Utc};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::Instant,
};

use crate::{
    effect::{Failed, Ran},
    model::{Clock, SystemChance, SystemClock},
    outbox::{Options, Outbox, Work, World},
    store::{
        Job, JobKind, Keys, NewJob, Priority, Sealer, Store, StoreError, Transaction,
        sqlite::SqliteStore,
    },
};

/// Notes what is run.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// How long a job takes.
    pub(super) takes: Duration,
    runs: Mutex<Vec<(String, Instant)>>,
    now: Mutex<BTreeMap<String, u32>>,
    doubled: Mutex<Vec<String>>,
    given_up: Mutex<Vec<String>>,
}

impl Noted {
    pub(super) fn taking(millis: u64) -> Arc<Self> {
        Arc::new(Self {
            takes: Duration::from_millis(millis),
            ..Self::default()
        })
    }

    /// The subjects of what was run, in their order, daily work aside.
    pub(super) fn subjects(&self) -> Vec<String> {
        let runs = self.runs.lock().unwrap();
        let runs = runs.iter().filter(|(run, _)| !run.starts_with("daily"));
        runs.map(|(run, _)| run.clone()).collect()
    }

    /// How often the day's deletion was run.
    pub(super) fn days(&self) -> usize {
        let runs = self.runs.lock().unwrap();
        runs.iter()
            .filter(|(run, _)| run.starts_with("daily 2"))
            .count()
    }

    /// When a job was first run.
    pub(super) fn ran_at(&self, subject: &str) -> Option<Instant> {
        let runs = self.runs.lock().unwrap();
        let run = runs.iter().find(|(run, _)| run == subject);
        run.map(|(_, at)| *at)
    }

    /// What was run while it ran already.
    pub(super) fn doubled(&self) -> Vec<String> {
        self.doubled.lock().unwrap().clone()
    }

    pub(super) fn given_up(&self) -> Vec<String> {
        self.given_up.lock().unwrap().clone()
    }
}

#[async_trait]
impl Work for Noted {
    async fn run(&self, job: &Job) -> Result<Ran, Failed> {
        let name = match job.kind {
            JobKind::Retention => format!("daily {}", job.subject),
            JobKind::Reconcile => format!("daily reconciliation of {}", job.subject),
            JobKind::FinishEffect
            | JobKind::SubmitBill
            | JobKind::TellScheme
            | JobKind::FollowScheme
            | JobKind::FileComplaint
            | JobKind::TellPayer
            | JobKind::CancelBill
            | JobKind::SendMessage => job.subject.clone(),
        };
        let run = (name.clone(), Instant::now());
        self.runs.lock().unwrap().push(run);
        let running = {
            let mut now = self.now.lock().unwrap();
            let running = now.entry(name.clone()).or_default();
            *running += 1;
            *running
        };
        if running > 1 {
            self.doubled.lock().unwrap().push(name.clone());
        }
        tokio::time::sleep(self.takes).await;
        *self.now.lock().unwrap().entry(name).or_default() -= 1;
        Ok(Ran::Done)
    }

    async fn given_up(
        &self,
        _: &mut dyn Transaction,
        _: JobKind,
        subject: &str,
    ) -> Result<(), StoreError> {
        self.given_up.lock().unwrap().push(subject.to_owned());
        Ok(())
    }
}

pub(super) fn sealer() -> Arc<Sealer> {
    Arc::new(Sealer::new(&Keys::one(1, [1; 32], [1; 32])))
}

pub(super) async fn store() -> Arc<dyn Store> {
    Arc::new(SqliteStore::temporary(sealer()).await.unwrap())
}

/// As the program's, but quicker.
pub(super) fn quick() -> Options {
    Options {
        rest_millis: 20,
        ..Options::default()
    }
}

/// A node's outbox that runs. Dropping it without [`Node::end`] is a crash.
pub(super) struct Node {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Node {
    pub(super) fn start(store: &Arc<dyn Store>, work: &Arc<Noted>, options: Options) -> Self {
        let world = World {
            store: Arc::clone(store),
            work: Arc::clone(work) as Arc<dyn Work>,
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            bell: Arc::<Notify>::default(),
        };
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Outbox::new(world, options).run(stopped));
        Self { stop, running }
    }

    pub(super) async fn end(self) {
        self.stop.send_replace(true);
        self.running.await.unwrap();
    }

    pub(super) fn crash(self) {
        self.running.abort();
    }
}

/// A job that is due now, of the route `gepg`.
pub(super) fn job(subject: &str) -> NewJob {
    let now = SystemClock.now();
    NewJob {
        kind: JobKind::SubmitBill,
        subject: subject.to_owned(),
        route: "gepg".to_owned(),
        run_at: now,
        not_after: now + TimeDelta::hours(1),
        priority: Priority::Normal,
    }
}

pub(super) async fn add(store: &dyn Store, jobs: &[NewJob]) {
    let mut transaction = store.write().await.unwrap();
    for job in jobs {
        transaction.jobs().add(job).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// `number` jobs that are due now.
pub(super) async fn add_many(store: &dyn Store, number: u32) {
    let jobs: Vec<_> = (0..number)
        .map(|number| job(&format!("b{number:03}")))
        .collect();
    add(store, &jobs).await;
}

/// Waits until nothing is left to do.
pub(super) async fn settled(store: &dyn Store) {
    until(async || {
        let mut transaction = store.read().await.unwrap();
        transaction.jobs().open().await.unwrap() == 0
    })
    .await;
}

/// Waits until it is so, for half a minute: the machine may be busy.
pub(super) async fn until(is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never was so");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A day on which nothing of this module depends: today.
pub(super) fn now() -> chrono::DateTime<Utc> {
    SystemClock.now()
}
