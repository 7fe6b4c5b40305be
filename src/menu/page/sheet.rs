use super::print::alphabet_of;
use crate::{menu::Words, model::gsm7::Alphabet};

/// What a key on a page means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// The record at this position of a list.
    Row(usize),
    /// The screen's option at this position.
    Option(usize),
    /// The set's language at this position.
    Language(usize),
    /// A right answer, one of those to choose from.
    Answer,
    /// "Yes" on a confirm screen.
    Yes,
    /// "No" on a confirm screen.
    No,
    /// The screen before.
    Back,
    /// The root's start.
    Home,
    /// The next page of this screen.
    More,
    /// The page before, of this screen.
    Previous,
}

/// A key, the words beside it and what it means.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) press: Press,
}

impl Entry {
    pub(super) fn new(key: &str, text: &str, press: Press) -> Self {
        Self {
            key: key.to_owned(),
            text: text.to_owned(),
            press,
        }
    }

    /// As it is shown.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.key, self.text)
    }
}

/// All that a screen shows, before it is cut into pages.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) alphabet: Alphabet,
    /// Before everything on the first page.
    pub(super) banner: String,
    /// What may stand above a page; room is kept for it.
    pub(super) note: String,
    /// Whether it does.
    pub(super) noted: bool,
    pub(super) text: String,
    /// Records or languages to choose from.
    pub(super) rows: Vec<Entry>,
    /// What stands after them, on the last page.
    pub(super) options: Vec<Entry>,
    /// What leaves the screen, in one line below each page.
    pub(super) exits: Vec<Entry>,
    /// The first page that has this line.
    pub(super) exits_from: usize,
    pub(super) more: Entry,
}

impl Sheet {
    /// A text of the set, which is no screen, and its way home where it has one.
    pub(super) fn of_text(view: &Engine<'_>, text: &str, note: &str, home: bool) -> Self {
        let word = |pick| word_of(view.words, pick);
        let exit = Entry::new(view.home, word(|words| &words.home), Press::Home);
        let more = word(|words| &words.more);
        let shown = [text, note, &exit.text, more];
        Self {
            alphabet: alphabet_of(shown.into_iter()),
            banner: view.banner.to_owned(),
            note: note.to_owned(),
            noted: view.noted,
            text: text.to_owned(),
            rows: Vec::new(),
            options: Vec::new(),
            more: Entry::new(view.more, more, Press::More),
            exits: home.then_some(exit).into_iter().collect(),
            exits_from: 0,
        }
    }

    /// The same with these below its text; one alphabet holds for all of them.
    pub(super) fn with_options(mut self, options: Vec<Entry>) -> Self {
        let shown = [&self.text, &self.note, &self.more.text].into_iter();
        let shown = shown.chain(options.iter().map(|option| &option.text));
        self.alphabet = alphabet_of(shown.map(String::as_str));
        self.options = options;
        self
    }
}

/// What a text of the engine itself is shown with.
pub(super) struct Engine<'a> {
    pub(super) words: Option<&'a Words>,
    pub(super) home: &'a str,
    pub(super) more: &'a str,
    pub(super) banner: &'a str,
    pub(super) noted: bool,
}

/// One of the set's words; nothing where the set lacks the language.
pub(super) fn word_of(words: Option<&Words>, pick: fn(&Words) -> &String) -> &str {
    words.map_or("", |words| pick(words).as_str())
}
