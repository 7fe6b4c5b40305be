use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::{copies::NodeCopies, life::Life, lines::NodeSessions, stage::Stage, world::Outside};
use crate::{
    catalogue::Catalogue,
    effect::{
        self, Effects,
        declared::{self, DeclaredCalls},
    },
    model::{Chance, Clock},
    outbox::{self, Outbox},
    payment::{self, Billing, Wake},
    retention::{self, Retention},
    scheme::Schemes,
    sms::{Routes, Sms},
    store::Store,
    turn::{self, Turns, journal},
};

/// A node that serves: everything of the real one, but its sockets, around a simulated world.
pub(super) struct Node {
    pub(super) life: Arc<Life>,
    pub(super) turns: Arc<Turns>,
    pub(super) store: Arc<dyn Store>,
    pub(super) wake: Wake,
    clock: Arc<NodeClock>,
    stop: watch::Sender<bool>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.life.node)
    }
}

/// A node's clock: the runtime's time, which someone may set.
pub(super) struct NodeClock {
    stage: Arc<Stage>,
    millis_ahead: AtomicI64,
}

impl fmt::Debug for NodeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NodeClock")
    }
}

impl Clock for NodeClock {
    fn now(&self) -> DateTime<Utc> {
        let ahead = self.millis_ahead.load(Ordering::Relaxed);
        self.stage.now() + TimeDelta::milliseconds(ahead)
    }
}

/// How long the outbox rests, in milliseconds: while callers are there, and after.
const REST: [u64; 2] = [500, 20_000];

impl Node {
    pub(super) fn start(stage: &Arc<Stage>, number: usize) -> Arc<Self> {
        stage.say(|| format!("node {number} starts"));
        let life = Arc::new(Life::begin(number, Arc::clone(stage)));
        let store: Arc<dyn Store> = Arc::new(stage.store.seen_by(Arc::clone(&life) as _));
        let clock = Arc::new(NodeClock {
            stage: Arc::clone(stage),
            millis_ahead: AtomicI64::new(0),
        });
        let parts = Parts {
            outside: Arc::new(Outside(Arc::clone(&life))),
            sessions: NodeSessions {
                lines: Arc::clone(&stage.lines),
                life: Some(Arc::clone(&life)),
            },
            catalogue: Arc::new(Catalogue::of(Arc::clone(&store), &stage.edition)),
            stage: Arc::clone(stage),
            store: Arc::clone(&store),
            clock: Arc::clone(&clock) as _,
            wake: Wake::default(),
        };
        let effects = Arc::new(parts.effects());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(parts.outbox(&effects).run(stopped));
        Arc::new(Self {
            turns: Arc::new(parts.turns(effects)),
            life,
            store,
            wake: parts.wake,
            clock,
            stop,
        })
    }

    /// Its time of day.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Its clock is set, forward or back.
    pub(super) fn set_clock(&self, ahead: TimeDelta) {
        let millis = ahead.num_milliseconds();
        self.clock.millis_ahead.store(millis, Ordering::Relaxed);
    }

    /// Nobody hears of it any more.
    pub(super) fn end(&self) {
        self.life.stage.judge().fault(self.life.node);
        self.life.end();
        self.stop.send_replace(true);
    }
}

struct Parts {
    stage: Arc<Stage>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    outside: Arc<Outside>,
    sessions: NodeSessions,
    catalogue: Arc<Catalogue>,
    wake: Wake,
}

impl Parts {
    fn chance(&self) -> Arc<dyn Chance> {
        Arc::clone(&self.stage.dice) as _
    }

    fn effects(&self) -> Effects {
        let billing = Billing::new(
            Arc::clone(&self.store),
            Arc::clone(&self.clock),
            Arc::clone(&self.outside) as _,
            self.wake.clone(),
            payment::Options::default(),
        );
        let sms = Sms::new(
            Arc::clone(&self.store),
            Routes::one(Arc::clone(&self.outside) as _),
            Arc::clone(&self.clock),
            "",
        );
        let world = effect::World {
            store: Arc::clone(&self.store),
            schemes: Schemes::one(Arc::clone(&self.outside) as _),
            billing: Arc::new(billing),
            catalogue: Arc::clone(&self.catalogue),
            calls: DeclaredCalls::new(declared::Options::default()),
            sms,
            clock: Arc::clone(&self.clock),
            chance: self.chance(),
            wake: self.wake.clone(),
            prompter: Some(Arc::clone(&self.outside) as _),
        };
        Effects::new(world, effect::Options::default())
    }

    fn turns(&self, effects: Arc<Effects>) -> Turns {
        let (journal, work) = journal(Arc::clone(&self.store));
        tokio::spawn(work);
        let world = turn::World {
            sessions: if self.stage.plan.copies {
                NodeCopies::beside(self.sessions.clone())
            } else {
                Arc::new(self.sessions.clone())
            },
            catalogue: Arc::clone(&self.catalogue),
            effects,
            clock: Arc::clone(&self.clock),
            chance: self.chance(),
            sealer: Arc::clone(&self.stage.sealer),
            journal,
        };
        let options = turn::Options {
            // Its phones dial as often as they like.
            dialogues: None,
            ..turn::Options::default()
        };
        Turns::new(world, options)
    }

    fn outbox(&self, effects: &Arc<Effects>) -> Outbox {
        let world = outbox::World {
            store: Arc::clone(&self.store),
            work: Arc::new(outbox::Duties {
                effects: Arc::clone(effects),
                retention: Retention::new(
                    Arc::clone(&self.store),
                    Arc::clone(&self.clock),
                    retention::Options::default(),
                ),
            }),
            clock: Arc::clone(&self.clock),
            chance: self.chance(),
            bell: Arc::clone(&self.wake.outbox),
        };
        let options = outbox::Options {
            rest_millis: REST[usize::from(self.stage.is_quiet())],
            ..outbox::Options::default()
        };
        Outbox::new(world, options)
    }
}

/// Keeps a node there: starts it again some time after each of its crashes, and sets its clock now
/// and then, until nothing fails any more.
pub(super) async fn keep(stage: Arc<Stage>, number: usize) {
    loop {
        let node = Node::start(&stage, number);
        stage.put_node(number, Some(Arc::clone(&node)));
        tokio::select! {
            biased;
            () = node.life.until_gone() => {}
            () = set_its_clock(&stage, &node) => {}
        }
        if stage.is_quiet() {
            return;
        }
        stage.put_node(number, None);
        node.end();
        tokio::time::sleep(stage.dice.millis(100, 20_000)).await;
    }
}

/// Sets the clock now and then; for as long as anything does.
async fn set_its_clock(stage: &Stage, node: &Node) {
    let dice = &stage.dice;
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        if dice.happens(stage.faults().jump) {
            let minutes = i64::try_from(dice.below(121)).unwrap() - 60;
            stage.happened("a clock was set", || {
                format!("node {}: {minutes} min", node.life.node)
            });
            stage.judge().fault(node.life.node);
            node.set_clock(TimeDelta::minutes(minutes));
        }
    }
}
