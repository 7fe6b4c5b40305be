//! The page for the aggregator's engineer: our addresses, what we read there and what we answer. Pure.
//!
//! [`Profile::sheet`](super::Profile::sheet) writes Markdown from a profile and what the operator says of one contract.
//! Settings that are secret or prove a caller stand in it by their names: `{password}` is `PASSWORD`.

mod account;
mod answers;
mod curl;
mod example;
mod fields;
mod page;
#[cfg(test)]
mod tests;

pub use page::{Example, Handed};
