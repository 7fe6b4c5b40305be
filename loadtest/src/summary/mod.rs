//! What a run came to: as text for people, as JSON for programs, as a picture of it over time.

mod picture;
mod text;

use serde::Serialize;

pub(crate) use picture::picture;
pub(crate) use text::text;

use crate::{
    load::{Ground, Outcome, Pace},
    tally::{Counts, Second},
};

/// A run, and what it came to.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    /// The scenario's words.
    pub(crate) scenario: String,
    /// `open, 500 turns a second` or `closed, 8 callers`.
    pub(crate) pace: String,
    /// Of all chance.
    pub(crate) seed: u64,
    /// Whether Ctrl-C ended it.
    pub(crate) interrupted: bool,
    /// Whether every page was right and every request answered.
    pub(crate) right: bool,
    /// Turns a second.
    pub(crate) rate: f64,
    /// All figures.
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

impl Summary {
    /// Of a run on this ground.
    pub(crate) fn new(ground: &Ground, pace: Pace, outcome: Outcome) -> Self {
        let pace = match pace {
            Pace::Turns(rate) => format!("open, {rate} turns a second"),
            Pace::Callers(callers) => format!("closed, {callers} callers"),
        };
        Self {
            scenario: ground.scenario.words.clone(),
            pace,
            seed: ground.seed,
            interrupted: outcome.interrupted,
            right: outcome.counts.is_right(),
            rate: outcome.counts.rate(),
            counts: outcome.counts,
        }
    }
}

/// Turns a second, in one of them.
#[expect(clippy::cast_precision_loss, reason = "no second has 2^52 turns")]
pub(crate) fn rate(second: &Second) -> f64 {
    second.latency.count as f64 / second.long.max(0.001)
}

/// Microseconds, as people read them.
pub(crate) fn milliseconds(microseconds: u64) -> String {
    match microseconds {
        0..10_000 => format!(
            "{}.{:02} ms",
            microseconds / 1_000,
            microseconds % 1_000 / 10
        ),
        10_000..1_000_000 => format!("{} ms", microseconds / 1_000),
        1_000_000.. => format!(
            "{}.{} s",
            microseconds / 1_000_000,
            microseconds % 1_000_000 / 100_000
        ),
    }
}
