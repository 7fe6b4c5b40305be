//! The store on Postgres, for many nodes.
//!
//! 1. [`PostgresStore::open`] connects, brings the schema up to date and makes sure that the keys
//!    fit. Nodes that start at once on one database wait for each other there.
//! 2. A transaction that reads sees one moment (repeatable read, read only).
//! 3. Writers run side by side, so what one has read may move under it. Three rules stand in for
//!    SQLite's single writer: a row that a write reads by its key is held until its end
//!    (`Tables::keyed`); what must be there once is held so by a unique constraint, and
//!    whoever loses reads the winner's row; what is counted or looked for before it is written is
//!    done behind a lock of its name (`Tables::hold`).
//! 4. No answer is waited for without an end: connecting, statements and commits all have one
//!    ([`super::Options`]). A connection in doubt is closed.
//!
//! Each noun has its file here, as it has its trait above.

mod audit;
mod bill;
mod caller;
mod columns;
mod complaint;
mod connection;
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

pub use database::PostgresStore;
