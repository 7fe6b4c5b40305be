//! The bill: its state machine, what it is called, and its moves in the store.
//!
//! 1. [`BillEvent`] is what can happen; [`allows`] and [`next`] say where it takes a bill. They are
//!    pure, and every state is matched in full.
//! 2. [`advance`] lets an event happen to a stored bill. [`end`] does so where money may lie on it.
//! 3. Quarantine is no state: a bill that a person is to look at has a flag, whatever its state.

mod end;
mod id;
mod machine;

pub use end::{advance, end};
pub use id::bill_id;
pub use machine::{BillEvent, allows, events, is_open, is_paid, next, wants_number};
