//! Where a message's sending is, and what answers and receipts make of it: the same on every engine.

use chrono::TimeDelta;

use super::{Handover, Matched, MessageState, TheirId, Told, their_id::word};

/// How long a receipt may be ahead of the answer to the call that it is about. An id that comes again
/// much later is another message's.
pub(super) const AHEAD: TimeDelta = TimeDelta::hours(1);

/// The columns of a message that say where its sending is.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    pub(super) id: i64,
    pub(super) state: MessageState,
    pub(super) route: Option<String>,
    pub(super) their_id: Option<TheirId>,
    pub(super) error_code: Option<String>,
}

impl Sending {
    /// Takes what a route answered; false where another's answer stands, which it does not change.
    pub(super) fn answered(&mut self, handover: &Handover) -> bool {
        let by_this = self
            .route
            .as_ref()
            .is_none_or(|route| *route == handover.route);
        let by_this_id = self.their_id.is_none() || self.their_id == handover.their_id;
        if self.state != MessageState::Queued && !(by_this && by_this_id) {
            return false;
        }
        self.route = Some(handover.route.clone());
        self.their_id.clone_from(&handover.their_id);
        self.move_on(handover.state, handover.error_code.as_deref());
        true
    }

    /// Takes what a receipt tells; whether that moved it on.
    pub(super) fn told(&mut self, told: &Told) -> bool {
        let waited = self.state == MessageState::Queued;
        if !self.is_meant_by(told) || !self.received(told.state, told.error_code.as_deref()) {
            return false;
        }
        if waited {
            self.route = Some(told.route.clone());
            self.their_id.clone_from(&told.their_id);
        }
        true
    }

    /// Takes a receipt that is about this sending; whether that moved it on.
    pub(super) fn received(&mut self, state: MessageState, error_code: Option<&str>) -> bool {
        // Whoever has it queued has it from us.
        let state = state.max(MessageState::Sent);
        self.move_on(state, error_code)
    }

    /// Whether the receipt calls the message by another id than the route's answer did: it may be
    /// about the time before.
    pub(super) fn has_other_id(&self, told: &Told) -> bool {
        told.their_id.is_some() && self.their_id != told.their_id
    }

    /// With what a receipt did to it.
    pub(super) fn matched(&self, moved: bool) -> Matched {
        Matched {
            id: self.id,
            state: self.state,
            moved,
        }
    }

    /// Whether the receipt is about this sending. One that was sent before may be told of again while
    /// it waits to be sent anew, or by a route that it no longer goes by.
    fn is_meant_by(&self, told: &Told) -> bool {
        match (&self.route, self.state) {
            (None, _) => true,
            (Some(route), MessageState::Queued) => {
                told.their_id.is_some() && (*route != told.route || self.has_other_id(told))
            }
            (Some(route), MessageState::Sent | MessageState::Delivered | MessageState::Failed) => {
                *route == told.route
            }
        }
    }

    fn move_on(&mut self, state: MessageState, error_code: Option<&str>) -> bool {
        if !state.reached_from().contains(&self.state) {
            return false;
        }
        self.state = state;
        if state == MessageState::Failed {
            self.error_code = error_code.map(word);
        }
        true
    }
}
