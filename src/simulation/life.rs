use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{plan::Bug, stage::Stage};
use crate::store::{
    StoreError,
    memory::{Fate, Struck},
};

/// One life of a node, from its start to its crash. All that a node does to the world it does through
/// its life, so one that is gone does nothing any more, whatever of it still runs.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) node: usize,
    pub(super) stage: Arc<Stage>,
    gone: AtomicBool,
    /// Wakes who waits for the end, in the order in which they came: a `watch` does so by chance.
    end: Notify,
}

/// What happens where a node asks something of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hit {
    /// Nothing.
    Goes,
    /// It fails, or its answer is lost.
    Fails,
    /// The node is gone.
    Gone,
}

impl Life {
    pub(super) fn begin(node: usize, stage: Arc<Stage>) -> Self {
        Self {
            node,
            stage,
            gone: AtomicBool::new(false),
            end: Notify::new(),
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Ends it.
    pub(super) fn end(&self) {
        self.gone.store(true, Ordering::Relaxed);
        self.end.notify_waiters();
    }

    pub(super) async fn until_gone(&self) {
        let ended = self.end.notified();
        if !self.is_gone() {
            ended.await;
        }
    }

    /// Before something is asked.
    pub(super) async fn before(&self, what: &'static str) -> Hit {
        let (dice, faults) = (&self.stage.dice, self.stage.faults());
        if self.is_gone() {
            return Hit::Gone;
        }
        if dice.happens(faults.crash) {
            self.stage.happened("a node crashed", || {
                format!("node {} at: {what}", self.node)
            });
            self.stage.judge().fault(self.node);
            self.end();
            return Hit::Gone;
        }
        self.take_time(what).await;
        if self.is_gone() {
            Hit::Gone
        } else {
            self.may_fail(faults.fails, "failed", what)
        }
    }

    /// After it was done: whether its answer comes.
    pub(super) fn after(&self, what: &'static str) -> Hit {
        if self.is_gone() {
            return Hit::Gone;
        }
        self.may_fail(self.stage.faults().lost, "done, its answer lost", what)
    }

    fn may_fail(&self, rate: u32, how: &'static str, what: &'static str) -> Hit {
        if !self.stage.dice.happens(rate) {
            return Hit::Goes;
        }
        self.stage
            .happened(how, || format!("node {}: {what}", self.node));
        self.stage.judge().fault(self.node);
        Hit::Fails
    }

    async fn take_time(&self, what: &'static str) {
        let (dice, faults) = (&self.stage.dice, self.stage.faults());
        let time = if dice.happens(faults.hangs) {
            dice.millis(1000, 9000)
        } else if dice.happens(faults.slow) {
            dice.millis(1, 900)
        } else {
            if dice.happens(3000) {
                tokio::task::yield_now().await;
            }
            return;
        };
        self.stage.happened("slow", || {
            format!("node {}: {what} takes {} ms", self.node, time.as_millis())
        });
        self.stage.judge().fault(self.node);
        tokio::select! {
            biased;
            () = self.until_gone() => {}
            () = tokio::time::sleep(time) => {}
        }
    }
}

fn as_store_error(tried: &'static str) -> StoreError {
    StoreError::Database {
        tried,
        source: "simulated".into(),
    }
}

#[async_trait]
impl Fate for Life {
    async fn before(&self, tried: &'static str) -> Struck {
        match Self::before(self, tried).await {
            Hit::Goes => Struck::Goes,
            Hit::Fails => Struck::Fails(as_store_error(tried)),
            Hit::Gone => Struck::Gone,
        }
    }

    async fn after_commit(&self) -> Struck {
        match self.after("commit") {
            Hit::Goes => Struck::Goes,
            Hit::Fails => Struck::Fails(as_store_error("commit")),
            Hit::Gone => Struck::Gone,
        }
    }

    fn loses_commit(&self) -> bool {
        self.stage.shows(Bug::StoreLosesCommits, 300)
    }

    fn ignores_leases(&self) -> bool {
        self.stage.shows(Bug::OutboxWithoutLease, 10_000)
    }
}
