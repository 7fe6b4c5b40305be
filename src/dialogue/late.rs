use std::fmt;

use super::{
    Effect, Input, Outcome, Scene, Step,
    outcome::way_on,
    state::{Asked, Place, State},
    step,
};
use crate::menu::MenuSet;

/// What a late outcome does.
#[derive(Clone, PartialEq, Eq)]
pub struct LateStep {
    /// The state that a redial opens. It may be asking again: then nobody was asked yet.
    pub state: State,
    /// The text of the SMS that tells of it.
    pub sms: Option<String>,
}

impl fmt::Debug for LateStep {
    /// Without what the caller is told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LateStep")
            .field("state", &self.state)
            .field("sms", &self.sms.is_some())
            .finish()
    }
}

/// Steps with an outcome that came after its turn.
///
/// The SMS is that of the screen that the outcome leads to, or the call's own for this outcome.
pub fn late(set: &MenuSet, state: State, outcome: Outcome, scene: &Scene<'_>) -> LateStep {
    let state = state.without_ahead();
    let own = own_sms(set, &state, &outcome);
    let (mut state, mut next) = step(set, state, Input::Outcome(outcome), scene);
    let mut sms = None;
    while let Step::Ask(Effect::SendSms(text)) = next {
        sms = Some(text);
        (state, next) = step(set, state, Input::Outcome(Outcome::Done), scene);
    }
    LateStep {
        state,
        sms: sms.or(own),
    }
}

/// The call's SMS for this outcome, with what the outcome gives in its place.
fn own_sms(set: &MenuSet, state: &State, outcome: &Outcome) -> Option<String> {
    let Place::Asking(Asked::Call(screen)) = state.place else {
        return None;
    };
    let (into, way) = way_on(state, set, screen, outcome)?;
    let mut after = state.clone();
    after.keep(into, outcome.clone());
    after.print(set, way.sms.as_ref()?)
}
