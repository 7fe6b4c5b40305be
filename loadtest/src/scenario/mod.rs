//! What phones do, read from a file: through which gateways, along which journeys, and how people and
//! aggregators misbehave meanwhile.
//!
//! 1. [`read()`] reads a file and reports its first mistake with its line.
//! 2. A [`Journey`] is what one caller does: [`Step`]s, each with the page that must come.
//! 3. [`People`] are what goes wrong on the way: pages read slowly, requests sent again, lines dropped.
//!
//! `loadtest/README.md` is the manual of these files.

mod patterns;
mod read;
mod span;
mod yaml;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(crate) use patterns::Patterns;
pub(crate) use read::{parse, read};
pub(crate) use span::{Span, duration};

use crate::dialect::Dialect;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// What it is, in a few words.
    #[serde(rename = "scenario")]
    pub(crate) words: String,
    /// Through which of the server's gateways the phones dial.
    pub(crate) gateways: Vec<Gateway>,
    /// Whose they are.
    pub(crate) phones: Phones,
    /// What goes wrong on the way; left out, nothing does.
    #[serde(default)]
    pub(crate) people: People,
    /// What `{name}` in a `dial` or a `press` stands for: one of these, drawn for each dialogue.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Vec<String>>,
    /// What callers do.
    pub(crate) journeys: Vec<Journey>,
}

/// A gateway of the server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gateway {
    /// Its name in the address `/ussd/NAME`.
    pub(crate) name: String,
    /// How it speaks.
    pub(crate) dialect: Dialect,
    /// How many of the phones it carries, beside the other gateways' weights.
    #[serde(default = "one")]
    pub(crate) weight: u32,
}

/// Consecutive numbers. Each is in one dialogue at a time, and the one that rested longest dials next.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phones {
    /// The first, with its plus: `+255710000000`.
    pub(crate) first: String,
    /// How many.
    pub(crate) count: u32,
}

/// How people and aggregators misbehave, in percent of the turns.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct People {
    /// How long a page is read before a key is sent.
    pub(crate) think: Span,
    /// The request comes again after its answer.
    pub(crate) repeat: f64,
    /// The request comes twice at the same time.
    pub(crate) twice: f64,
    /// The connection is dropped before the answer is read, and then the request comes again.
    pub(crate) drop: f64,
    /// The caller hangs up after the page.
    pub(crate) hang_up: f64,
}

/// What one caller does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journey {
    /// What she wants.
    pub(crate) name: String,
    /// How often it is taken, beside the other journeys' weights.
    #[serde(default = "one")]
    pub(crate) weight: u32,
    /// Whether the gateway says nothing of a caller who is gone, as where the network drops.
    #[serde(default)]
    pub(crate) silent: bool,
    /// The dial and the keys. A dialogue that is still open behind the last is hung up.
    pub(crate) steps: Vec<Step>,
}

/// One turn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The code that is dialled; the first step has it, and no other.
    pub(crate) dial: Option<String>,
    /// What is typed.
    pub(crate) press: Option<String>,
    /// The step is taken where the page before it matches; left out, always.
    pub(crate) when: Option<Patterns>,
    /// What the page must match, which asks for a key.
    pub(crate) see: Option<Patterns>,
    /// What the page must match, which is the last.
    pub(crate) end: Option<Patterns>,
    /// How long the page before is read, where it is not as for all people.
    pub(crate) think: Option<Span>,
}

impl Step {
    /// What is dialled or typed.
    pub(crate) fn keys(&self) -> &str {
        let typed = self.press.as_deref();
        self.dial.as_deref().or(typed).unwrap_or_default()
    }
}

impl Scenario {
    /// How many turns a dialogue has on average, without those that have a condition: from this a rate
    /// of turns is made one of dialogues.
    pub(crate) fn turns(&self) -> f64 {
        let weighed = self.journeys.iter().map(|journey| {
            let steps = journey.steps.iter().filter(|step| step.when.is_none());
            f64::from(journey.weight) * f64::from(u32::try_from(steps.count()).unwrap_or(u32::MAX))
        });
        let weights: u32 = self.journeys.iter().map(|journey| journey.weight).sum();
        weighed.sum::<f64>() / f64::from(weights)
    }
}

fn one() -> u32 {
    1
}
