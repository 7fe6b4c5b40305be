//! What a dialogue no longer needs it does not keep: a line is small, and a secret is gone as soon
//! as nothing reads it.

use super::state::{Asked, Frame, Place, State};
use crate::menu::{Menu, MenuSet, ScreenId, Type, VarId, Verb};

impl State {
    /// Drops each variable that no screen reads which the caller can still come to: the one where
    /// she is and those that it leads to, and those of the trail, to which she can go back.
    ///
    /// A secret is not kept for a way back: where only a screen of the trail reads it, that screen is
    /// taken from the trail. Nor is one kept for an answer that can be late.
    pub(super) fn forget(&mut self, set: &MenuSet) {
        if let Place::Resume(_) = self.place {
            // What was dropped holds already what its menu lets it keep, and no more.
            return;
        }
        let standing = self.standing();
        let stored = self.may_be_stored(set);
        let on_page = matches!(self.place, Place::Screen(_));
        let last = self.frames.len().saturating_sub(1);
        // A menu that opened another goes on where that one's return leads.
        let returns: Vec<_> = self.frames.iter().skip(1).map(|frame| frame.then).collect();
        for (index, frame) in self.frames.iter_mut().enumerate() {
            let Some(menu) = set.menu(frame.menu) else {
                continue;
            };
            let then = returns.get(index).copied().flatten();
            let standing = if index == last { standing } else { then };
            frame.forget_secrets(menu, standing.filter(|_| !stored), on_page && index == last);
            let trail = &frame.trail;
            frame.variables.retain(|(variable, _)| {
                let mut ahead_or_behind = standing.iter().chain(trail);
                ahead_or_behind.any(|screen| reads(menu, *screen, *variable))
            });
        }
    }

    /// The screen from which the dialogue goes on.
    fn standing(&self) -> Option<ScreenId> {
        match &self.place {
            Place::Screen(_) => self.frames.last()?.trail.last().copied(),
            Place::Asking(Asked::Call(screen) | Asked::Sms(screen) | Asked::Language(screen)) => {
                Some(*screen)
            }
            Place::Asking(Asked::Late { .. })
            | Place::Late(_)
            | Place::Resume(_)
            | Place::Passing(_)
            | Place::Unavailable(_) => None,
        }
    }

    /// Whether it asks what can be late: then it is stored until the answer has come.
    fn may_be_stored(&self, set: &MenuSet) -> bool {
        let Place::Asking(Asked::Call(screen)) = &self.place else {
            return false;
        };
        let called = self.screen_at(set, *screen).map(|screen| &screen.verb);
        matches!(called, Some(Verb::Call { operation, .. })
            if set.signature(*operation).is_some_and(|known| known.late))
    }
}

impl Frame {
    /// Drops the secrets that are not read from `ahead` on, and the screens of the trail that read
    /// them; but not the one `on_page`.
    fn forget_secrets(&mut self, menu: &Menu, ahead: Option<ScreenId>, on_page: bool) {
        let dropped = |variable: VarId| {
            let needed = ahead.is_some_and(|screen| reads(menu, screen, variable));
            is_secret(menu, variable) && !needed
        };
        let held = self.variables.len();
        self.variables.retain(|(variable, _)| !dropped(*variable));
        if self.variables.len() == held {
            return;
        }
        let shown = on_page.then(|| self.trail.pop()).flatten();
        self.trail.retain(|screen| {
            let live = menu.screens.get(usize::from(*screen));
            let mut live = live.into_iter().flat_map(|screen| screen.live.iter());
            !live.any(|variable| dropped(*variable))
        });
        self.trail.extend(shown);
    }
}

/// Whether `variable` must be known on entering a screen.
fn reads(menu: &Menu, screen: ScreenId, variable: VarId) -> bool {
    let screen = menu.screens.get(usize::from(screen));
    screen.is_some_and(|screen| screen.live.binary_search(&variable).is_ok())
}

fn is_secret(menu: &Menu, variable: VarId) -> bool {
    let variable = menu.variables.get(usize::from(variable));
    variable.is_some_and(|variable| matches!(variable.of, Type::Secret { .. }))
}
