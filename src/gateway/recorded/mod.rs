//! Requests recorded beside a profile: what the aggregator sent, what is to be heard in it, and what
//! is to be answered. Pure.
//!
//! 1. [`play()`] reads all files of a folder of profiles, runs every recorded request through its
//!    profile, and gives one [`Played`] for each.
//! 2. A [`Played`] with [`Difference`]s prints expected and seen side by side.
//!
//! A recording is a map: the name of the request, and
//!
//! ```yaml
//! request: POST /                      # method, address below the gateway's own, query
//! headers: {content-type: application/x-www-form-urlencoded}
//! body: sessionId=ATUid_1&text=1%2A2   # as it came, still encoded
//! seen: "1"                            # the accumulated text of the turn before
//! heard: {event: input, input: "2"}    # what must be heard; or `refused:` and the sentence
//! app: {continue: "Which account?"}    # what the application answers; or `end:`
//! response: {status: 200, type: text/plain, body: "CON Which account?"}     # or `json:`
//! ```
//!
//! Left out: anything that calls the aggregator.

mod difference;
mod play;
mod read;

pub use difference::Difference;
pub use play::{Played, Run, play};

use super::profile::folder::{Role, role};
use crate::model::source::Source;

/// Whether a file holds requests recorded for a profile that is among `sources`.
pub fn is_recording(source: &Source, sources: &[Source]) -> bool {
    matches!(role(source, sources), Role::Recorded(_))
}
