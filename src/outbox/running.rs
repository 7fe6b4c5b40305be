use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

use super::Outbox;
use crate::store::{Job, JobKind};

/// The jobs that run in this node. They end with it.
#[derive(Debug, Default)]
pub(super) struct Running {
    tasks: JoinSet<()>,
    jobs: HashMap<Id, (JobKind, String)>,
}

impl Running {
    /// Runs one.
    pub(super) fn begin(&mut self, outbox: Outbox, job: Job) {
        let about = (job.kind, job.route.clone());
        let task = self.tasks.spawn(async move { outbox.work(job).await });
        self.jobs.insert(task.id(), about);
    }

    /// How many of a route run.
    pub(super) fn of(&self, route: &str) -> u32 {
        let of_it = self.jobs.values().filter(|(_, running)| running == route);
        u32::try_from(of_it.count()).unwrap_or(u32::MAX)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Waits until one has ended.
    pub(super) async fn next_end(&mut self) {
        if let Some(ended) = self.tasks.join_next_with_id().await {
            self.make_room(ended);
        }
    }

    /// Makes room for what has ended.
    pub(super) fn forget_ended(&mut self) {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.make_room(ended);
        }
    }

    /// Waits until all have.
    pub(super) async fn all_ended(&mut self) {
        while !self.is_empty() {
            self.next_end().await;
        }
    }

    fn make_room(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let job = self.jobs.remove(&id);
        if let (Some((kind, _)), Err(error)) = (job, ended) {
            tracing::error!(%kind, %error, "a job ended in disorder; it runs again when its lease is over");
        }
    }
}
