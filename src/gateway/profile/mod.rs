//! The profile language: how one aggregator speaks, written as YAML, and its interpreter. Pure.
//!
//! 1. [`Profile::compile`] reads the profiles of a folder, or reports every [`Problem`] in one run.
//! 2. [`Profile::hear`] makes a [`Heard`] of a [`Request`]: the [`Call`](crate::model::Call) and
//!    what else the request tells; or it says in one sentence why it is [`Refused`].
//! 3. [`Profile::reply`] makes the [`Response`] for a screen, [`Profile::ended_reply`] that for the
//!    news that a dialogue is over, [`Profile::refuse`] that for a refused request.
//! 4. [`Profile::forward`] and [`Profile::shown`] are the other side: what an aggregator forwards for
//!    a phone, and what the phone shows. Transcripts and `nyota dial` speak through them.
//!
//! To add a word to the language: its type in `compiled`, its reading in `compile`, what it does in
//! `hear` or `answer`, a fixture for each of its problems in `tests/gateways/broken/`, a recorded
//! request beside a profile that uses it, and its place in `gateways/README.md`.
//!
//! Left out: XML and its kin, sending SMS, answers by a second call, and proof of the caller. They
//! come with the aggregators that need them.

mod answer;
mod compile;
mod compiled;
mod fields;
mod forward;
mod hear;
mod json;
mod problem;
mod refused;
mod request;
mod urlencoded;

pub use compile::Compiled;
pub(super) use compile::{entries, findings::Findings, folder, read_yaml};
pub use compiled::{Event, Go, Name, Profile, Proof};
pub use forward::{Dialled, Forwarded, NoPhone};
pub use hear::{Heard, Values};
pub use problem::Problem;
pub use refused::Refused;
pub use request::{Request, Response};
