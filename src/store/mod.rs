//! The store: what must outlive a process, on SQLite or Postgres behind one trait.
//!
//! 1. [`Store::read`] and [`Store::write`] begin a [`Transaction`]; it hands out one small repository
//!    for each noun; [`Transaction::commit`] makes it last, dropping it undoes it.
//! 2. Phones, names, SMS texts, states of dialogues and raw notices are sealed by the engine
//!    ([`Sealer`] with the [`Keys`] of the installation): callers pass and get the clear nouns, the file holds ciphertext and a keyed index.
//! 3. Times are UTC with microseconds; money is integer minor units with its currency.
//!
//! To add a noun: its rows and trait here, its file in each engine, its migration in both folders,
//! its part of `contract`, which runs on every engine.
//!
//! Left out: what the rows mean. No transaction may span a network wait.

mod bill;
mod caller;
#[cfg(test)]
mod contract;
mod edition;
mod effect;
mod enquiry;
mod job;
mod journal;
mod keys;
mod ledger;
#[cfg(test)]
pub(crate) mod memory;
mod message;
mod notice;
mod payment;
mod private;
mod sandbox;
mod seal;
pub mod sqlite;

use async_trait::async_trait;

pub use bill::{Agreed, Bill, BillKey, BillState, Bills, NewBill, Share};
pub use caller::Callers;
pub use edition::{Edition, Editions};
pub use effect::{Answer, Effects, Intended, Intent, Promised, StoredEffect};
pub use enquiry::Enquiries;
pub use job::{Job, JobKind, Jobs, NewJob, Priority};
pub use journal::{Journal, JournalEntry, JournaledTurn};
pub use keys::Keys;
pub use ledger::{Account, Ledger, Posting};
pub use message::{Message, MessageState, Messages, NewMessage};
pub use notice::{NewNotice, Notices, Verdict};
pub use payment::{NewPayment, Payment, PaymentState, Payments, Recorded};
pub use sandbox::{Sandbox, SandboxBill, SandboxPolicy};
pub use seal::{SealError, Sealer};

/// What went wrong in the store. Its message is for the operator, never for a phone.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be reached, was busy for too long or refused.
    #[error("the database could not {tried}")]
    Database {
        /// What was tried: `read the caller`.
        tried: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row does not read as what it should be: another key, or damage.
    #[error("a stored {noun} cannot be read: {why}")]
    Unreadable {
        /// Which kind of row.
        noun: &'static str,
        /// What is wrong with it; never its content.
        why: &'static str,
    },
    /// The schema is newer than this program.
    #[error(
        "the database was made by a newer version of nyota (migration {found}); this one knows migrations up to {known}"
    )]
    Newer {
        /// The newest migration in the database.
        found: i64,
        /// The newest that this program has.
        known: i64,
    },
}

/// Shorthand of this module.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A database.
#[async_trait]
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Begins a transaction that only reads: it sees one moment and never waits for a writer.
    async fn read(&self) -> Result<Box<dyn Transaction + '_>>;

    /// Begins a transaction that may write. It holds the write lock where the engine has one, so it
    /// is short.
    async fn write(&self) -> Result<Box<dyn Transaction + '_>>;
}

/// One transaction.
#[async_trait]
pub trait Transaction: Send {
    /// Who has called, and in which language.
    fn callers(&mut self) -> Box<dyn Callers + '_>;
    /// Effects of dialogues and their outcomes.
    fn effects(&mut self) -> Box<dyn Effects + '_>;
    /// The outbox.
    fn jobs(&mut self) -> Box<dyn Jobs + '_>;
    /// Bills.
    fn bills(&mut self) -> Box<dyn Bills + '_>;
    /// Payments.
    fn payments(&mut self) -> Box<dyn Payments + '_>;
    /// The double-entry ledger.
    fn ledger(&mut self) -> Box<dyn Ledger + '_>;
    /// What payment providers sent, raw.
    fn notices(&mut self) -> Box<dyn Notices + '_>;
    /// SMS.
    fn messages(&mut self) -> Box<dyn Messages + '_>;
    /// The journal of turns.
    fn journal(&mut self) -> Box<dyn Journal + '_>;
    /// Published files.
    fn editions(&mut self) -> Box<dyn Editions + '_>;
    /// How many different numbers a phone asked for today.
    fn enquiries(&mut self) -> Box<dyn Enquiries + '_>;
    /// The demo's world.
    fn sandbox(&mut self) -> Box<dyn Sandbox + '_>;
    /// Makes all of it last.
    async fn commit(self: Box<Self>) -> Result<()>;
}
