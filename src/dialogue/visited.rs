//! What of its set a dialogue comes through: for the coverage of transcripts.

use super::{
    Input, Outcome, Scene, answer,
    press::options,
    render,
    state::{Asked, Place, State, Visit},
};
use crate::{
    menu::{Menu, MenuSet, Operation, OutcomeTarget, Screen, Type, Verb, page::Press},
    model::{Language, local_day},
};

/// Something on a screen that a caller can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark<'a> {
    /// Its page, in a language.
    Page(Language),
    /// This outcome of its call, as it is written.
    Outcome(&'a str),
    /// The option with this key.
    Option(&'a str),
    /// Another way out of it: `answer` and `exhausted` of a question, `yes` and `no` of a read-back,
    /// `row` of a list, `choice` of a language.
    Way(&'static str),
}

/// A mark with its screen, `menu.screen`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The menu's name.
    pub menu: &'a str,
    /// The screen's.
    pub screen: &'a str,
    /// What of it.
    pub mark: Mark<'a>,
}

/// Everything that callers of `set` can come to. The question for a language before any is known is
/// read in the language of the set's own files only.
pub fn marks(set: &MenuSet) -> Vec<Marked<'_>> {
    let mut all = Vec::new();
    for (menu_index, menu) in set.menus.iter().enumerate() {
        for (index, screen) in menu.screens.iter().enumerate() {
            if may_be_off(menu, index) {
                continue;
            }
            let asks_first = menu_index == 0 && index == usize::from(set.first_dial);
            let marks = pages(set, screen, asks_first).chain(ways(set, &screen.verb));
            all.extend(marks.map(|mark| Marked {
                menu: &menu.name,
                screen: &screen.name,
                mark,
            }));
        }
    }
    all
}

/// Whether this is what is shown while the menu is off: a matter of the installation, so no caller of one
/// where it is on comes there.
fn may_be_off(menu: &Menu, index: usize) -> bool {
    let off = menu.off.as_ref();
    off.is_some_and(|off| usize::from(off.screen) == index)
}

fn pages<'a>(
    set: &'a MenuSet,
    screen: &Screen,
    asks_first: bool,
) -> impl Iterator<Item = Mark<'a>> {
    let languages = match &screen.verb {
        Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. } => 0,
        Verb::Language { .. } if asks_first => 1,
        Verb::Menu { .. }
        | Verb::List { .. }
        | Verb::Ask { .. }
        | Verb::Confirm { .. }
        | Verb::Show { .. }
        | Verb::End { .. }
        | Verb::Language { .. } => set.languages.len(),
    };
    let spoken = set.languages.iter().take(languages);
    spoken.map(|language| Mark::Page(language.language))
}

/// The ways out of a screen. A new verb says here which it has.
fn ways<'a>(set: &'a MenuSet, verb: &'a Verb) -> Vec<Mark<'a>> {
    let own: &[&'static str] = match verb {
        Verb::List { .. } => &["row"],
        Verb::Ask { .. } => &["answer", "exhausted"],
        Verb::Confirm { .. } => &["yes", "no"],
        Verb::Language { .. } => &["choice"],
        Verb::Call { operation, on, .. } => return outcomes(set, *operation, on),
        // What goes on by itself is come to with the screens that it leads to.
        Verb::Menu { .. }
        | Verb::Show { .. }
        | Verb::End { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => &[],
    };
    let keys = options(verb).iter().map(|option| &*option.key);
    let own = own.iter().copied().map(Mark::Way);
    own.chain(keys.map(Mark::Option)).collect()
}

/// Those that the menu has: one that it left out is its `down`.
fn outcomes<'a>(set: &'a MenuSet, operation: Operation, on: &[OutcomeTarget]) -> Vec<Mark<'a>> {
    let kinds = set.signature(operation).map(|call| call.outcomes.iter());
    let kinds = kinds.into_iter().flatten();
    let kinds = kinds.filter(|kind| on.iter().any(|way| way.name == kind.name));
    kinds.map(|kind| Mark::Outcome(&kind.written)).collect()
}

/// What one step came to: from `before` by the input, where one was taken, and then to `after`, where
/// a caller looks at it.
pub fn visited<'a>(
    set: &'a MenuSet,
    before: Option<(&State, &Input)>,
    after: Option<&State>,
    scene: &Scene<'_>,
) -> Vec<Marked<'a>> {
    let left = before.and_then(|(state, input)| match input {
        Input::Text(typed) => pressed(set, state, typed, scene),
        Input::Outcome(outcome) => ended(set, state, outcome),
    });
    let shown = after.and_then(|state| shown(set, state));
    left.into_iter().chain(shown).collect()
}

fn shown<'a>(set: &'a MenuSet, state: &State) -> Option<Marked<'a>> {
    match state.place {
        Place::Screen(_) => marked(set, state, state.screen(set)?, Mark::Page(state.language)),
        Place::Late(_)
        | Place::Resume(_)
        | Place::Asking(_)
        | Place::Unavailable(_)
        | Place::Passing(_) => None,
    }
}

fn ended<'a>(set: &'a MenuSet, state: &State, outcome: &Outcome) -> Option<Marked<'a>> {
    match (&state.place, outcome) {
        (Place::Asking(Asked::Call(screen)), Outcome::Call { name, .. }) => {
            let screen = state.screen_at(set, *screen)?;
            let Verb::Call { operation, .. } = &screen.verb else {
                return None;
            };
            let mut kinds = set.signature(*operation)?.outcomes.iter();
            let kind = kinds.find(|kind| kind.name == *name)?;
            marked(set, state, screen, Mark::Outcome(&kind.written))
        }
        (
            Place::Asking(_)
            | Place::Screen(_)
            | Place::Late(_)
            | Place::Resume(_)
            | Place::Unavailable(_)
            | Place::Passing(_),
            Outcome::Call { .. }
            | Outcome::Done
            | Outcome::Failed
            | Outcome::Answer(_)
            | Outcome::Wrong,
        ) => None,
    }
}

fn pressed<'a>(
    set: &'a MenuSet,
    state: &State,
    typed: &str,
    scene: &Scene<'_>,
) -> Option<Marked<'a>> {
    let Place::Screen(visit) = state.place else {
        return None;
    };
    let screen = state.screen(set)?;
    let typed = answer::normal(typed);
    let press = render::layout(set, state, scene)?.press(state.page(), &typed);
    let mark = match press {
        Some(Press::Option(index)) => {
            let option = options(&screen.verb).get(index)?;
            Mark::Option(&option.key)
        }
        Some(Press::Row(_)) => Mark::Way("row"),
        Some(Press::Language(_)) => Mark::Way("choice"),
        Some(Press::Yes) => Mark::Way("yes"),
        Some(Press::No) => Mark::Way("no"),
        Some(Press::Back | Press::Home | Press::More | Press::Previous) => return None,
        Some(Press::Answer) | None => Mark::Way(answered(&screen.verb, visit, &typed, scene)?),
    };
    marked(set, state, screen, mark)
}

/// Which way an answer goes; `None` where it is asked for again.
fn answered(verb: &Verb, visit: Visit, typed: &str, scene: &Scene<'_>) -> Option<&'static str> {
    let Verb::Ask { answer, tries, .. } = verb else {
        return None;
    };
    match answer.read(typed, local_day(scene.now)) {
        Some(_) => Some("answer"),
        None => (visit.wrong >= *tries).then_some("exhausted"),
    }
}

fn marked<'a>(
    set: &'a MenuSet,
    state: &State,
    screen: &'a Screen,
    mark: Mark<'a>,
) -> Option<Marked<'a>> {
    Some(Marked {
        menu: &state.menu(set)?.name,
        screen: &screen.name,
        mark,
    })
}

/// Whether what a caller types where `state` stands must not be kept: an answer that is sensitive, or
/// the digits that open a late answer.
pub fn is_sensitive(set: &MenuSet, state: &State) -> bool {
    match &state.place {
        Place::Late(_) => true,
        Place::Screen(_) => asks_secret(set, state).unwrap_or_default(),
        Place::Asking(_) | Place::Resume(_) | Place::Unavailable(_) | Place::Passing(_) => false,
    }
}

fn asks_secret(set: &MenuSet, state: &State) -> Option<bool> {
    let Verb::Ask { into, .. } = &state.screen(set)?.verb else {
        return None;
    };
    let variable = state.menu(set)?.variables.get(usize::from(*into))?;
    Some(matches!(variable.of, Type::Secret { .. }))
}
