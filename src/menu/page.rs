//! Lays a screen out: text, options, keys, pages.
//!
//! `check` lays out every screen with its widest values and `dialogue` with the real ones, by the
//! same code, so a screen that was checked fits.

use super::{MenuSet, Path, Screen, Template, Value};
use crate::model::Language;

/// How much a gateway's page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize {
    /// Septets, when the page's text is in the GSM 7-bit alphabet.
    pub gsm7: usize,
    /// UTF-16 code units, when it is not.
    pub ucs2: usize,
}

impl Default for PageSize {
    /// What the strictest of the gateways that say so take (`160` septets, `70` of UCS-2).
    fn default() -> Self {
        Self {
            gsm7: 160,
            ucs2: 70,
        }
    }
}

/// Where a text's placeholders get their values.
pub trait Values {
    /// The value at a path; `None` where it is not set, which prints as nothing.
    fn value(&self, path: Path) -> Option<&Value>;
}

/// What stands above a screen's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Nothing.
    None,
    /// The key was not one of the screen's: the set's own words.
    ChooseAgain,
    /// The answer was not right: the screen's own `wrong:`.
    Wrong,
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
}

/// The pages of a screen; never empty, and each fits `size`.
///
/// A screen that fits one page gives one. Else its text (or a list's rows) is cut between words,
/// every page but the last offers "more", and every page offers what the caller needs to leave it;
/// the options stand on the last. The row numbers of a list go on from page to page.
pub fn pages(view: &View<'_>, size: PageSize) -> Vec<String> {
    _ = (view, size);
    Vec::new()
}

/// A text with its values in their places. In a text of the GSM 7-bit alphabet values are folded to
/// it; in one that is UCS-2 anyway they are not.
pub fn print(template: &Template, language: Language, values: &dyn Values) -> String {
    _ = (template, language, values);
    String::new()
}
