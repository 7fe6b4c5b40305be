use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::position::Seen;
use crate::{
    dialogue::State,
    model::{DialogueId, EffectKey, MenusName, accumulated::Mark},
};

/// What is kept of a caller between turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The menus that the dialogue began with.
    pub(super) menus: MenusName,
    /// The dialogue.
    pub(super) dialogue: DialogueId,
    /// Its last turn, from 0.
    pub(super) turn: u32,
    /// Mark of the aggregator's session id.
    pub(super) session: Mark,
    /// Mark of the session that this one took the line from: what still comes from there is stale.
    pub(super) previous: Option<Mark>,
    /// The position of the last turn.
    pub(super) seen: Seen,
    /// When the last turn came: a repeat is rendered as of then. Milliseconds since 1970.
    pub(super) at: i64,
    /// Whether the dialogue is over.
    pub(super) over: bool,
    /// The turn and ask that opened a late answer, until the caller goes on from it.
    pub(super) unread: Option<(u32, u8)>,
    /// The ask that runs, counted from 0 in its turn.
    pub(super) asking: Option<u8>,
    /// Where the dialogue is.
    pub(super) state: State,
}

impl Line {
    pub(super) fn encode(&self) -> Vec<u8> {
        // Our own structs have no failure here; an empty line would read as none.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// A line of another version of nyota reads as none: its caller starts again.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    pub(super) fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.at).unwrap_or_default()
    }

    pub(super) fn effect_key(&self, ask: u8) -> EffectKey {
        EffectKey {
            dialogue: self.dialogue,
            turn: self.turn,
            ask,
        }
    }
}
