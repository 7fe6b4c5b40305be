//! How a dialogue moves over its set. No move shows or asks anything: it leaves the state at a
//! screen or asking, and `step` makes a page or an effect of that.

use super::state::{Asked, Frame, Passing, Place, State, Visit};
use crate::menu::{MenuSet, ScreenId, Target, Value, VarId, Verb};

impl State {
    /// An ordinary beginning: the root's start, or the first screen of a caller whose language is
    /// not known.
    pub(super) fn begin(&mut self, set: &MenuSet, language_known: bool) {
        let start = set.menus.first().map(|root| root.start);
        let first = if language_known {
            start
        } else {
            Some(set.first_dial)
        };
        self.frames = vec![Frame::new(0)];
        match first {
            Some(screen) => self.enter_opened(screen),
            None => self.give_up(),
        }
    }

    /// Ends the dialogue: the set has no page for what happened.
    pub(super) fn give_up(&mut self) {
        self.place = Place::Unavailable(Visit::FRESH);
    }

    /// Goes from the screen before the caller.
    pub(super) fn follow(&mut self, set: &MenuSet, target: &Target) {
        match target {
            Target::Back => self.back(),
            Target::Screen(_) | Target::Open { .. } | Target::Home | Target::Return(_) => {
                self.go(set, target);
            }
        }
    }

    /// Goes on from a call, or from what goes on by itself. It shows nothing, so "back" is the screen that led to it; before the
    /// first screen it is the root's start.
    pub(super) fn follow_call(&mut self, set: &MenuSet, target: &Target) {
        match target {
            Target::Back if self.has_shown() => self.show_last(),
            Target::Back => self.begin(set, true),
            Target::Screen(_) | Target::Open { .. } | Target::Home | Target::Return(_) => {
                self.go(set, target);
            }
        }
    }

    fn go(&mut self, set: &MenuSet, target: &Target) {
        match target {
            Target::Screen(screen) => self.enter(set, *screen),
            Target::Open {
                menu,
                arguments,
                into,
                then,
            } => match self.values(set, arguments) {
                Some(values) => {
                    let frame = Frame {
                        into: into.clone(),
                        then: *then,
                        ..Frame::new(*menu)
                    };
                    self.open_menu(set, frame, values);
                }
                None => self.give_up(),
            },
            Target::Return(arguments) => match self.values(set, arguments) {
                Some(values) => self.return_with(set, values),
                None => self.give_up(),
            },
            Target::Home => self.begin(set, true),
            Target::Back => self.back(),
        }
    }

    /// Enters a screen of a menu that was just opened, or what it shows while it is off.
    pub(super) fn enter_opened(&mut self, screen: ScreenId) {
        self.place = Place::Passing(Passing::Opened(screen));
    }

    /// Enters a screen of the open menu: its call or its SMS is asked first.
    pub(super) fn enter(&mut self, set: &MenuSet, screen: ScreenId) {
        let Some(entered) = self.screen_at(set, screen) else {
            return self.give_up();
        };
        if let Verb::Call { .. } = entered.verb {
            self.place = Place::Asking(Asked::Call(screen));
        } else if let Verb::Route { .. } | Verb::Set { .. } = entered.verb {
            self.place = Place::Passing(Passing::Screen(screen));
        } else if entered.sms.is_some() {
            self.place = Place::Asking(Asked::Sms(screen));
        } else {
            self.arrive(screen);
        }
    }

    /// Stands on a screen. One that was shown before takes the trail back to it.
    pub(super) fn arrive(&mut self, screen: ScreenId) {
        let Some(frame) = self.frames.last_mut() else {
            return self.give_up();
        };
        match frame.trail.iter().position(|shown| *shown == screen) {
            Some(before) => frame.trail.truncate(before + 1),
            None => frame.trail.push(screen),
        }
        self.place = Place::Screen(Visit::FRESH);
    }

    fn open_menu(&mut self, set: &MenuSet, frame: Frame, values: Vec<Value>) {
        // Menus do not open each other in a circle, so more frames than menus are another set's.
        let room = self.frames.len() < set.menus.len();
        let Some(opened) = set.menu(frame.menu).filter(|_| room) else {
            return self.give_up();
        };
        let variables = (0..VarId::MAX).zip(values).take(opened.takes);
        self.frames.push(Frame {
            variables: variables.collect(),
            ..frame
        });
        self.enter_opened(opened.start);
    }

    /// Back to the menu that opened this one: on where it says, else to the screen that opened.
    fn return_with(&mut self, set: &MenuSet, values: Vec<Value>) {
        let Some(closed) = self.frames.pop().filter(|_| !self.frames.is_empty()) else {
            return self.begin(set, true);
        };
        for (variable, value) in closed.into.into_iter().zip(values) {
            self.set_variable(variable, value);
        }
        match closed.then {
            Some(then) => self.enter(set, then),
            None if self.has_shown() => self.show_last(),
            None => self.begin(set, true),
        }
    }

    /// To the screen before; where there is none, the same again. Coming back is not entering: its
    /// SMS is not sent again.
    pub(super) fn back(&mut self) {
        if self.has_before()
            && let Some(frame) = self.frames.last_mut()
        {
            frame.trail.pop();
        }
        self.show_last();
    }

    fn has_shown(&self) -> bool {
        self.frames.iter().any(|frame| !frame.trail.is_empty())
    }

    fn show_last(&mut self) {
        let shown = self
            .frames
            .iter()
            .rposition(|frame| !frame.trail.is_empty());
        match shown {
            Some(index) => {
                self.frames.truncate(index + 1);
                self.place = Place::Screen(Visit::FRESH);
            }
            None => self.give_up(),
        }
    }
}
