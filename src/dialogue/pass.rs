//! What a step does by itself: routes, sets, and whether a menu that is opened is off.

use super::{
    Scene,
    state::{Passing, Place, State},
};
use crate::{
    menu::{Condition, Facts, Menu, MenuSet, Operand, ScreenId, Target, Value, VarId, Verb},
    model::local_day,
};

impl State {
    /// Goes on by itself until something is shown or asked.
    pub(super) fn pass(&mut self, set: &MenuSet, scene: &Scene<'_>) {
        let mut left = None;
        while let Place::Passing(passing) = self.place {
            let most = left.get_or_insert_with(|| most_passes(set));
            if *most == 0 {
                // A checked set does not go round by itself.
                return self.give_up();
            }
            *most -= 1;
            match passing {
                Passing::Opened(screen) => self.enter_unless_off(set, screen, scene),
                Passing::Screen(screen) => self.go_on(set, screen, scene),
            }
        }
    }

    fn enter_unless_off(&mut self, set: &MenuSet, screen: ScreenId, scene: &Scene<'_>) {
        // A shortcut opens a menu beside the root's start; what closes the root closes it too.
        if let Some(closed) = self.off(set, set.menus.first(), scene) {
            self.frames.truncate(1);
            return self.enter(set, closed);
        }
        let off = self.off(set, self.menu(set), scene);
        self.enter(set, off.unwrap_or(screen));
    }

    /// What a menu shows while it is off; `None` where it is not.
    fn off(&self, set: &MenuSet, menu: Option<&Menu>, scene: &Scene<'_>) -> Option<ScreenId> {
        let off = menu?.off.as_ref()?;
        let when = off.when.as_ref();
        let closed = when.is_none_or(|when| self.holds(set, when, scene));
        closed.then_some(off.screen)
    }

    fn go_on(&mut self, set: &MenuSet, screen: ScreenId, scene: &Scene<'_>) {
        match self.screen_at(set, screen).map(|screen| &screen.verb) {
            Some(Verb::Route { ways, otherwise }) => {
                let mut open = ways.iter().filter(|way| self.holds(set, &way.when, scene));
                let target = open.next().map_or(otherwise, |way| &way.go);
                self.follow_call(set, target);
            }
            Some(Verb::Set { values, go }) => self.set_and_go(set, values, go, scene),
            Some(_) | None => self.give_up(),
        }
    }

    fn set_and_go(
        &mut self,
        set: &MenuSet,
        values: &[(VarId, Operand)],
        go: &Target,
        scene: &Scene<'_>,
    ) {
        let taken = values.iter().map(|(variable, operand)| {
            let value = self.facts(set, scene, |facts| {
                let value = operand.value(facts);
                value.map(std::borrow::Cow::into_owned)
            });
            Some((*variable, value?))
        });
        let Some(taken) = taken.collect::<Option<Vec<(VarId, Value)>>>() else {
            return self.give_up();
        };
        for (variable, value) in taken {
            self.set_variable(variable, value);
        }
        self.follow_call(set, go);
    }

    fn holds(&self, set: &MenuSet, condition: &Condition, scene: &Scene<'_>) -> bool {
        let holds = self.facts(set, scene, |facts| Some(condition.holds(facts)));
        holds.unwrap_or_default()
    }

    /// What `find` finds with what is known on the turn's day.
    fn facts<T>(
        &self,
        set: &MenuSet,
        scene: &Scene<'_>,
        find: impl FnOnce(&Facts<'_>) -> Option<T>,
    ) -> Option<T> {
        find(&Facts {
            values: &self.known(set)?,
            language: self.language,
            today: local_day(scene.now),
        })
    }
}

/// No way without a circle is longer: each screen once, and each menu opened once.
fn most_passes(set: &MenuSet) -> usize {
    let menus = set.menus.iter().map(|menu| menu.screens.len() + 1);
    menus.sum()
}
