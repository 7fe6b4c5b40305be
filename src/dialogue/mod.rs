//! The dialogue: a state machine that a menu set drives. Pure.
//!
//! 1. [`dial`] begins a dialogue, [`open`] one with the plain code; [`step`] takes it one [`Input`] further; both give the new
//!    [`State`] and a [`Step`]: a page to show, a last page, or an [`Effect`] to ask of the world
//!    first.
//! 2. An effect's [`Outcome`] is the next input. Asks without a key press are bounded. Whoever
//!    finds a state that is asking gets the same effect again from [`State::asking`].
//! 3. [`render`] gives the page of a state again, the same bytes for the same [`Scene`].
//! 4. [`late`] is the step of an outcome that came after its turn: the state that a redial opens,
//!    and the SMS that tells of it.
//! 5. What is dialled behind the code is pressed key by key (`ahead`); a dialogue that was dropped can
//!    be gone on with (`resume`), for as long as [`within`] says.
//! 6. [`busy`], [`unavailable`] and [`off`] are the last pages of a turn that has no state to show;
//!    [`variables`] is what a menu's author sees beside the phone.
//! 6. [`marks`] are all that callers of a set can come to, [`visited`] what one step came to:
//!    the coverage of transcripts. [`is_sensitive`] says what of a caller's keys is not kept.
//!
//! It is total: a checked set has a page for every input, failed effects included, and a state of
//! another set ends with the words for "unavailable". Stepping twice from one state gives one
//! result, so whoever repeats a turn does no harm.
//!
//! To add a verb: where it is entered (`moves`), its keys (`press`), its outcome if it asks
//! something (`outcome`), and where it leads if it goes on by itself (`pass`).
//!
//! Left out: sockets, the clock, chance, and what the effects do.
#![deny(clippy::disallowed_types)]

mod ahead;
mod answer;
mod effect;
mod forget;
mod late;
mod moves;
mod outcome;
mod pass;
mod press;
mod render;
mod resume;
mod scene;
mod state;
mod step;
mod variables;
mod visited;

#[cfg(test)]
mod tests;

pub use effect::{Effect, Outcome};
pub use late::{LateStep, late};
pub use render::{Page, busy, forgotten, off, render, too_many, unavailable, wrong_number};
pub use resume::within;
pub use scene::{Greeting, Scene, Waiting};
pub use state::State;
pub use step::{Dialled, Input, Step, dial, open, step};
pub use variables::variables;
pub use visited::{Mark, Marked, is_sensitive, marks, visited};
