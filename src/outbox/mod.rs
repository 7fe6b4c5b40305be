//! The outbox: durable work, claimed with a lease, run, tried again, given up where a person can see.
//!
//! 1. Whoever owes work writes a job in the transaction of what it belongs to, names the route that
//!    it goes by, and rings the bell.
//! 2. [`Outbox::run`] claims what is due and has [`Work`] run it until it is told to stop. A lease
//!    is short and renewed while its job runs, so that the work of a process that died is soon
//!    another's. Each route has its own room in a node, and a rate that holds over all nodes.
//! 3. What is done once a day is a job too, added by the node that begins the day first.
//! 4. What was given up is listed and decided about by a person: [`decide`].
//!
//! To add a kind of work: a variant of `store::JobKind`, and its arm in [`Duties`].
//!
//! Left out: what the jobs do (`effect`, `retention`).

mod daily;
mod decide;
mod options;
mod outage;
mod run;
mod running;
#[cfg(test)]
mod tests;
mod work;

use async_trait::async_trait;

pub use decide::{Undecided, decide};
pub use options::{Options, RouteRate, RouteRateError};
pub use run::{Outbox, World};
pub use work::Duties;

use crate::{
    effect::{Failed, Ran},
    store::{Job, JobKind, StoreError, Transaction},
};

/// Does the work of jobs.
#[async_trait]
pub trait Work: std::fmt::Debug + Send + Sync {
    /// Runs one job. Running it again after a crash changes nothing twice.
    async fn run(&self, job: &Job) -> Result<Ran, Failed>;

    /// A job whose time was over before it could be done: what it was about is told where it stands.
    async fn given_up(
        &self,
        transaction: &mut dyn Transaction,
        kind: JobKind,
        subject: &str,
    ) -> Result<(), StoreError>;
}
