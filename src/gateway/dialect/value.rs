//! Values: where they come from, what filters do to them, and templates filled with them.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;

use super::{Account, Refused, Source};

/// A value on its way from its source through its filters.
#[derive(Clone, PartialEq)]
pub(super) enum Datum {
    Text(String),
    /// Typed: a number, a truth value, `null` (which is no value), a list.
    Json(Json),
    Bytes(Vec<u8>),
    Time(DateTime<Utc>),
}

/// What values are taken from: a request, a reply, a screen, a message.
pub(super) trait Sources {
    /// The value of a source; `None` where it is not there.
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused>;

    /// Whose settings count.
    fn account(&self) -> &Account;
}
