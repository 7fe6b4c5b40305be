//! One turn of a caller, from the aggregator's call to the page that answers it.
//!
//! 1. [`Turns::take`] reads the caller's line, makes the call an [`event`](Event) with its memory,
//!    steps the dialogue, runs its effects, commits the line by compare-and-set and replies.
//! 2. Commits form one chain: whoever loses gets the winner's line; if it bears his own turn he
//!    answers the same bytes, else he begins again from there.
//! 3. Before its first effect a turn commits the line as *asking*: a repeat of it joins the same
//!    effect, another input waits for its outcome or is told to dial again.
//! 4. What a session's first request told for all, `alias` keeps for the others.
//! 5. Who begins too many dialogues is told to wait: they are counted in the sessions, for all nodes.
//! 6. A turn of a service that is switched off ends with its text.
//! 7. [`Turns::inside`] shows a line to a menu's author.
//!
//! It is total: every call gets a reply within the gateway's deadline, and a reply leaves only after
//! its commit.
//!
//! Left out: dialects (`gateway`), what effects do (`effect`), where lines are kept (`session`).

mod alias;
mod drive;
mod event;
mod inside;
mod journal;
mod limit;
mod line;
mod off;
mod opening;
mod position;
mod take;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod witness;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub use event::Event;
pub use inside::Inside;
pub use journal::{JournalWriter, journal};
pub use position::Seen;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use take::{Answered, Reply};

use crate::{
    catalogue::Catalogue,
    effect::Effects,
    model::{Chance, Clock, PageSize, Rate},
    session::{SessionError, Sessions},
    store::Sealer,
};

/// How lines live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// For how many seconds a line is kept after its last turn: the longest session of a network
    /// (180 s) and a minute for late repeats.
    #[schemars(range(min = 60))]
    pub line_seconds: u64,
    /// A deadline for every turn where the gateway's is longer.
    #[serde(skip)]
    pub deadline: Option<Duration>,
    /// Before the first page of every dialogue: `DEMO `. Empty for nothing.
    #[serde(skip)]
    pub banner: String,
    /// What a page holds, where it is not what the gateway's does.
    #[serde(skip)]
    pub page: Option<PageSize>,
    /// How often one phone may begin a dialogue, on whichever node and gateway. A begin that its
    /// aggregator sends again counts again. `null`: without a limit.
    pub dialogues: Option<Rate>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            line_seconds: 240,
            deadline: None,
            banner: String::new(),
            page: None,
            dialogues: Some(Rate::of(60, 600)),
        }
    }
}

/// What a turn needs to know of its gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gateway<'a> {
    /// Its name: part of the line's key.
    pub name: &'a str,
    /// What its page holds.
    pub page: PageSize,
    /// How long a turn may take.
    pub deadline: Duration,
}

/// Takes turns.
#[derive(Debug)]
pub struct Turns {
    sessions: Arc<dyn Sessions>,
    catalogue: Arc<Catalogue>,
    effects: Arc<Effects>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    sealer: Arc<Sealer>,
    journal: JournalWriter,
    options: Options,
    /// How many dialogues were not begun because their phone begins too many.
    dialogues_refused: AtomicU64,
}

/// What turns are taken with.
#[derive(Debug)]
pub struct World {
    /// Where lines are kept.
    pub sessions: Arc<dyn Sessions>,
    /// The menus.
    pub catalogue: Arc<Catalogue>,
    /// Runs what dialogues ask.
    pub effects: Arc<Effects>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of dialogues come from.
    pub chance: Arc<dyn Chance>,
    /// Keys of lines, marks of texts.
    pub sealer: Arc<Sealer>,
    /// Where turns are noted.
    pub journal: JournalWriter,
}

impl Turns {
    /// Whether turns can be taken: the lines can be read.
    pub async fn ready(&self) -> Result<(), SessionError> {
        self.sessions.answer().await
    }

    /// For how long a line is kept where its menu wants it no longer.
    fn usual(&self) -> Duration {
        Duration::from_secs(self.options.line_seconds)
    }

    /// How many dialogues were not begun since the start because their phone begins too many.
    pub fn dialogues_refused(&self) -> u64 {
        self.dialogues_refused.load(Ordering::Relaxed)
    }

    /// Turns in `world`.
    pub fn new(world: World, options: Options) -> Self {
        let World {
            sessions,
            catalogue,
            effects,
            clock,
            chance,
            sealer,
            journal,
        } = world;
        Self {
            sessions,
            catalogue,
            effects,
            clock,
            chance,
            sealer,
            journal,
            options,
            dialogues_refused: AtomicU64::new(0),
        }
    }
}
