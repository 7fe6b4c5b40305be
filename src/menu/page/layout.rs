use std::fmt;

use super::{
    Note, PageSize, Path, Value, Values, View, cut,
    print::print,
    sheet::{Engine, Entry, Press, Sheet},
    writer,
};
use crate::{
    menu::{CARRY_ON, MenuSet, ResumeWords, START_AGAIN, Texts},
    model::Language,
};

/// A screen's pages, and what is meant by a key on each.
#[derive(Clone)]
pub struct Layout {
    /// The pages; at least one.
    pages: Vec<String>,
    sheet: Sheet,
}

impl fmt::Debug for Layout {
    /// Without the pages: names and numbers stand on them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layout({} pages)", self.pages.len())
    }
}

impl Layout {
    fn new(sheet: Sheet, size: PageSize) -> Self {
        Self {
            pages: cut::pages(&sheet, size),
            sheet,
        }
    }

    /// The pages in order; at least one.
    pub fn pages(&self) -> &[String] {
        &self.pages
    }

    /// The page at `index`, or the last: a gateway with larger pages may have taken over.
    pub fn page(&self, index: usize) -> &str {
        let page = self.pages.get(index).or(self.pages.last());
        page.map_or("", String::as_str)
    }

    /// The index of the last page.
    pub fn last(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Whether any key leads on from it.
    pub fn has_keys(&self) -> bool {
        let Sheet {
            rows,
            options,
            exits,
            ..
        } = &self.sheet;
        // On the first page of a dialogue back and home stand from its second part on.
        let leaves = !exits.is_empty() && self.sheet.exits_from <= self.last();
        !rows.is_empty() || !options.is_empty() || leaves
    }

    /// What `key` means on the page at `index`; `None` where it is not a key there.
    ///
    /// Rows and options answer on every page of their screen, because callers know them by heart;
    /// "yes" only where all has been read.
    pub fn press(&self, index: usize, key: &str) -> Option<Press> {
        let index = index.min(self.last());
        if key == self.sheet.more.key && index < self.last() {
            return Some(Press::More);
        }
        let chosen = self.sheet.rows.iter().chain(&self.sheet.options);
        let exits = self.sheet.exits.iter();
        let exits = exits.filter(|_| index >= self.sheet.exits_from);
        let press = chosen
            .chain(exits)
            .find(|entry| entry.key == key)
            .map(|entry| entry.press)?;
        match press {
            Press::Back if index > 0 => Some(Press::Previous),
            Press::Yes if index < self.last() => None,
            Press::Row(_)
            | Press::Option(_)
            | Press::Language(_)
            | Press::Answer
            | Press::Yes
            | Press::No
            | Press::Back
            | Press::Home
            | Press::More
            | Press::Previous => Some(press),
        }
    }
}

/// The pages of a screen; never empty, and each fits `size`.
///
/// A screen that fits one page gives one. Else its text (or a list's rows) is cut between words,
/// every page but the last offers "more", and every page offers what the caller needs to leave it;
/// the options stand on the last. The row numbers of a list go on from page to page. A note stands
/// above every page.
pub fn pages(view: &View<'_>, size: PageSize) -> Vec<String> {
    layout(view, size).pages
}

/// The pages of a screen, and what its keys mean.
pub fn layout(view: &View<'_>, size: PageSize) -> Layout {
    Layout::new(writer::of_screen(view), size)
}

/// The question that opens a late answer: it names nobody, and home leads to the start.
pub fn late_question(
    set: &MenuSet,
    language: Language,
    note: Note,
    banner: &str,
    size: PageSize,
) -> Layout {
    let index = set.language_index(language);
    let text = |texts: &Texts| {
        let template = texts.get(index);
        template.map_or_else(String::new, |template| {
            print(template, language, &Settings(set))
        })
    };
    let engine = engine(set, language, note, banner);
    let sheet = Sheet::of_text(&engine, &text(&set.late.ask), &text(&set.late.wrong), true);
    Layout::new(sheet, size)
}

/// The page that offers to go on with a dialogue that was dropped. It names nobody.
pub fn resume_question(
    set: &MenuSet,
    language: Language,
    note: Note,
    banner: &str,
    size: PageSize,
) -> Layout {
    let index = set.language_index(language);
    let text = |pick: fn(&ResumeWords) -> &Texts| {
        let words = set.resume.as_ref().map(pick);
        let template = words.and_then(|texts| texts.get(index));
        template.map_or_else(String::new, |template| {
            print(template, language, &Settings(set))
        })
    };
    let engine = engine(set, language, note, banner);
    let again = set.words.get(index).map_or("", |words| &words.choose_again);
    let option = |key, text: &str, index| Entry::new(key, text, Press::Option(index));
    let options = vec![
        option(CARRY_ON, &text(|words| &words.carry_on), 0),
        option(START_AGAIN, &text(|words| &words.start_again), 1),
    ];
    let sheet = Sheet::of_text(&engine, &text(|words| &words.ask), again, false);
    Layout::new(sheet.with_options(options), size)
}

/// Something that the engine itself says, and nothing more.
pub fn sentence(
    set: &MenuSet,
    language: Language,
    text: &str,
    banner: &str,
    size: PageSize,
) -> Layout {
    let engine = engine(set, language, Note::None, banner);
    Layout::new(Sheet::of_text(&engine, text, "", false), size)
}

fn engine<'a>(set: &'a MenuSet, language: Language, note: Note, banner: &'a str) -> Engine<'a> {
    Engine {
        words: set.words.get(set.language_index(language)),
        home: &set.keys.home,
        more: &set.keys.more,
        banner,
        noted: note != Note::None,
    }
}

/// What can be printed where no menu is open.
struct Settings<'a>(&'a MenuSet);

impl Values for Settings<'_> {
    fn value(&self, path: Path) -> Option<&Value> {
        self.0.setting(path)
    }
}
