//! A dialogue that was dropped, and what is left of it for the next dial.
//!
//! Of each open menu stay the variables that its author keeps, and of its trail the screens that
//! need no others. The caller goes on from the last of them; where none is left, from the start of
//! the menu. She confirms nothing by going on: that key leads to no confirm screen that it says yes
//! on.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::state::{Frame, Place, State, Visit};
use crate::menu::{CARRY_ON, Menu, MenuSet, Screen, ScreenId, VarId, Verb, page::Note};

/// The question whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ResumeQuestion {
    pub(super) visit: Visit,
    /// Whether going on begins at the start of the open menu: no screen of it is left.
    pub(super) from_start: bool,
    /// Whether the caller has chosen a language before: it decides where she begins anew.
    pub(super) language_known: bool,
}

/// For how long after its last turn a dialogue in this state is offered to go on with; `None` where
/// it is not.
pub fn within(set: &MenuSet, state: &State) -> Option<Duration> {
    match state.place {
        Place::Screen(_) | Place::Resume(_) => {
            let resume = state.menu(set)?.resume.as_ref()?;
            Some(resume.within)
        }
        Place::Late(_) | Place::Asking(_) | Place::Unavailable(_) | Place::Passing(_) => None,
    }
}

impl State {
    /// Offers to go on with a dialogue that was dropped; false where nothing sensible is left of it.
    pub(super) fn offer(&mut self, set: &MenuSet, dropped: &Self, language_known: bool) -> bool {
        let Some((frames, from_start)) = left_of(set, dropped) else {
            return false;
        };
        self.language = dropped.language;
        self.frames = frames;
        self.place = Place::Resume(ResumeQuestion {
            visit: Visit::FRESH,
            from_start,
            language_known,
        });
        true
    }

    /// Goes on, or begins anew.
    pub(super) fn resume(&mut self, set: &MenuSet, question: ResumeQuestion, option: usize) {
        if option > 0 {
            return self.begin(set, question.language_known);
        }
        let start = self.menu(set).map(|menu| menu.start);
        match start {
            Some(start) if question.from_start => self.enter_opened(start),
            Some(_) | None => self.place = Place::Screen(Visit::FRESH),
        }
    }

    /// A key that neither goes on nor begins anew.
    pub(super) fn ask_to_resume_again(&mut self, question: ResumeQuestion) {
        let visit = Visit {
            note: Note::ChooseAgain,
            ..question.visit
        };
        self.place = Place::Resume(ResumeQuestion { visit, ..question });
    }
}

/// The frames that are left, and whether the last begins at its menu's start.
fn left_of(set: &MenuSet, dropped: &State) -> Option<(Vec<Frame>, bool)> {
    set.resume.as_ref()?;
    within(set, dropped)?;
    let trimmed = dropped.frames.iter().map(|frame| trimmed(set, frame));
    let mut frames = trimmed.collect::<Option<Vec<Frame>>>()?;
    keep_what_returns(set, &mut frames);
    loop {
        let frame = frames.last_mut()?;
        let menu = set.menu(frame.menu)?;
        let resume = menu.resume.as_ref()?;
        while frame
            .trail
            .last()
            .is_some_and(|screen| agrees(menu, *screen))
        {
            frame.trail.pop();
        }
        let nothing_new = frames_are_the_start(set, &frames);
        let frame = frames.last()?;
        if nothing_new {
            return None;
        }
        if !frame.trail.is_empty() {
            return Some((frames, false));
        }
        let begins = resume.from_start && frames.len() > 1;
        if begins && needs(menu, menu.start).is_some_and(|needs| are_set(needs, frame, &[])) {
            return Some((frames, true));
        }
        frames.pop();
    }
}

/// What is left of an open menu. A menu without `resume:` keeps nothing.
fn trimmed(set: &MenuSet, frame: &Frame) -> Option<Frame> {
    let menu = set.menu(frame.menu)?;
    let (keep, ask_again) = match &menu.resume {
        Some(resume) => (resume.keep.as_slice(), resume.ask_again.as_slice()),
        None => (&[][..], &[][..]),
    };
    let mut left = frame.clone();
    let was_asked = |screen: &ScreenId| {
        asks(menu, *screen).is_some_and(|into| ask_again.contains(&into) && is_set(frame, into))
    };
    if let Some(asked) = left.trail.iter().position(was_asked) {
        left.trail.truncate(asked + 1);
    }
    left.variables.retain(|(variable, _)| {
        let secret = menu.variables.get(usize::from(*variable));
        keep.contains(variable) && secret.is_some_and(|variable| !variable.of.is_secret())
    });
    let mut trail = std::mem::take(&mut left.trail);
    trail.retain(|screen| needs(menu, *screen).is_some_and(|needs| are_set(needs, &left, &[])));
    left.trail = trail;
    Some(left)
}

/// Leaves out the menus from which a return would lead to a screen that lacks something.
fn keep_what_returns(set: &MenuSet, frames: &mut Vec<Frame>) {
    let pairs = frames.iter().zip(frames.iter().skip(1));
    let broken = pairs.into_iter().position(|(opener, opened)| {
        let then = opened.then.zip(set.menu(opener.menu));
        then.is_some_and(|(then, menu)| {
            !needs(menu, then).is_some_and(|needs| are_set(needs, opener, &opened.into))
        })
    });
    if let Some(opener) = broken {
        frames.truncate(opener + 1);
    }
}

/// Whether all that is left is where a dialogue begins anyway.
fn frames_are_the_start(set: &MenuSet, frames: &[Frame]) -> bool {
    let start = set.menus.first().map(|root| root.start);
    match frames {
        [root] => root.trail.is_empty() || root.trail.last().copied() == start,
        _ => false,
    }
}

/// What must be set on entering a screen.
fn needs(menu: &Menu, screen: ScreenId) -> Option<&[VarId]> {
    at(menu, screen).map(|screen| &*screen.live)
}

fn at(menu: &Menu, screen: ScreenId) -> Option<&Screen> {
    menu.screens.get(usize::from(screen))
}

fn are_set(needs: &[VarId], frame: &Frame, also: &[VarId]) -> bool {
    let mut needs = needs.iter();
    needs.all(|variable| also.contains(variable) || is_set(frame, *variable))
}

fn is_set(frame: &Frame, variable: VarId) -> bool {
    frame.variables.iter().any(|(known, _)| *known == variable)
}

/// What a question keeps its answer in.
fn asks(menu: &Menu, screen: ScreenId) -> Option<VarId> {
    if let Verb::Ask { into, .. } = &at(menu, screen)?.verb {
        Some(*into)
    } else {
        None
    }
}

/// Whether the key that goes on would be a "yes" on the screen.
fn agrees(menu: &Menu, screen: ScreenId) -> bool {
    let verb = at(menu, screen).map(|screen| &screen.verb);
    matches!(verb, Some(Verb::Confirm { key, .. }) if key == CARRY_ON)
}
