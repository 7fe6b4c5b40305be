//! What a judge of effects reads of a row.

use super::{answer, codec};
use crate::dialogue::{Effect, Outcome};

/// What is asked.
pub(crate) fn effect(bytes: &[u8]) -> Option<Effect> {
    codec::decode(bytes)
}

/// How it ended; of an opened answer, what came of opening it.
pub(crate) fn outcome(effect: &Effect, bytes: &[u8]) -> Option<Outcome> {
    match effect {
        Effect::OpenAnswer(_) => answer::opened_outcome(bytes),
        Effect::Call { .. } | Effect::RememberLanguage(_) | Effect::SendSms(_) => {
            codec::decode(bytes)
        }
    }
}
