//! What an effect's outcome does.

use super::{
    Outcome,
    ahead::Ahead,
    state::{Asked, LateQuestion, Place, State},
};
use crate::menu::{MenuSet, OutcomeName, OutcomeTarget, ScreenId, VarId, Verb};

impl State {
    /// Takes the outcome of what was asked; a state that waits for a key stays as it is.
    pub(super) fn take_outcome(&mut self, set: &MenuSet, outcome: Outcome) {
        let Place::Asking(asked) = self.place.clone() else {
            return;
        };
        match asked {
            Asked::Call(screen) => self.end_call(set, screen, outcome),
            // A promised screen is shown even where its SMS could not be.
            Asked::Sms(screen) => self.arrive(screen),
            Asked::Language(screen) => self.leave_language(set, screen),
            Asked::Late { question, .. } => self.end_late(set, question, outcome),
        }
    }

    fn end_call(&mut self, set: &MenuSet, screen: ScreenId, outcome: Outcome) {
        let Some((into, way)) = way_on(self, set, screen, &outcome) else {
            return self.give_up();
        };
        if way.name == OutcomeName::Slow {
            // What is promised is read before anything else is pressed.
            self.ahead = Ahead::default();
        }
        self.keep(into, outcome);
        self.follow_call(set, &way.target);
    }

    /// Keeps what a call gave.
    pub(super) fn keep(&mut self, into: Option<VarId>, outcome: Outcome) {
        if let Outcome::Call {
            value: Some(value), ..
        } = outcome
            && let Some(into) = into
        {
            self.set_variable(into, value);
        }
    }

    fn end_late(&mut self, set: &MenuSet, question: LateQuestion, outcome: Outcome) {
        match outcome {
            Outcome::Answer(answer) => {
                *self = Self {
                    asks: self.asks,
                    banner: self.banner,
                    ahead: Ahead::default(),
                    ..*answer
                }
            }
            Outcome::Wrong => self.late_was_wrong(set, question),
            Outcome::Failed | Outcome::Done | Outcome::Call { .. } => {
                self.begin(set, question.language_known);
            }
        }
    }
}

/// Where a call's outcome leads, and what keeps its value.
pub(super) fn way_on<'a>(
    state: &State,
    set: &'a MenuSet,
    screen: ScreenId,
    outcome: &Outcome,
) -> Option<(Option<VarId>, &'a OutcomeTarget)> {
    let Outcome::Call { name, .. } = outcome else {
        return None;
    };
    match &state.screen_at(set, screen)?.verb {
        Verb::Call { into, on, .. } => {
            if let Some(way) = on.iter().find(|way| way.name == *name) {
                return Some((*into, way));
            }
            // A menu that has no words for what is only known of before.
            let down = on.iter().find(|way| way.name == OutcomeName::Down);
            down.filter(|_| *name == OutcomeName::Known)
                .map(|way| (None, way))
        }
        Verb::Menu { .. }
        | Verb::List { .. }
        | Verb::Ask { .. }
        | Verb::Confirm { .. }
        | Verb::Show { .. }
        | Verb::End { .. }
        | Verb::Language { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => None,
    }
}
