//! `nyota menu`: what is published, by whom and why; and services that are switched off.
//!
//! 1. `publish`, `rollback` and `diff` compare editions (`told` says how) and tell which callers are on
//!    a screen that goes (`callers`).
//! 2. `off` and `on` switch a service; `words` checks what callers are to read.
//! 3. `list` shows both logs.
//!
//! All of them write to the store only; the nodes follow it within a second.

mod arguments;
mod callers;
mod diff;
mod list;
mod publish;
mod rollback;
mod shelf;
mod switch;
#[cfg(test)]
mod tests;
mod told;
mod until;
mod words;

pub(super) use arguments::{MenuCommand, run};
pub(super) use shelf::short;
