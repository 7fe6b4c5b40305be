//! The store in the process, for tests that run without threads: a simulation replays what it does.
//!
//! 1. [`MemoryStore::new`] is an empty one. Every transaction has a copy of all rows (tables that
//!    nobody changed are shared); a commit puts its copy in the place of the rows. One writes at a time.
//! 2. [`MemoryStore::seen_by`] is the same store as one node sees it, with the [`Fate`] of that node:
//!    before each operation and after each commit it says what happens.
//! 3. [`MemoryStore::rows`] are all rows as they last were committed, for whoever judges them.
//!
//! It passes what `contract` asks for dialogues, like the engines that serve callers.
//! What operators need beside them it refuses (`operators`).
//!
//! Left out: sealing, files, and everything that outlives the value.

mod bill;
mod caller;
mod edition;
mod effect;
mod engine;
mod enquiry;
mod job;
mod journal;
mod ledger;
mod message;
mod notice;
mod operators;
mod payment;
mod rows;
mod said;
mod sandbox;
mod schedule;
mod table;
mod transaction;

pub(crate) use engine::{Fate, MemoryStore, Struck};
pub(crate) use rows::{EffectRow, JobRow, Rows};

#[cfg(test)]
mod tests {
    use super::MemoryStore;
    use crate::store::contract;

    async fn fresh() -> MemoryStore {
        MemoryStore::new()
    }

    contract::behaviour_for_dialogues!(fresh);
}
