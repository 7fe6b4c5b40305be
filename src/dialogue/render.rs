use std::fmt;

use super::{
    Scene,
    state::{Banner, Place, State},
};
use crate::{
    menu::{
        MenuSet, Verb, Words,
        page::{self, Layout, Note, PageSize, Shown, Values, View},
    },
    model::{
        Language,
        gsm7::{self, Alphabet},
        local_day,
    },
};

/// A page as a phone gets it, and what its menu's author wants to know of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// The text.
    pub text: String,
    /// Its length in the units of its alphabet.
    pub units: usize,
    /// The alphabet it needs.
    pub alphabet: Alphabet,
    /// `menu.screen`, such as `cover.active`; `late`, `resume`, `busy`, `off` or `unavailable` for the engine's own.
    pub screen: String,
    /// Its language.
    pub language: Language,
    /// Whether it ends the dialogue.
    pub last: bool,
}

impl fmt::Debug for Page {
    /// Without its text: names and numbers stand in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("screen", &self.screen)
            .field("language", &self.language)
            .field("units", &self.units)
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl Page {
    fn new(text: String, screen: String, language: Language, last: bool) -> Self {
        let cost = gsm7::cost(&text);
        Self {
            text,
            units: cost.units,
            alphabet: cost.alphabet,
            screen,
            language,
            last,
        }
    }
}

/// The page of a state: the same bytes as its step gave, for the same scene. A state that waits for
/// an effect has no page of its own yet and says that it is busy.
pub fn render(set: &MenuSet, state: &State, scene: &Scene<'_>) -> Page {
    let Some(layout) = layout(set, state, scene) else {
        return busy(set, state.language);
    };
    let index = state.page().min(layout.last());
    let page = layout.page(index);
    let hidden = index == 0 && state.banner == Banner::Room;
    let text = page
        .strip_prefix(scene.banner)
        .filter(|_| hidden)
        .unwrap_or(page);
    let over = ends(set, state) || leads_nowhere(set, state, &layout);
    let last = index == layout.last() && over;
    Page::new(text.to_owned(), name(set, state), state.language, last)
}

/// The end of a turn whose predecessor still runs.
pub fn busy(set: &MenuSet, language: Language) -> Page {
    own_words(set, language, "busy", |words| &words.busy)
}

/// The end of a turn that cannot be served.
pub fn unavailable(set: &MenuSet, language: Language) -> Page {
    own_words(set, language, "unavailable", |words| &words.unavailable)
}

/// The end of a call whose code no menu has.
pub fn wrong_number(set: &MenuSet, language: Language) -> Page {
    own_words(set, language, "wrong_number", |words| &words.wrong_number)
}

/// The end of a call of who came too often.
pub fn too_many(set: &MenuSet, language: Language) -> Page {
    own_words(set, language, "too_many", |words| &words.too_many)
}

/// The end of a turn of a service that is switched off, with the text that says so.
pub fn off(text: &str, language: Language) -> Page {
    Page::new(text.to_owned(), "off".to_owned(), language, true)
}

/// The end of a call of whose caller nothing is kept any more: she dials again.
pub fn forgotten(set: &MenuSet, language: Language) -> Page {
    own_words(set, language, "forgotten", |words| {
        words.forgotten.as_ref().unwrap_or(&words.unavailable)
    })
}

fn own_words(set: &MenuSet, language: Language, name: &str, pick: fn(&Words) -> &String) -> Page {
    let words = set.words.get(set.language_index(language));
    let text = words.map_or_else(String::new, |words| pick(words).clone());
    Page::new(text, name.to_owned(), language, true)
}

/// What the caller sees and may press; `None` while an effect is awaited.
pub(super) fn layout(set: &MenuSet, state: &State, scene: &Scene<'_>) -> Option<Layout> {
    let banner = match state.banner {
        Banner::Shown | Banner::Room => scene.banner,
        Banner::Gone => "",
    };
    let screen = match &state.place {
        Place::Asking(_) | Place::Passing(_) => return None,
        Place::Late(question) => {
            let (language, note) = (state.language, question.visit.note);
            return Some(page::late_question(set, language, note, banner, scene.page));
        }
        Place::Resume(question) => {
            let (language, note) = (state.language, question.visit.note);
            return Some(page::resume_question(
                set, language, note, banner, scene.page,
            ));
        }
        Place::Unavailable(_) => None,
        Place::Screen(visit) => {
            let known = state.known(set);
            known.and_then(|known| {
                let view = view(set, state, visit.note, &known)?;
                let shown = Shown::On(local_day(scene.now));
                let view = View {
                    banner,
                    shown,
                    ..view
                };
                Some(page::layout(&view, scene.page))
            })
        }
    };
    Some(screen.unwrap_or_else(|| no_page(set, state, banner, scene.page)))
}

fn view<'a>(
    set: &'a MenuSet,
    state: &State,
    note: Note,
    values: &'a dyn Values,
) -> Option<View<'a>> {
    Some(View {
        set,
        screen: state.screen(set)?,
        language: state.language,
        note,
        banner: "",
        back: state.has_before(),
        values,
        shown: Shown::All,
    })
}

fn no_page(set: &MenuSet, state: &State, banner: &str, size: PageSize) -> Layout {
    let said = unavailable(set, state.language);
    page::sentence(set, state.language, &said.text, banner, size)
}

fn ends(set: &MenuSet, state: &State) -> bool {
    match &state.place {
        Place::Screen(_) => state
            .screen(set)
            .is_none_or(|screen| matches!(screen.verb, Verb::End { .. })),
        Place::Unavailable(_) => true,
        Place::Late(_) | Place::Resume(_) | Place::Asking(_) | Place::Passing(_) => false,
    }
}

/// Whether a page has no key and asks nothing: a first page that is off, a first list that is empty.
/// Then it is the last, so that nobody is left before it.
fn leads_nowhere(set: &MenuSet, state: &State, layout: &Layout) -> bool {
    let Place::Screen(_) = state.place else {
        return false;
    };
    let asks = state
        .screen(set)
        .is_some_and(|screen| matches!(screen.verb, Verb::Ask { .. }));
    !asks && !layout.has_keys()
}

fn name(set: &MenuSet, state: &State) -> String {
    match &state.place {
        Place::Late(_) => "late".to_owned(),
        Place::Resume(_) => "resume".to_owned(),
        Place::Screen(_) | Place::Asking(_) | Place::Unavailable(_) | Place::Passing(_) => {
            screen_name(set, state).unwrap_or_else(|| "unavailable".to_owned())
        }
    }
}

fn screen_name(set: &MenuSet, state: &State) -> Option<String> {
    if let Place::Unavailable(_) = state.place {
        return None;
    }
    let (menu, screen) = (state.menu(set)?, state.screen(set)?);
    Some(format!("{}.{}", menu.name, screen.name))
}
