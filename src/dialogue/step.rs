use std::fmt;

use super::{
    Effect, Greeting, Outcome, Page, Scene, Waiting,
    render::render,
    state::{Asked, LateQuestion, Place, State, Visit},
};
use crate::menu::{MOST_ASKS, MenuSet};

/// What takes a dialogue further.
#[derive(Clone, PartialEq, Eq)]
pub enum Input {
    /// What the caller typed.
    Text(String),
    /// How the effect ended that was asked.
    Outcome(Outcome),
}

impl fmt::Debug for Input {
    /// Without what the caller typed, which may be a PIN.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(typed) => write!(f, "Text({} characters)", typed.chars().count()),
            Self::Outcome(outcome) => write!(f, "Outcome({outcome:?})"),
        }
    }
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this of the world, and step again with its outcome.
    Ask(Effect),
    /// Show this page and wait for a key.
    Show(Page),
    /// Show this page; the dialogue is over.
    End(Page),
}

/// What a dial says besides the code, and what stood before it.
#[derive(Clone, Copy, Default)]
pub struct Dialled<'a> {
    /// What was dialled behind the code, key by key.
    pub keys: &'a [String],
    /// A dialogue of the same set that was dropped just before: neither over nor asking, and within
    /// the time that [`within`](super::within) gives.
    pub dropped: Option<&'a State>,
}

impl fmt::Debug for Dialled<'_> {
    /// Without what was dialled, which may be anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (keys, dropped) = (self.keys.len(), self.dropped.is_some());
        write!(f, "Dialled({keys} keys, dropped: {dropped})")
    }
}

/// Begins a dialogue at the root of `set`, or at the late answer that waits.
pub fn open(set: &MenuSet, greeting: &Greeting, scene: &Scene<'_>) -> (State, Step) {
    dial(set, greeting, Dialled::default(), scene)
}

/// Begins a dialogue with what was dialled: at the late answer that waits; else with the keys
/// behind the code; else at the offer to go on with what was dropped; else at the root of `set`.
pub fn dial(
    set: &MenuSet,
    greeting: &Greeting,
    dialled: Dialled<'_>,
    scene: &Scene<'_>,
) -> (State, Step) {
    let spoken = |language: &_| {
        set.languages
            .iter()
            .any(|known| known.language == *language)
    };
    let chosen = greeting.language.filter(spoken);
    let mut state = State::new(chosen.unwrap_or_else(|| set.fallback()));
    let question = LateQuestion {
        visit: Visit::FRESH,
        language_known: chosen.is_some(),
    };
    match greeting.waiting {
        Some(Waiting::AtOnce) => {
            let typed = None;
            state.place = Place::Asking(Asked::Late { question, typed });
        }
        Some(Waiting::WithLastFour) => state.place = Place::Late(question),
        None if !dialled.keys.is_empty() => state.begin_dialled(set, dialled.keys),
        None => {
            let known = question.language_known;
            let dropped = dialled.dropped;
            if !dropped.is_some_and(|dropped| state.offer(set, dropped, known)) {
                state.begin(set, known);
            }
        }
    }
    conclude(set, state, scene)
}

/// Takes a dialogue one input further.
///
/// A text for a state that waits for an effect asks that effect again, and an outcome for a state
/// that waits for a key shows its page again: neither changes it.
pub fn step(set: &MenuSet, mut state: State, input: Input, scene: &Scene<'_>) -> (State, Step) {
    match input {
        Input::Text(_) if state.is_asking() => {
            let again = state.asking(set).map(Step::Ask);
            let step = again.unwrap_or_else(|| Step::End(render(set, &state, scene)));
            return (state, step);
        }
        Input::Text(typed) => state.press(set, &typed, scene),
        Input::Outcome(outcome) => state.take_outcome(set, outcome),
    }
    conclude(set, state, scene)
}

/// Makes an effect or a page of where the moves have led.
fn conclude(set: &MenuSet, mut state: State, scene: &Scene<'_>) -> (State, Step) {
    loop {
        state.pass(set, scene);
        state.forget(set);
        if state.is_asking() {
            if let Some(effect) = state.asking(set)
                && state.asks < MOST_ASKS
            {
                state.asks += 1;
                return (state, Step::Ask(effect));
            }
            state.give_up();
        }
        if !state.press_ahead(set, scene) {
            break;
        }
    }
    let page = render(set, &state, scene);
    let step = if page.last {
        Step::End(page)
    } else {
        Step::Show(page)
    };
    (state, step)
}
