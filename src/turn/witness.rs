//! What a judge of turns reads of a line, and how it tells whose it is.

use chrono::{DateTime, Utc};

use super::{line::Line, position::Seen};
use crate::{
    dialogue::State,
    model::{DialogueId, EffectKey, MenusName, Msisdn, Position, accumulated::Mark},
    session::LineKey,
    store::Sealer,
};

/// A line, opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Witnessed {
    pub(crate) menus: MenusName,
    pub(crate) dialogue: DialogueId,
    pub(crate) turn: u32,
    pub(crate) session: Mark,
    pub(crate) seen: Seen,
    pub(crate) at: DateTime<Utc>,
    pub(crate) over: bool,
    pub(crate) asking: Option<u8>,
    pub(crate) state: State,
}

impl Witnessed {
    pub(crate) fn open(bytes: &[u8], sealer: &Sealer, key: LineKey) -> Option<Self> {
        let line = Line::decode(bytes, sealer, key)?;
        Some(Self {
            at: line.at(),
            menus: line.menus,
            dialogue: line.dialogue,
            turn: line.turn,
            session: line.session,
            seen: line.seen,
            over: line.over,
            asking: line.asking,
            state: line.state,
        })
    }

    pub(crate) fn effect_key(&self, ask: u8) -> EffectKey {
        EffectKey {
            dialogue: self.dialogue,
            turn: self.turn,
            ask,
        }
    }
}

/// The key of a phone's line.
pub(crate) fn line_key(sealer: &Sealer, gateway: &str, phone: &Msisdn) -> LineKey {
    let parts = [gateway.as_bytes(), phone.digits().as_bytes()];
    LineKey(sealer.mac("line", &parts))
}

/// The mark of a text.
pub(crate) fn mark(sealer: &Sealer, text: &str) -> Mark {
    let mac = sealer.mac("mark", &[text.as_bytes()]);
    mac.first_chunk().copied().unwrap_or_default()
}

/// What a line remembers of a position that is the first of its session.
pub(crate) fn seen(sealer: &Sealer, position: &Position) -> Seen {
    Seen::of(position, None, &|text| mark(sealer, text))
}

/// Whether both are of the same request, whatever came before it.
pub(crate) fn same_request(one: Seen, other: Seen) -> bool {
    match (one, other) {
        (Seen::Identified(one), Seen::Identified(other)) => one.last() == other.last(),
        (Seen::Bare(one), Seen::Bare(other)) => one.last() == other.last(),
        (one, other) => one == other,
    }
}
