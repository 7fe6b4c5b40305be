//! What a caller's input does.

use super::{
    Scene, answer, render,
    state::{Asked, Banner, LateQuestion, Place, State, Visit},
};
use crate::{
    menu::{
        Choice, MenuSet, Path, ScreenId, Value, Verb,
        page::{Layout, Note, Press, Values},
    },
    model::local_day,
};

/// How often the last four digits may be wrong; then the dialogue begins as without an answer.
const LATE_TRIES: u8 = 3;
const LAST_FOUR: u8 = 4;

impl State {
    /// Takes an input; a state that waits for an effect stays as it is.
    pub(super) fn press(&mut self, set: &MenuSet, typed: &str, scene: &Scene<'_>) {
        if self.is_asking() {
            return;
        }
        self.asks = 0;
        let typed = answer::normal(typed);
        let Some(layout) = render::layout(set, self, scene) else {
            return;
        };
        let press = layout.press(self.page(), &typed);
        self.banner = self.banner_after(press);
        match press {
            Some(Press::More) => self.turn_page(&layout, 1),
            Some(Press::Previous) => self.turn_page(&layout, -1),
            Some(Press::Back) => self.back(),
            Some(Press::Home) => self.home(set),
            Some(Press::Row(index)) => self.choose_row(set, index),
            Some(Press::Option(index)) => self.choose_option(set, index),
            Some(Press::Language(index)) => self.choose_language(set, index),
            Some(Press::Yes) => self.decide(set, true),
            Some(Press::No) => self.decide(set, false),
            Some(Press::Answer) | None => self.take_text(set, &typed, scene),
        }
    }

    fn banner_after(&self, press: Option<Press>) -> Banner {
        let stays = matches!(press, None | Some(Press::More | Press::Previous));
        if stays && self.banner != Banner::Gone {
            Banner::Room
        } else {
            Banner::Gone
        }
    }

    /// The page of its screen that the caller reads.
    pub(super) fn page(&self) -> usize {
        match &self.place {
            Place::Screen(visit) | Place::Unavailable(visit) => usize::from(visit.page),
            Place::Late(question) => usize::from(question.visit.page),
            Place::Resume(question) => usize::from(question.visit.page),
            Place::Asking(_) | Place::Passing(_) => 0,
        }
    }

    fn visit_mut(&mut self) -> Option<&mut Visit> {
        match &mut self.place {
            Place::Screen(visit) | Place::Unavailable(visit) => Some(visit),
            Place::Late(question) => Some(&mut question.visit),
            Place::Resume(question) => Some(&mut question.visit),
            Place::Asking(_) | Place::Passing(_) => None,
        }
    }

    fn turn_page(&mut self, layout: &Layout, by: i16) {
        let last = u16::try_from(layout.last()).unwrap_or(u16::MAX);
        if let Some(visit) = self.visit_mut() {
            visit.page = visit.page.min(last).saturating_add_signed(by);
            visit.note = Note::None;
        }
    }

    fn home(&mut self, set: &MenuSet) {
        match self.place {
            Place::Late(question) => self.begin(set, question.language_known),
            Place::Resume(question) => self.begin(set, question.language_known),
            Place::Screen(_) | Place::Asking(_) | Place::Unavailable(_) | Place::Passing(_) => {
                self.begin(set, true);
            }
        }
    }

    fn choose_row(&mut self, set: &MenuSet, index: usize) {
        let Some(Verb::List {
            items, item, go, ..
        }) = self.verb(set)
        else {
            return self.give_up();
        };
        let Some(record) = self.record(*items, index) else {
            return self.give_up();
        };
        self.set_variable(*item, record);
        self.follow(set, go);
    }

    fn record(&self, items: u16, index: usize) -> Option<Value> {
        let whole = Path {
            variable: items,
            field: None,
        };
        let records = self.frames.last()?.value(whole)?.records()?;
        records.get(index).cloned()
    }

    fn choose_option(&mut self, set: &MenuSet, index: usize) {
        if let Place::Resume(question) = self.place {
            return self.resume(set, question, index);
        }
        let chosen = self.verb(set).and_then(|verb| options(verb).get(index));
        match chosen {
            Some(choice) => self.follow(set, &choice.go),
            None => self.give_up(),
        }
    }

    fn choose_language(&mut self, set: &MenuSet, index: usize) {
        match (set.languages.get(index), self.last_shown()) {
            (Some(chosen), Some(screen)) => {
                self.language = chosen.language;
                self.place = Place::Asking(Asked::Language(screen));
            }
            (None, _) | (_, None) => self.give_up(),
        }
    }

    fn decide(&mut self, set: &MenuSet, agreed: bool) {
        match self.verb(set) {
            Some(Verb::Confirm { yes, .. }) if agreed => self.follow(set, yes),
            Some(Verb::Confirm { no, .. }) => self.follow(set, no),
            Some(_) | None => self.give_up(),
        }
    }

    /// What is no key of the page: an answer where one is asked for, else a wrong key.
    fn take_text(&mut self, set: &MenuSet, typed: &str, scene: &Scene<'_>) {
        match self.place.clone() {
            Place::Screen(visit) => self.take_answer(set, visit, typed, scene),
            Place::Late(question) => self.take_last_four(set, question, typed),
            Place::Resume(question) => self.ask_to_resume_again(question),
            Place::Asking(_) | Place::Unavailable(_) | Place::Passing(_) => {}
        }
    }

    fn take_answer(&mut self, set: &MenuSet, visit: Visit, typed: &str, scene: &Scene<'_>) {
        match self.verb(set) {
            Some(Verb::Ask {
                answer,
                into,
                tries,
                exhausted,
                go,
                ..
            }) => match answer.read(typed, local_day(scene.now)) {
                Some(value) => {
                    self.set_variable(*into, value);
                    self.follow(set, go);
                }
                None if visit.wrong >= *tries => self.follow(set, exhausted),
                None => self.place = Place::Screen(wrong_answer(visit)),
            },
            Some(Verb::End { .. } | Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. })
            | None => {}
            Some(
                Verb::Menu { .. }
                | Verb::List { .. }
                | Verb::Confirm { .. }
                | Verb::Show { .. }
                | Verb::Language { .. },
            ) => {
                self.place = Place::Screen(Visit {
                    note: Note::ChooseAgain,
                    ..visit
                });
            }
        }
    }

    fn take_last_four(&mut self, set: &MenuSet, question: LateQuestion, typed: &str) {
        if answer::are_digits(typed, LAST_FOUR) {
            let typed = Some(typed.to_owned());
            self.place = Place::Asking(Asked::Late { question, typed });
        } else {
            self.late_was_wrong(set, question);
        }
    }

    /// Asks for the last four digits again, or begins without the answer.
    pub(super) fn late_was_wrong(&mut self, set: &MenuSet, question: LateQuestion) {
        let visit = wrong_answer(question.visit);
        if visit.wrong >= LATE_TRIES {
            return self.begin(set, question.language_known);
        }
        self.place = Place::Late(LateQuestion { visit, ..question });
    }

    fn verb<'a>(&self, set: &'a MenuSet) -> Option<&'a Verb> {
        self.screen(set).map(|screen| &screen.verb)
    }

    fn last_shown(&self) -> Option<ScreenId> {
        self.frames.last()?.trail.last().copied()
    }

    /// Goes on from a language screen, once the language is remembered or could not be.
    pub(super) fn leave_language(&mut self, set: &MenuSet, screen: ScreenId) {
        match self.screen_at(set, screen).map(|screen| &screen.verb) {
            Some(Verb::Language { go, .. }) => self.follow(set, go),
            Some(_) | None => self.give_up(),
        }
    }
}

fn wrong_answer(visit: Visit) -> Visit {
    Visit {
        note: Note::Wrong,
        wrong: visit.wrong.saturating_add(1),
        ..visit
    }
}

/// The options that a screen shows.
pub(super) fn options(verb: &Verb) -> &[Choice] {
    match verb {
        Verb::Menu { options, .. }
        | Verb::List { options, .. }
        | Verb::Ask { options, .. }
        | Verb::Show { options, .. } => options,
        Verb::Confirm { .. }
        | Verb::End { .. }
        | Verb::Call { .. }
        | Verb::Language { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => &[],
    }
}
