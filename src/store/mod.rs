//! The store: what must outlive a process, on SQLite or Postgres behind one trait.
//!
//! 1. [`Store::read`] and [`Store::write`] begin a [`Transaction`]; it hands out one small repository
//!    for each noun; [`Transaction::commit`] makes it last, dropping it undoes it.
//! 2. Phones, names, SMS texts, states of dialogues and raw notices are sealed by the engine
//!    ([`Sealer`] with the [`Keys`] of the installation): callers pass and get the clear nouns, the file holds ciphertext and a keyed index.
//! 3. Times are UTC with microseconds; money is integer minor units with its currency.
//! 4. [`backup`] copies all of it into a file and back; [`reseal`] seals it with another key.
//!
//! [`open`] opens the database that an [`Address`] names, on whichever engine.
//!
//! A column that is sealed says `-- sealed` in its migration and stands in [`SealedColumn::ALL`].
//!
//! To add a noun: its rows and trait here, its file in each engine, its migration in both folders,
//! its part of `contract`, which runs on every engine.
//!
//! Left out: what the rows mean. No transaction may span a network wait.

mod address;
mod audit;
pub mod backup;
mod bill;
mod bill_state;
mod caller;
mod complaint;
#[cfg(test)]
mod contract;
mod copies;
mod decision;
mod edition;
mod effect;
mod enquiry;
mod error;
#[cfg(test)]
mod in_step;
mod incoming;
mod job;
mod journal;
mod key_file;
mod keys;
mod ledger;
mod mark;
mod marks;
#[cfg(test)]
pub(crate) mod memory;
mod message;
mod notice;
mod open;
mod options;
mod payment;
mod payment_state;
pub mod postgres;
#[cfg(test)]
mod postgres_server;
mod private;
mod publication;
mod rate;
mod receipt;
mod reconciliation;
mod retention;
mod said;
mod sandbox;
mod schedule;
mod seal;
mod sealed;
mod sending;
pub mod sqlite;
mod switch;
mod their_id;

use async_trait::async_trait;

pub use address::Address;
pub use audit::{
    Audit, BillPosted, BillsWanted, Entry, MoneyDeed, PaymentPosted, PaymentsWanted, Refund, Sum,
};
pub use bill::{Agreed, Bill, BillKey, Bills, NewBill, Share};
pub use bill_state::BillState;
pub use caller::Callers;
pub use complaint::{Complaint, ComplaintState, Complaints, NewComplaint};
pub use copies::{Cell, Column, ColumnKind, Copies, Row, Table};
pub use decision::{Decided, Decision, Decisions, JobFilter, JobRow, JobVerdict};
pub use edition::{Edition, Editions};
pub use effect::{Answer, Effects, Intended, Intent, Promised, StoredEffect};
pub use enquiry::Enquiries;
pub use error::StoreError;
pub use incoming::{Incoming, IncomingMessage, NewIncoming};
pub use job::{Claim, Job, JobKind, Jobs, NewJob, OVERDUE_AT_ONCE, OpenRoute, Priority};
pub use journal::{Journal, JournalEntry, JournaledTurn, LiveLines};
pub use key_file::{KeyFile, KeySource};
pub use keys::{Keys, KeysError};
pub use ledger::{Account, Ledger, Posting};
pub use marks::{Done, Marks};
pub use message::{Handover, Matched, Message, MessageState, Messages, NewMessage, Told};
pub use notice::{NewNotice, Notices, Verdict};
pub use open::{open, reach};
pub use options::Options;
pub use payment::{
    Booking, NewPayment, Payment, PaymentOutcome, PaymentSource, Payments, Recorded,
};
pub use payment_state::PaymentState;
pub use publication::{NewPublication, Publication, Publications, Standing, Way};
pub use rate::{ParseRateError, Rate};
pub use receipt::{NewReceipt, Receipt, Receipts};
pub use reconciliation::{Finding, NewReconciliation, Reconciliation, Reconciliations};
pub use retention::{Kept, Retention};
pub use said::{KnownCover, Said};
pub use sandbox::{Sandbox, SandboxBill, SandboxPolicy};
pub use schedule::Schedules;
pub use seal::{SealError, Sealer};
pub use sealed::{
    KeyColumn, Resealed, RowKey, Sealed, SealedColumn, SealedValue, count_keys, reseal,
};
pub use switch::{NewSwitch, Switch, SwitchedTo, Switches};
pub use their_id::TheirId;

/// Shorthand of this module.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A database.
#[async_trait]
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Begins a transaction that only reads: it sees one moment and never waits for a writer.
    async fn read(&self) -> Result<Box<dyn Transaction + '_>>;

    /// Begins a transaction that may write, and is short. On SQLite it holds the write lock. On
    /// Postgres others write beside it: a row that it reads by its key is held until its end, and a
    /// commit after a statement that failed is refused.
    async fn write(&self) -> Result<Box<dyn Transaction + '_>>;

    /// Whether other nodes may serve from it too, so that none may change what all serve by its start.
    fn is_shared(&self) -> bool {
        true
    }

    /// Whether it takes what must last, shown by a write that changes nothing: for whoever routes
    /// calls here. A database that can only be read fails.
    async fn answer(&self) -> Result<()>;
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
    /// What a person sees of the outbox, and decides.
    fn decisions(&mut self) -> Box<dyn Decisions + '_>;
    /// What is done once in a period.
    fn schedules(&mut self) -> Box<dyn Schedules + '_>;
    /// Deletes what was kept long enough.
    fn retention(&mut self) -> Box<dyn Retention + '_>;
    /// Bills.
    fn bills(&mut self) -> Box<dyn Bills + '_>;
    /// Payments.
    fn payments(&mut self) -> Box<dyn Payments + '_>;
    /// The double-entry ledger.
    fn ledger(&mut self) -> Box<dyn Ledger + '_>;
    /// What persons see of money and do with it, and whether the books agree.
    fn audit(&mut self) -> Box<dyn Audit + '_>;
    /// What payment providers were asked about a day.
    fn reconciliations(&mut self) -> Box<dyn Reconciliations + '_>;
    /// What payment providers sent, raw.
    fn notices(&mut self) -> Box<dyn Notices + '_>;
    /// SMS.
    fn messages(&mut self) -> Box<dyn Messages + '_>;
    /// What aggregators told of SMS after they took them.
    fn receipts(&mut self) -> Box<dyn Receipts + '_>;
    /// SMS that came.
    fn incoming(&mut self) -> Box<dyn Incoming + '_>;
    /// The journal of turns.
    fn journal(&mut self) -> Box<dyn Journal + '_>;
    /// The files of editions.
    fn editions(&mut self) -> Box<dyn Editions + '_>;
    /// Which edition is current, and which were.
    fn publications(&mut self) -> Box<dyn Publications + '_>;
    /// Which services are switched off.
    fn switches(&mut self) -> Box<dyn Switches + '_>;
    /// How many different numbers a phone asked for today.
    fn enquiries(&mut self) -> Box<dyn Enquiries + '_>;
    /// What schemes said.
    fn said(&mut self) -> Box<dyn Said + '_>;
    /// Complaints.
    fn complaints(&mut self) -> Box<dyn Complaints + '_>;
    /// When what is done by hand was last done.
    fn marks(&mut self) -> Box<dyn Marks + '_>;
    /// The demo's world.
    fn sandbox(&mut self) -> Box<dyn Sandbox + '_>;
    /// Sealed values as they lie: for a change of keys.
    fn sealed(&mut self) -> Box<dyn Sealed + '_>;
    /// Whole tables as they lie: for a backup.
    fn copies(&mut self) -> Box<dyn Copies + '_>;
    /// Makes all of it last.
    async fn commit(self: Box<Self>) -> Result<()>;
}
