//! What is to be done with a payment that is told: pure, and decided in one place.
//!
//! 1. [`PaidEntry`](super::told::PaidEntry) is what the gateway says; [`Known`] is what the store knows of
//!    it; [`Rules`] are the installation's own.
//! 2. [`judge`] says what follows as a [`Verdict`]. Money that contradicts what is known is held for a
//!    person, money of no bill waits for one, and nothing is ever turned away: it has come.
//!
//! Every way in which a payment goes wrong is a test here or in `books`.

mod reason;
mod rules;
#[cfg(test)]
mod tests;
mod verdict;

pub use reason::Reason;
pub use rules::{Rules, Tolerance};
pub use verdict::{Before, Known, Target, Verdict, Way, judge};
