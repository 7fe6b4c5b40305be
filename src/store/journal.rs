use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{DialogueId, Language, Msisdn};

/// One turn, for funnel and support. It holds no input and no page.
#[derive(Clone, Debug)]
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

/// The journal of turns.
#[async_trait]
pub trait Journal: Send {
    /// Appends entries.
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<()>;

    /// How many turns it holds.
    async fn turns(&mut self) -> Result<u64>;
}
