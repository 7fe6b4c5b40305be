use std::fmt;

use serde::{Deserialize, Serialize};

/// One dialogue: a random id of ours, made when it opens. No aggregator's id is trusted to be one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DialogueId(pub u128);

impl fmt::Display for DialogueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for DialogueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl DialogueId {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 32)
            .then(|| u128::from_str_radix(text, 16).ok())
            .flatten()
            .map(Self)
    }
}

/// The key of an effect: which dialogue asked, in which of its turns, as which of the turn's asks.
/// The same key is the same effect, on any node and after any crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EffectKey {
    /// The dialogue.
    pub dialogue: DialogueId,
    /// Its turn, from 0.
    pub turn: u32,
    /// The turn's ask, from 0.
    pub ask: u8,
}

impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.dialogue, self.turn, self.ask)
    }
}

impl EffectKey {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let key = Self {
            dialogue: DialogueId::parse(parts.next()?)?,
            turn: parts.next()?.parse().ok()?,
            ask: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = EffectKey {
            dialogue: DialogueId(7),
            turn: 3,
            ask: 1,
        };
        assert_eq!(EffectKey::parse(&key.to_string()), Some(key));
        for text in ["", "1.2.3", "x", &format!("{key}.1")] {
            assert_eq!(EffectKey::parse(text), None, "{text}");
        }
    }
}
