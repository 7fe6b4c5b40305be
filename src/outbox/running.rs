use std::collections::HashMap;

use tokio::task::JoinSet;

use super::Outbox;
use crate::store::Job;

/// The jobs that run in this node.
#[derive(Debug, Default)]
pub(super) struct Running {
    tasks: JoinSet<String>,
    routes: HashMap<String, u32>,
}

impl Running {
    /// Runs one.
    pub(super) fn begin(&mut self, outbox: Outbox, job: Job) {
        *self.routes.entry(job.route.clone()).or_default() += 1;
        self.tasks.spawn(async move {
            let route = job.route.clone();
            let kind = job.kind;
            // A task of its own, so that its panic is told here as its end.
            let worked = tokio::spawn(async move { outbox.work(job).await });
            if let Err(error) = worked.await {
                tracing::error!(%kind, %error, "a job ended in disorder; it runs again when its lease is over");
            }
            route
        });
    }

    /// How many of a route run.
    pub(super) fn of(&self, route: &str) -> u32 {
        self.routes.get(route).copied().unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Waits until one has ended.
    pub(super) async fn next_end(&mut self) {
        if let Some(Ok(route)) = self.tasks.join_next().await {
            self.make_room(&route);
        }
    }

    /// Makes room for what has ended.
    pub(super) fn forget_ended(&mut self) {
        while let Some(ended) = self.tasks.try_join_next() {
            if let Ok(route) = ended {
                self.make_room(&route);
            }
        }
    }

    fn make_room(&mut self, route: &str) {
        if let Some(running) = self.routes.get_mut(route) {
            *running = running.saturating_sub(1);
        }
    }

    /// Waits until all have.
    pub(super) async fn all_ended(&mut self) {
        while !self.is_empty() {
            self.next_end().await;
        }
    }
}
