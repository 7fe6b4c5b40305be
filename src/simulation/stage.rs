use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::{
    dice::Dice,
    judge::Judge,
    lines::Lines,
    node::Node,
    plan::{Bug, Faults, Network, Plan, World},
    register::Register,
};
use crate::{
    catalogue::Edition,
    model::Chance,
    session::LineKey,
    store::{Sealer, memory::MemoryStore},
};

/// All that a run shares.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) dice: Arc<Dice>,
    pub(super) plan: Plan,
    pub(super) sealer: Arc<Sealer>,
    pub(super) edition: Arc<Edition>,
    pub(super) store: MemoryStore,
    pub(super) lines: Arc<Lines>,
    pub(super) register: Register,
    begun: Instant,
    judge: Mutex<Judge>,
    nodes: Mutex<Vec<Option<Arc<Node>>>>,
    quiet: AtomicBool,
    /// How many of the payment gateway's own calls are on their way.
    pub(super) couriers: AtomicUsize,
    trace: Option<Mutex<Vec<String>>>,
    counts: Mutex<BTreeMap<&'static str, u64>>,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// What the judge found first.
    pub(super) violation: Option<String>,
    /// How often each thing happened.
    pub(super) counts: BTreeMap<&'static str, u64>,
    /// What happened, in order, where it was asked for.
    pub(super) trace: Vec<String>,
}

impl Stage {
    pub(super) fn new(plan: Plan, dice: Dice, traced: bool) -> Self {
        let (sealer, edition) = super::set::sealer_and_edition();
        let register = Register::of(plan.phones);
        let judge = Judge::new(
            Arc::clone(&sealer),
            &edition,
            register.clone(),
            plan.clone(),
        );
        Self {
            dice: Arc::new(dice),
            sealer,
            edition,
            store: MemoryStore::new(),
            lines: Arc::default(),
            register,
            begun: Instant::now(),
            judge: Mutex::new(judge),
            nodes: Mutex::new(vec![None; plan.nodes]),
            quiet: AtomicBool::new(false),
            couriers: AtomicUsize::new(0),
            trace: traced.then(Mutex::default),
            counts: Mutex::default(),
            plan,
        }
    }

    pub(super) fn judge(&self) -> MutexGuard<'_, Judge> {
        self.judge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since the run began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The time of day, as a clock has it that nobody set.
    pub(super) fn now(&self) -> DateTime<Utc> {
        let begun = DateTime::from_timestamp_millis(1_772_441_417_123).unwrap();
        begun + TimeDelta::from_std(self.elapsed()).unwrap()
    }

    /// From now on nothing fails.
    pub(super) fn be_quiet(&self) {
        self.quiet.store(true, Ordering::Relaxed);
        self.say(|| "from now on nothing fails".to_owned());
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.quiet.load(Ordering::Relaxed)
    }

    pub(super) fn faults(&self) -> Faults {
        if self.is_quiet() {
            Faults::default()
        } else {
            self.plan.faults
        }
    }

    pub(super) fn network(&self) -> Network {
        if self.is_quiet() {
            Network::default()
        } else {
            self.plan.network
        }
    }

    pub(super) fn world(&self) -> World {
        if self.is_quiet() {
            World::default()
        } else {
            self.plan.world
        }
    }

    /// Whether a planted bug shows now.
    pub(super) fn shows(&self, bug: Bug, in_ten_thousand: u32) -> bool {
        self.plan.bug == Some(bug) && !self.is_quiet() && self.dice.happens(in_ten_thousand)
    }

    /// Counts what happened, and says so in the trace.
    pub(super) fn happened(&self, what: &'static str, to: impl FnOnce() -> String) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(what).or_default() += 1;
        drop(counts);
        self.say(|| format!("{what}: {}", to()));
    }

    /// Says something in the trace.
    pub(super) fn say(&self, what: impl FnOnce() -> String) {
        if let Some(trace) = &self.trace {
            let at = self.elapsed().as_millis();
            let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner);
            trace.push(format!("{at:>9} {}", what()));
        }
    }

    pub(super) fn put_node(&self, number: usize, node: Option<Arc<Node>>) {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        nodes[number] = node;
    }

    pub(super) fn nodes(&self) -> Vec<Arc<Node>> {
        let nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.iter().flatten().map(Arc::clone).collect()
    }

    /// A node that serves; `None` where none does.
    pub(super) fn any_node(&self) -> Option<Arc<Node>> {
        let nodes = self.nodes();
        (!nodes.is_empty()).then(|| Arc::clone(self.dice.pick(&nodes)))
    }

    /// A line was committed; `stood` says whether one stood there before.
    pub(super) fn judged_commit(&self, key: LineKey, bytes: &[u8], stood: bool) {
        let rows = self.store.rows();
        let told = self.judge().committed(key, bytes, stood, &rows);
        self.say(|| format!("line {key:?}: {told}"));
        if self.dice.happens(self.faults().evicted) {
            let chance = self.dice.draw().to_be_bytes();
            if let Some(key) = self.lines.evict(chance) {
                self.happened("a line was evicted", || format!("{key:?}"));
                self.judge().evicted(key);
            }
        }
    }

    pub(super) fn record(&self) -> Record {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let trace = self.trace.as_ref().map(|trace| {
            let trace = trace.lock().unwrap_or_else(PoisonError::into_inner);
            trace.clone()
        });
        Record {
            violation: self.judge().violation().map(str::to_owned),
            counts: counts.clone(),
            trace: trace.unwrap_or_default(),
        }
    }
}
