//! What a dial brings along: the keys behind the code, and the dialogue that it may go on with.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::line::Line;
use crate::{
    dialogue::{self, State},
    menu::MenuSet,
    model::{Call, ServiceCode, Signal},
};

/// How a dialogue begins in place of what stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// By a dial: what was dialled behind the code counts, and what was dropped is offered.
    Dialled,
    /// In place of a turn that was lost: at the start. A path is never replayed.
    Anew,
}

/// Whether a call is for the set of `service`: its code was dialled, with or without more behind it.
/// Below a shared code the calls after the first may bear the shared part alone.
pub(super) fn is_for(call: &Call, service: &ServiceCode) -> bool {
    let Some(dialled) = &call.service_code else {
        return true;
    };
    let below_shared = call.signal != Signal::Begin && service.strip(dialled).is_some();
    dialled.strip(service).is_some() || below_shared
}

/// What was dialled behind the set's own code.
pub(super) fn keys(call: &Call, service: &ServiceCode, opening: Opening) -> Vec<String> {
    let dialled = call
        .service_code
        .as_ref()
        .filter(|_| opening == Opening::Dialled);
    let keys = dialled.and_then(|dialled| dialled.strip(service));
    keys.unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// The state of a dialogue of the same edition that was dropped a short while ago, where its menu
/// says that it can be gone on with.
///
/// It goes on in a dialogue of its own, with a new id: so no effect of it bears the key of one of
/// the dropped dialogue, whichever turn and ask they were.
pub(super) fn dropped<'a>(
    line: Option<&'a Line>,
    edition: &str,
    set: &MenuSet,
    opening: Opening,
    now: DateTime<Utc>,
) -> Option<&'a State> {
    let line = line.filter(|_| opening == Opening::Dialled)?;
    let whole = !line.over && line.asking.is_none() && line.edition == edition;
    let within = TimeDelta::from_std(dialogue::within(set, &line.state)?).ok()?;
    let soon = now.signed_duration_since(line.at()) <= within;
    (whole && soon).then_some(&line.state)
}

/// For how long a line is kept after its turn: as its menu can be resumed, and at least `usual`.
pub(super) fn kept_for(line: &Line, set: &MenuSet, usual: Duration) -> Duration {
    let resumed = dialogue::within(set, &line.state).filter(|_| !line.over);
    resumed.map_or(usual, |within| within.max(usual))
}
