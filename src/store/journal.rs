use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{DialogueId, Language, Msisdn};

/// One turn, for funnel, support and replay. It holds no page.
#[derive(Clone)]
pub struct JournalEntry {
    /// When the request came.
    pub at: DateTime<Utc>,
    /// Through which gateway.
    pub gateway: String,
    /// Who; stored as its keyed index only.
    pub phone: Msisdn,
    /// Which dialogue.
    pub dialogue: DialogueId,
    /// Its turn, from 0.
    pub turn: u32,
    /// What the request was: `begin`, `input`, `repeat`, `older`, `gap`, `abort`, `ended`.
    pub event: &'static str,
    /// What was typed, or the service code that was dialled; kept sealed. `None` for what is
    /// sensitive, and for a turn that steps nothing.
    pub input: Option<String>,
    /// The menu set.
    pub set: String,
    /// What was shown: `menu.screen`.
    pub screen: String,
    /// In which language.
    pub language: Language,
    /// The page's length in the units of its alphabet.
    pub units: u32,
    /// How many effects were asked.
    pub asks: u8,
    /// Whether the dialogue ended with it.
    pub last: bool,
    /// From the request to the reply, in microseconds.
    pub took_micros: u64,
}

impl fmt::Debug for JournalEntry {
    /// Without what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalEntry")
            .field("dialogue", &self.dialogue)
            .field("turn", &self.turn)
            .field("event", &self.event)
            .field("screen", &self.screen)
            .finish_non_exhaustive()
    }
}

/// A turn as it is read back: what a replay needs.
#[derive(Clone, PartialEq, Eq)]
pub struct JournaledTurn {
    /// When the request came.
    pub at: DateTime<Utc>,
    /// Through which gateway.
    pub gateway: String,
    /// The keyed index of who called.
    pub phone_index: Vec<u8>,
    /// What the request was.
    pub event: String,
    /// What was typed or dialled, where it was kept.
    pub input: Option<String>,
    /// What was shown: `menu.screen`.
    pub screen: String,
    /// In which language.
    pub language: Language,
    /// Whether the dialogue ended with it.
    pub last: bool,
}

impl fmt::Debug for JournaledTurn {
    /// Without what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournaledTurn")
            .field("event", &self.event)
            .field("screen", &self.screen)
            .finish_non_exhaustive()
    }
}

/// How many callers are on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLines {
    /// The menu set.
    pub set: String,
    /// `menu.screen`.
    pub screen: String,
    /// How many.
    pub lines: u64,
}

/// The journal of turns.
#[async_trait]
pub trait Journal: Send {
    /// Appends entries.
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<()>;

    /// The turns of a dialogue, in the order they were noted.
    async fn dialogue(&mut self, dialogue: DialogueId) -> Result<Vec<JournaledTurn>>;

    /// The dialogue whose turn was noted last.
    async fn newest(&mut self) -> Result<Option<DialogueId>>;

    /// How many callers are on which screen: by their last turn, where it came at `since` or later and
    /// did not end their dialogue. In order of sets and screens.
    async fn live(&mut self, since: DateTime<Utc>) -> Result<Vec<LiveLines>>;

    /// When each gateway's last turn came, of the last hundred thousand, by its name.
    async fn last_heard(&mut self) -> Result<Vec<(String, DateTime<Utc>)>>;

    /// How many turns it holds.
    async fn turns(&mut self) -> Result<u64>;
}
