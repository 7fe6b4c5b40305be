//! Lays a screen out: text, options, keys, pages.
//!
//! `check` lays out every screen with its widest values and `dialogue` with the real ones, by the
//! same code, so a screen that was checked fits.
//!
//! 1. A [`View`] is everything that decides what a phone shows of a screen.
//! 2. [`pages`] gives its pages; [`layout`] also what each page's keys mean, as a [`Press`].
//! 3. [`late_question`], [`resume_question`] and [`sentence`] lay out what the engine itself says.
//! 4. [`print()`] prints a text that is no screen: an SMS.
//!
//! Where a page is cut depends on the screen, its values and the page's size, never on the note
//! above it: there is always room for the note. So a wrong key moves nothing.
//!
//! Left out: what a key leads to, and where in a dialogue the caller is.

mod cut;
mod frame;
mod layout;
mod print;
mod sheet;
mod spoken;
#[cfg(test)]
mod tests;
mod writer;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{MenuSet, Path, Screen, Value};
use crate::model::Language;

#[doc(no_inline)]
pub use crate::model::PageSize;
pub use layout::{Layout, late_question, layout, pages, resume_question, sentence};
pub use print::print;
pub use sheet::Press;

/// Where a text's placeholders get their values.
pub trait Values {
    /// The value at a path; `None` where it is not set, which prints as nothing.
    fn value(&self, path: Path) -> Option<&Value>;
}

/// What stands above a screen's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// Nothing.
    None,
    /// The key was not one of the screen's: the set's own words.
    ChooseAgain,
    /// The answer was not right: the screen's own `wrong:`.
    Wrong,
}

/// Which of a screen's options are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Every one, whatever its condition: for the proof that the screen fits.
    All,
    /// Those whose condition holds on this day.
    On(NaiveDate),
}

/// Everything that decides what a phone shows.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The set.
    pub set: &'a MenuSet,
    /// The screen.
    pub screen: &'a Screen,
    /// Its language.
    pub language: Language,
    /// Above it.
    pub note: Note,
    /// Before everything on the first page: `DEMO `. Empty for nothing.
    pub banner: &'a str,
    /// Whether there is a screen to go back to; then back and home are offered.
    pub back: bool,
    /// The values of its placeholders.
    pub values: &'a dyn Values,
    /// Its options.
    pub shown: Shown,
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View")
            .field("screen", &self.screen.name)
            .field("language", &self.language)
            .field("note", &self.note)
            .finish_non_exhaustive()
    }
}
