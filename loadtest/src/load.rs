//! A run: dialogues that begin by a clock, or whenever a caller has ended one.
//!
//! 1. [`Ground::new`] makes phones and connections for a scenario; several runs may use them, one after
//!    the other.
//! 2. [`run`] has phones talk at a [`Pace`] until a [`Limit`], Ctrl-C or the end of what it was told.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::SmallRng};
use tokio::{
    signal::ctrl_c,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{
    clock::Clock,
    dialogue::Dialogue,
    phones::Phones,
    scenario::{Journey, Scenario},
    stop::{Stop, Stopper},
    tally::{Counts, Second, Tally},
    wire::Wire,
};

/// How long a request waits for its answer: longer than any gateway does.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How long dialogues that are under way at the end get to read their answer.
const GRACE: Duration = Duration::from_secs(5);

/// What does not change from run to run.
#[derive(Debug)]
pub(crate) struct Ground {
    /// What the phones do.
    pub(crate) scenario: Scenario,
    /// The servers.
    pub(crate) wire: Wire,
    /// The phones.
    pub(crate) phones: Phones,
    /// When requests are due.
    pub(crate) clock: Clock,
    /// Whether pages are compared; the bare server's are not.
    pub(crate) checked: bool,
    /// Whether each turn of a dialogue goes to another node than the one before.
    pub(crate) each_turn_elsewhere: bool,
    /// Of all chance.
    pub(crate) seed: u64,
    /// In the ids of sessions, so that no two runs have the same.
    pub(crate) run: u64,
    begun: AtomicU64,
}

/// How fast dialogues begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pace {
    /// Open loop: so many turns a second, whether the server keeps up or not.
    Turns(f64),
    /// Closed loop: so many callers, each beginning again when a dialogue has ended.
    Callers(u32),
}

/// When a run is over.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limit {
    /// After this time.
    pub(crate) time: Option<Duration>,
    /// After so many dialogues.
    pub(crate) dialogues: Option<u64>,
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What was counted.
    pub(crate) counts: Counts,
    /// Whether Ctrl-C ended it.
    pub(crate) interrupted: bool,
}

impl Ground {
    /// Nobody has dialled yet.
    pub(crate) fn new(scenario: Scenario, nodes: &[String], seed: u64) -> anyhow::Result<Self> {
        Ok(Self {
            wire: Wire::new(nodes, PATIENCE)?,
            phones: Phones::new(&scenario.phones)?,
            scenario,
            clock: Clock::start(),
            checked: true,
            each_turn_elsewhere: false,
            seed,
            run: rand::rng().random_range(0..u64::MAX),
            begun: AtomicU64::new(0),
        })
    }

    /// The gateway of a phone: always the same, as a phone's operator is.
    pub(crate) fn gateway_of(&self, phone: u32) -> usize {
        let gateways = self.scenario.gateways.iter();
        drawn(gateways.map(|gateway| gateway.weight), phone)
    }

    /// The journey of a dialogue.
    pub(crate) fn journey_of(&self, number: u64) -> &Journey {
        let journeys = &self.scenario.journeys;
        let mut chance = SmallRng::seed_from_u64(self.seed.rotate_left(17) ^ number);
        let place = drawn(
            journeys.iter().map(|journey| journey.weight),
            chance.random_range(0..u32::MAX),
        );
        &journeys[place]
    }

    fn next_number(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed)
    }
}

/// The place in a list with weights that a number falls on.
fn drawn(weights: impl Iterator<Item = u32> + Clone, number: u32) -> usize {
    let whole: u32 = weights.clone().sum();
    let mut left = number % whole.max(1);
    for (place, weight) in weights.enumerate() {
        if left < weight {
            return place;
        }
        left -= weight;
    }
    0
}

/// Has phones talk; `seen` is told each second.
pub(crate) async fn run(
    ground: &Arc<Ground>,
    pace: Pace,
    limit: Limit,
    mut seen: impl FnMut(&Second),
) -> anyhow::Result<Outcome> {
    let (stopper, stop) = Stopper::new();
    let run = Run {
        ground: Arc::clone(ground),
        tally: Arc::new(Tally::new()?),
        stop,
        limit,
        begun: Arc::default(),
    };
    let mut talking = JoinSet::new();
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    seconds.tick().await;
    let mut interrupted = false;
    {
        let over = run.limit.time;
        let mut beginning = std::pin::pin!(run.begin(pace, &mut talking));
        let began = Instant::now();
        loop {
            let left = over.map(|over| over.saturating_sub(began.elapsed()));
            tokio::select! {
                () = &mut beginning => break,
                () = wait(left) => break,
                _ = ctrl_c() => { interrupted = true; break }
                _ = seconds.tick() => seen(&run.tally.second()),
            }
        }
    }
    stopper.stop();
    tokio::select! {
        _ = timeout(GRACE, run.drain(&mut talking)) => {}
        _ = ctrl_c() => interrupted = true,
    }
    talking.shutdown().await;
    run.tally.second();
    Ok(Outcome {
        counts: run.tally.counts(),
        interrupted,
    })
}

/// Waits so long; for ever where there is no end.
async fn wait(left: Option<Duration>) {
    match left {
        Some(left) => tokio::time::sleep(left).await,
        None => std::future::pending().await,
    }
}

#[derive(Clone)]
struct Run {
    ground: Arc<Ground>,
    tally: Arc<Tally>,
    stop: Stop,
    limit: Limit,
    begun: Arc<AtomicU64>,
}

impl Run {
    /// Begins dialogues until there may be no more; those of an open loop may be under way then.
    async fn begin(&self, pace: Pace, talking: &mut JoinSet<()>) {
        match pace {
            Pace::Turns(rate) => self.by_clock(rate, talking).await,
            Pace::Callers(callers) => {
                for _ in 0..callers {
                    let run = self.clone();
                    talking.spawn(async move { run.one_after_the_other().await });
                }
                self.drain(talking).await;
            }
        }
    }

    /// Dialogues begin as people dial: each without knowing of the others.
    async fn by_clock(&self, rate: f64, talking: &mut JoinSet<()>) {
        let mut chance = SmallRng::seed_from_u64(self.ground.seed);
        let mean = self.ground.scenario.turns() / rate;
        let mut due = Instant::now();
        while self.may_begin() {
            let drawn: f64 = chance.random_range(f64::MIN_POSITIVE..1.0);
            due += Duration::from_secs_f64(-drawn.ln() * mean);
            self.ground.clock.at(due).await;
            while talking.try_join_next().is_some() {}
            match self.ground.phones.take() {
                Some(phone) => {
                    let run = self.clone();
                    self.tally.begun();
                    talking.spawn(async move { run.talk(phone, due).await });
                }
                None => self.tally.not_begun(),
            }
        }
        self.drain(talking).await;
    }

    async fn one_after_the_other(&self) {
        while !self.stop.is_set() && self.may_begin() {
            let Some(phone) = self.ground.phones.take() else {
                self.tally.not_begun();
                return;
            };
            self.tally.begun();
            self.talk(phone, Instant::now()).await;
        }
    }

    async fn talk(&self, phone: u32, due: Instant) {
        let with = (
            Arc::clone(&self.ground),
            Arc::clone(&self.tally),
            self.stop.clone(),
        );
        let mut dialogue = Dialogue::new(with, self.ground.next_number(), phone);
        self.tally.ended(dialogue.talk(due).await);
        self.ground.phones.give_back(phone);
    }

    fn may_begin(&self) -> bool {
        let most = self.limit.dialogues.unwrap_or(u64::MAX);
        self.begun.fetch_add(1, Ordering::Relaxed) < most
    }

    async fn drain(&self, talking: &mut JoinSet<()>) {
        while talking.join_next().await.is_some() {}
    }
}
