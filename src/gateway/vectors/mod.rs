//! Vectors beside a profile: what goes over the wire in one case, and what must come of it. Pure.
//!
//! 1. [`play()`] reads all files of a folder of profiles, plays every vector against its profile, and gives one
//!    [`Played`] for each. `gateways/README.md` says what a vector looks like.
//! 2. A [`Played`] with [`Difference`]s prints expected and seen side by side, with the line of the profile that wrote
//!    it; with its trace, every rule that was tried and the value that it saw.
//! 3. A [`Run`] says what of each profile no vector comes to.
//! 4. [`record`] makes a vector of a request that came, masked, and plays it.
//!
//! Left out: anything that calls the aggregator.

mod compare;
mod coverage;
mod difference;
mod event;
mod example;
#[cfg(test)]
mod hostile;
mod inbound;
mod outbound;
mod placeholder;
mod play;
mod read;
mod record;
#[cfg(test)]
mod recorded_tests;
mod rpc;
mod stage;
#[cfg(test)]
mod tests;
mod vector;
mod wire;
mod written;
mod xml;

pub use difference::Difference;
pub use example::examples;
pub use play::{Played, Run, Unused, check, play, play_file};
pub use record::{NotRecorded, Recorded, appended, record};

use super::profile::folder::{Role, role};
use crate::model::source::Source;

/// Whether a file holds vectors of a profile that is among `sources`.
pub fn is_one(source: &Source, sources: &[Source]) -> bool {
    matches!(role(source, sources), Role::Recorded(_))
}
