use serde::{Serialize, de::DeserializeOwned};

use super::bare;
use crate::{dialogue::Outcome, menu::OutcomeName};

/// Bytes for the store. What we encode are our own enums and structs, for which postcard into a
/// vector has no failure; an empty vector would read back as an error.
pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}

/// What [`encode`] wrote; `None` for what another version wrote differently.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// A stored outcome; `down` where it cannot be read any more.
pub(super) fn outcome(bytes: &[u8]) -> Outcome {
    decode(bytes).unwrap_or_else(|| {
        tracing::error!("a stored outcome cannot be read; it is taken as down");
        bare(OutcomeName::Down)
    })
}
