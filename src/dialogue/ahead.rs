//! Direct dial: what was dialled behind the code is pressed key by key, as if the caller did it.
//!
//! The rest is dropped, and the page shown, at the first screen that does not take the key: one
//! where it is no key or right answer, a confirm screen, a secret answer, one that says so, the
//! last. So nothing is confirmed that nobody has read.

use std::{collections::VecDeque, fmt};

use serde::{Deserialize, Serialize};

use super::{
    Scene, answer, render,
    state::{Frame, Place, State},
};
use crate::{
    menu::{Menu, MenuSet, Shortcut, Verb, page::Press},
    model::local_day,
};

/// So many keys are pressed ahead. With the asks between two keys that is fewer asks than a turn
/// can count.
pub(super) const MOST: usize = 16;

/// What was dialled and not pressed yet. It may hold anything.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ahead(VecDeque<String>);

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ahead({} keys)", self.0.len())
    }
}

impl Ahead {
    pub(super) fn of<'a>(keys: impl IntoIterator<Item = &'a String>) -> Self {
        Self(keys.into_iter().take(MOST).cloned().collect())
    }
}

impl State {
    /// The same without what was dialled and not pressed: what an effect's row keeps, and what a
    /// late outcome steps.
    #[must_use]
    pub fn without_ahead(self) -> Self {
        Self {
            ahead: Ahead::default(),
            ..self
        }
    }

    /// Begins where what was dialled behind the code says.
    pub(super) fn begin_dialled(&mut self, set: &MenuSet, keys: &[String]) {
        let first = keys.first();
        let short = set.shortcuts.iter().find(|short| Some(&short.key) == first);
        if let Some(shortcut) = short {
            self.begin_short(set, shortcut);
            self.ahead = Ahead::of(keys.iter().skip(1));
        } else {
            self.begin(set, true);
            self.ahead = Ahead::of(keys);
        }
    }

    /// Begins at a shortcut's screen, over the root's start, so that back leads there.
    fn begin_short(&mut self, set: &MenuSet, shortcut: &Shortcut) {
        let mut root = Frame::new(0);
        let page = |menu: &Menu| {
            let start = menu.screens.get(usize::from(menu.start))?;
            let shows = !matches!(
                start.verb,
                Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. }
            );
            shows.then_some(menu.start)
        };
        root.trail.extend(set.menus.first().and_then(page));
        self.frames = vec![root];
        if shortcut.menu != 0 && set.menu(shortcut.menu).is_some() {
            self.frames.push(Frame::new(shortcut.menu));
        }
        self.enter_opened(shortcut.screen);
    }

    /// Presses the next key that was dialled; false where there is none, or it is not taken.
    pub(super) fn press_ahead(&mut self, set: &MenuSet, scene: &Scene<'_>) -> bool {
        let Some(key) = self.ahead.0.pop_front() else {
            return false;
        };
        if !self.takes_ahead(set, &key, scene) {
            self.ahead = Ahead::default();
            return false;
        }
        let banner = self.banner;
        self.press(set, &key, scene);
        // What is shown at last is still the reply to the dial.
        self.banner = banner;
        true
    }

    pub(super) fn takes_ahead(&self, set: &MenuSet, key: &str, scene: &Scene<'_>) -> bool {
        let (Place::Screen(_), Some(screen)) = (&self.place, self.screen(set)) else {
            return false;
        };
        let key = answer::normal(key);
        let pressed = render::layout(set, self, scene);
        let pressed = pressed.and_then(|layout| layout.press(self.page(), &key));
        // Pages are turned by who reads them.
        let turns = matches!(pressed, Some(Press::More | Press::Previous));
        let taken = match &screen.verb {
            Verb::Confirm { .. }
            | Verb::End { .. }
            | Verb::Call { .. }
            | Verb::Route { .. }
            | Verb::Set { .. } => false,
            Verb::Ask { into, answer, .. } => {
                let into = self
                    .menu(set)
                    .and_then(|menu| menu.variables.get(usize::from(*into)));
                let open = into.is_some_and(|variable| !variable.of.is_secret());
                open && (pressed.is_some() || answer.read(&key, local_day(scene.now)).is_some())
            }
            Verb::Menu { .. } | Verb::List { .. } | Verb::Show { .. } | Verb::Language { .. } => {
                pressed.is_some()
            }
        };
        screen.direct && taken && !turns
    }
}
