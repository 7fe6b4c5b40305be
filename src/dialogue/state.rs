use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Effect, ahead::Ahead, resume::ResumeQuestion};
use crate::{
    menu::{
        Arguments, Menu, MenuId, MenuSet, Path, Screen, ScreenId, Texts, Value, VarId, Verb,
        page::{Note, Values, print},
    },
    model::Language,
};

/// Where a dialogue is. Small: it is kept for every live caller.
///
/// It holds positions in its set and values, and no text of a page: a page is rendered from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(super) language: Language,
    /// One for each menu that is open; the first is the root's.
    pub(super) frames: Vec<Frame>,
    pub(super) place: Place,
    /// How many effects were asked since the last key.
    pub(super) asks: u8,
    pub(super) banner: Banner,
    /// What was dialled behind the code and not pressed yet; nothing while a key is awaited.
    pub(super) ahead: Ahead,
}

/// An open menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frame {
    pub(super) menu: MenuId,
    /// Only those that are set.
    pub(super) variables: Vec<(VarId, Value)>,
    /// The screens that were shown, each once; the last is the one before the caller. Calls show
    /// nothing and are not in it.
    pub(super) trail: Vec<ScreenId>,
    /// What keeps the first of the values that it returns with, in the menu that opened it.
    pub(super) into: Vec<VarId>,
    /// The screen of that menu which a return enters.
    pub(super) then: Option<ScreenId>,
}

impl Frame {
    /// A menu that is opened, and comes back to nothing in particular.
    pub(super) fn new(menu: MenuId) -> Self {
        Self {
            menu,
            variables: Vec::new(),
            trail: Vec::new(),
            into: Vec::new(),
            then: None,
        }
    }
}

/// What the dialogue waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// A key, on the last screen of the trail.
    Screen(Visit),
    /// The last four digits that open a late answer.
    Late(LateQuestion),
    /// An effect's outcome.
    Asking(Asked),
    /// Nothing: the set has no page for what happened.
    Unavailable(Visit),
    /// Whether to go on from the frames that are left, or to begin anew.
    Resume(ResumeQuestion),
    /// Nothing: a step goes on from here by itself, so no state is kept so.
    Passing(Passing),
}

/// What a step does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Passing {
    /// Goes on from a screen that shows nothing and asks nothing.
    Screen(ScreenId),
    /// Enters this screen of the menu that was opened, unless the menu is off.
    Opened(ScreenId),
}

/// Where on a screen the caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Visit {
    pub(super) page: u16,
    pub(super) note: Note,
    /// Wrong answers so far.
    pub(super) wrong: u8,
}

impl Visit {
    pub(super) const FRESH: Self = Self {
        page: 0,
        note: Note::None,
        wrong: 0,
    };
}

/// The question before a late answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LateQuestion {
    pub(super) visit: Visit,
    /// Whether the caller has chosen a language before: it decides where she begins if the answer
    /// stays closed.
    pub(super) language_known: bool,
}

/// What was asked of the world.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Asked {
    /// The call of this screen.
    Call(ScreenId),
    /// The SMS that goes before this screen.
    Sms(ScreenId),
    /// To remember the language that was chosen on this screen.
    Language(ScreenId),
    /// The late answer.
    Late {
        question: LateQuestion,
        typed: Option<String>,
    },
}

impl fmt::Debug for Asked {
    /// Without the digits that were typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(screen) => write!(f, "Call({screen})"),
            Self::Sms(screen) => write!(f, "Sms({screen})"),
            Self::Language(screen) => write!(f, "Language({screen})"),
            Self::Late { question, typed } => {
                write!(f, "Late({question:?}, typed: {})", typed.is_some())
            }
        }
    }
}

/// Whether the scene's banner stands before the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Banner {
    /// It does: this is the reply to begin.
    Shown,
    /// It did, on this screen: its room stays, so that the screen's pages are cut where they were.
    Room,
    /// It does not.
    Gone,
}

impl State {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            language,
            frames: Vec::new(),
            place: Place::Unavailable(Visit::FRESH),
            asks: 0,
            banner: Banner::Shown,
            ahead: Ahead::default(),
        }
    }

    /// The language that the caller reads.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether it waits for an effect's outcome, not for a key.
    pub fn is_asking(&self) -> bool {
        matches!(self.place, Place::Asking(_))
    }

    /// The effect whose outcome it waits for, again the same. `None` where it waits for a key, or
    /// where the set has no such effect or a value of it is not set.
    pub fn asking(&self, set: &MenuSet) -> Option<Effect> {
        let Place::Asking(asked) = &self.place else {
            return None;
        };
        match asked {
            Asked::Call(screen) => self.call(set, *screen),
            Asked::Sms(screen) => {
                let text = self.screen_at(set, *screen)?.sms.as_ref()?;
                self.print(set, text).map(Effect::SendSms)
            }
            Asked::Language(_) => Some(Effect::RememberLanguage(self.language)),
            Asked::Late { typed, .. } => Some(Effect::OpenAnswer(typed.clone())),
        }
    }

    fn call(&self, set: &MenuSet, screen: ScreenId) -> Option<Effect> {
        let verb = &self.screen_at(set, screen)?.verb;
        let Verb::Call {
            operation,
            arguments,
            ..
        } = verb
        else {
            return None;
        };
        Some(Effect::Call {
            operation: *operation,
            late: set.signature(*operation)?.late,
            arguments: self.values(set, arguments)?,
        })
    }

    /// The values at these paths, if all are set.
    pub(super) fn values(&self, set: &MenuSet, arguments: &Arguments) -> Option<Vec<Value>> {
        let known = self.known(set)?;
        arguments
            .iter()
            .map(|path| known.value(*path).cloned())
            .collect()
    }

    /// A text of the open menu in the caller's language.
    pub(super) fn print(&self, set: &MenuSet, texts: &Texts) -> Option<String> {
        let template = texts.get(set.language_index(self.language))?;
        Some(print(template, self.language, &self.known(set)?))
    }

    /// The values of the open menu, and the settings.
    pub(super) fn known<'a>(&'a self, set: &'a MenuSet) -> Option<Known<'a>> {
        let frame = self.frames.last()?;
        Some(Known { set, frame })
    }

    /// The open menu.
    pub(super) fn menu<'a>(&self, set: &'a MenuSet) -> Option<&'a Menu> {
        set.menu(self.frames.last()?.menu)
    }

    /// A screen of the open menu.
    pub(super) fn screen_at<'a>(&self, set: &'a MenuSet, screen: ScreenId) -> Option<&'a Screen> {
        set.screen(self.frames.last()?.menu, screen)
    }

    /// The screen before the caller.
    pub(super) fn screen<'a>(&self, set: &'a MenuSet) -> Option<&'a Screen> {
        self.screen_at(set, *self.frames.last()?.trail.last()?)
    }

    /// Whether a screen was shown before the one before the caller.
    pub(super) fn has_before(&self) -> bool {
        self.frames
            .iter()
            .map(|frame| frame.trail.len())
            .sum::<usize>()
            > 1
    }

    pub(super) fn set_variable(&mut self, variable: VarId, value: Value) {
        if let Some(frame) = self.frames.last_mut() {
            frame.variables.retain(|(known, _)| *known != variable);
            frame.variables.push((variable, value));
        }
    }
}

/// What a text, a call or a condition of the open menu can name.
pub(super) struct Known<'a> {
    set: &'a MenuSet,
    frame: &'a Frame,
}

impl Values for Known<'_> {
    fn value(&self, path: Path) -> Option<&Value> {
        let setting = self.set.setting(path);
        setting.or_else(|| self.frame.value(path))
    }
}

impl Values for Frame {
    fn value(&self, path: Path) -> Option<&Value> {
        let (_, value) = self
            .variables
            .iter()
            .find(|(variable, _)| *variable == path.variable)?;
        match path.field {
            Some(field) => value.field(usize::from(field)),
            None => Some(value),
        }
    }
}
