//! Effects: what a dialogue asks of the world, run once, and told to the caller in time or late.
//!
//! 1. [`Effects::ask`] runs one effect within a turn's deadline and gives its outcome. What can be
//!    late is a row before it runs, under its key; whoever writes the row runs it, everyone else
//!    waits for its outcome; what is not ready by the deadline is promised.
//! 2. [`Effects::told`] ends an effect whose outcome the caller has seen. One that nobody saw, because
//!    it was late or a process died, is told by [`Effects::run`], which the outbox calls.
//! 3. [`Effects::greeting`] is what a dialogue knows of its caller when it begins.
//! 4. A [`Prompter`] stands beside a transcript: it answers in the world's place and sees every step.
//!
//! To add an operation: its arm in `call`, and what it asks in `enquiry` or `billing`.
//!
//! Left out: when to ask (`dialogue`), and when to try again (`outbox`).

mod answer;
mod ask;
mod billing;
mod call;
mod changes;
mod codec;
mod complaint;
pub mod declared;
mod enquiry;
mod greeting;
mod job;
mod known;
mod late;
mod paid;
mod prompter;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
pub(crate) mod witness;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use ask::Missed;
use declared::DeclaredCalls;
pub use job::{Failed, Ran, Work};
pub use prompter::{Prompt, Prompter, Stepped};

use crate::{
    catalogue::Catalogue,
    dialogue::{Effect, Outcome, State},
    menu::{OutcomeName, Value},
    model::{Chance, Clock, EffectKey, Language, MenusName, Msisdn},
    payment::{Billing, Wake},
    scheme::Schemes,
    sms::Sms,
    store::{Intent, Store},
};

/// How long answers are of use, and how much a phone may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many different numbers a phone may ask for in a day, its own member's aside. One in ten
    /// random nine-digit numbers is valid, so this is what keeps a phone from reading the register.
    pub numbers_a_day: u32,
    /// For how many hours a late answer is worked on and kept for a redial.
    #[schemars(range(min = 1))]
    pub answer_hours: u32,
    /// For how many seconds the outbox waits for one answer.
    #[schemars(range(min = 1))]
    pub patience_seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            numbers_a_day: 10,
            answer_hours: 24,
            patience_seconds: 30,
        }
    }
}

impl Options {
    fn answers_live(self) -> TimeDelta {
        TimeDelta::hours(self.answer_hours.into())
    }
}

/// What effects are run with.
#[derive(Debug)]
pub struct World {
    /// Where what must last is written.
    pub store: Arc<dyn Store>,
    /// Who is a member, with which cover.
    pub schemes: Schemes,
    /// Makes and submits bills.
    pub billing: Arc<Billing>,
    /// Menus, for the texts of late answers.
    pub catalogue: Arc<Catalogue>,
    /// Makes the calls that sets declare themselves.
    pub calls: DeclaredCalls,
    /// Queues SMS.
    pub sms: Sms,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of bills come from.
    pub chance: Arc<dyn Chance>,
    /// Woken when there is news or work.
    pub wake: Wake,
    /// Beside a transcript that is played; a server that serves callers has none.
    pub prompter: Option<Arc<dyn Prompter>>,
}

/// Runs effects.
#[derive(Debug)]
pub struct Effects {
    world: World,
    options: Options,
}

/// One effect, as a turn asks it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its key.
    pub key: EffectKey,
    /// The caller.
    pub phone: &'a Msisdn,
    /// The gateway she dialled through.
    pub gateway: &'a str,
    /// The menus that the dialogue steps through.
    pub menus: &'a MenusName,
    /// What is asked.
    pub effect: &'a Effect,
    /// The state that asks it.
    pub state: &'a State,
}

/// Who asks a call, whichever way it came.
#[derive(Clone, Copy, Debug)]
struct Asker<'a> {
    phone: &'a Msisdn,
    language: Language,
    /// The menu set that she reads.
    set: &'a str,
    /// The edition of the files that the set is of.
    edition: &'a str,
    /// The effect that asks.
    key: EffectKey,
    /// Whether she is on the line: then what is to come is waited for.
    on_line: bool,
}

/// No outcome yet. What it says is for the operator, in few words.
#[derive(Debug)]
enum Pending {
    /// It failed, and may succeed when it is tried again.
    Failed(String),
    /// It goes well, and something is still to come.
    Awaited(&'static str),
}

impl std::fmt::Display for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Failed(why) => why,
            Self::Awaited(what) => what,
        })
    }
}

impl<E: std::error::Error> From<E> for Pending {
    fn from(error: E) -> Self {
        let causes = std::iter::successors(error.source(), |cause| cause.source());
        let sentence = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
        Self::Failed(sentence)
    }
}

impl Effects {
    /// Effects in `world`.
    pub fn new(world: World, options: Options) -> Self {
        Self { world, options }
    }
}

impl<'a> Asked<'a> {
    fn asker(&self) -> Asker<'a> {
        Asker {
            phone: self.phone,
            language: self.state.language(),
            set: &self.menus.set,
            edition: &self.menus.edition,
            key: self.key,
            on_line: true,
        }
    }

    fn intent(&self, now: DateTime<Utc>, not_after: DateTime<Utc>) -> Intent {
        Intent {
            key: self.key,
            phone: self.phone.clone(),
            gateway: self.gateway.to_owned(),
            menus: self.menus.clone(),
            about: call::about(self.effect),
            effect: codec::encode(self.effect),
            // What was dialled and not pressed yet may be anything: it stays on the line.
            state: codec::encode(&self.state.clone().without_ahead()),
            asked_at: now,
            not_after,
        }
    }
}

/// An outcome that gives nothing.
fn bare(name: OutcomeName) -> Outcome {
    Outcome::Call { name, value: None }
}

/// An outcome that gives a value.
fn giving(name: OutcomeName, value: Value) -> Outcome {
    Outcome::Call {
        name,
        value: Some(value),
    }
}

/// A call that failed while its caller waits is `down`.
fn failed(asked: &Asked<'_>, pending: &Pending) -> Outcome {
    tracing::warn!(key = %asked.key, why = %pending, "a call failed");
    bare(OutcomeName::Down)
}

fn done_or_failed(tried: &str, result: Result<(), Missed>) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(error) => {
            tracing::error!(%error, "could not {tried}");
            Outcome::Failed
        }
    }
}
