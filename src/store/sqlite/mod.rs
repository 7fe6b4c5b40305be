//! The store on SQLite, for one node.
//!
//! 1. [`SqliteStore::open`] opens a file, or makes it for its owner only, and brings its schema up to
//!    date; [`SqliteStore::temporary`] is one that goes with the value.
//! 2. One connection writes, so writers queue in order instead of colliding; a few others read, each
//!    transaction seeing one moment (WAL). A commit is on disk when it returns.
//! 3. Each noun has its file here, as it has its trait above.
//!
//! Left out: more than one node on one file. That is what Postgres is for.

mod audit;
mod bill;
mod caller;
mod columns;
mod complaint;
mod copies;
mod database;
mod decision;
mod edition;
mod effect;
mod enquiry;
mod incoming;
mod job;
mod journal;
mod ledger;
mod marks;
mod message;
mod notice;
mod payment;
mod publication;
mod receipt;
mod reconciliation;
mod retention;
mod said;
mod sandbox;
mod schedule;
mod schema;
mod sealed;
mod switch;
mod tables;
#[cfg(test)]
mod tests;
mod transaction;

pub use database::SqliteStore;
