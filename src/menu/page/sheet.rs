use super::{
    Note, Values, View,
    print::{Printer, alphabet_of, literals},
};
use crate::{
    menu::{Choice, Path, Template, Texts, Value, VarId, Verb, Words},
    model::gsm7::Alphabet,
};

/// What a key on a page means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// The record at this position of a list.
    Row(usize),
    /// The screen's option at this position.
    Option(usize),
    /// The set's language at this position.
    Language(usize),
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
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) press: Press,
}

impl Entry {
    fn new(key: &str, text: &str, press: Press) -> Self {
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
#[derive(Clone, Debug)]
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
    /// What a screen shows.
    pub(super) fn of_screen(view: &View<'_>) -> Self {
        let index = view.set.language_index(view.language);
        let writer = Writer {
            view,
            index,
            printer: Printer {
                language: view.language,
                alphabet: alphabet_of(spoken(view, index).into_iter()),
                values: view.values,
            },
        };
        writer.sheet()
    }

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
}

/// What a text of the engine itself is shown with.
pub(super) struct Engine<'a> {
    pub(super) words: Option<&'a Words>,
    pub(super) home: &'a str,
    pub(super) more: &'a str,
    pub(super) banner: &'a str,
    pub(super) noted: bool,
}

fn word_of(words: Option<&Words>, pick: fn(&Words) -> &String) -> &str {
    words.map_or("", |words| pick(words).as_str())
}

/// Everything that a screen can say in its language by itself: it decides the screen's alphabet.
fn spoken<'a>(view: &View<'a>, index: usize) -> Vec<&'a str> {
    let words = view.set.words.get(index);
    let word = |pick: &fn(&Words) -> &String| word_of(words, *pick);
    let verb = &view.screen.verb;
    let mut spoken: Vec<&str> = words_of(verb).iter().map(word).collect();
    let texts = texts_of(verb).into_iter();
    spoken.extend(
        texts
            .filter_map(|texts| texts.get(index))
            .flat_map(literals),
    );
    if let Verb::Language { .. } = verb {
        spoken.extend(view.set.languages.iter().map(|known| known.name.as_str()));
    }
    spoken
}

fn words_of(verb: &Verb) -> Vec<fn(&Words) -> &String> {
    match verb {
        Verb::Menu { .. } | Verb::List { .. } | Verb::Show { .. } | Verb::Language { .. } => vec![
            |words| &words.choose_again,
            |words| &words.back,
            |words| &words.home,
            |words| &words.more,
        ],
        Verb::Confirm { .. } => vec![
            |words| &words.choose_again,
            |words| &words.yes,
            |words| &words.no,
            |words| &words.more,
        ],
        Verb::Ask { .. } | Verb::End { .. } | Verb::Call { .. } => vec![|words| &words.more],
    }
}

fn texts_of(verb: &Verb) -> Vec<&Texts> {
    let (own, options): (Vec<&Texts>, &[Choice]) = match verb {
        Verb::Menu { text, options } | Verb::Show { text, options, .. } => (vec![text], options),
        Verb::List {
            text, row, options, ..
        } => (vec![text, row], options),
        Verb::Ask {
            text,
            wrong,
            options,
            ..
        } => (vec![text, wrong], options),
        Verb::Confirm { text, .. } | Verb::End { text } | Verb::Language { text, .. } => {
            (vec![text], &[])
        }
        Verb::Call { .. } => (Vec::new(), &[]),
    };
    let options = options.iter().map(|choice| &choice.text);
    own.into_iter().chain(options).collect()
}

/// Writes the sheet of one view.
struct Writer<'a> {
    view: &'a View<'a>,
    /// The position of its language in every text.
    index: usize,
    printer: Printer<'a>,
}

impl Writer<'_> {
    fn sheet(&self) -> Sheet {
        let blank = self.blank();
        match &self.view.screen.verb {
            Verb::Menu { text, options } | Verb::Show { text, options, .. } => Sheet {
                text: self.text(text),
                options: self.options(options),
                ..self.with_navigation(blank)
            },
            Verb::List {
                text,
                items,
                item,
                row,
                options,
                go: _,
            } => Sheet {
                text: self.text(text),
                rows: self.rows(*items, *item, row, options),
                options: self.options(options),
                ..self.with_navigation(blank)
            },
            Verb::Language { text, .. } => Sheet {
                text: self.text(text),
                rows: self.languages(),
                ..self.with_navigation(blank)
            },
            Verb::Ask {
                text,
                wrong,
                options,
                ..
            } => Sheet {
                text: self.text(text),
                options: self.options(options),
                note: self.text(wrong),
                ..blank
            },
            Verb::Confirm { text, key, .. } => self.confirm(text, key, blank),
            Verb::End { text } => Sheet {
                text: self.text(text),
                ..blank
            },
            Verb::Call { .. } => blank,
        }
    }

    fn blank(&self) -> Sheet {
        let more = self.word(|words| &words.more);
        Sheet {
            alphabet: self.printer.alphabet,
            banner: self.view.banner.to_owned(),
            note: String::new(),
            noted: self.view.note != Note::None,
            text: String::new(),
            rows: Vec::new(),
            options: Vec::new(),
            exits: Vec::new(),
            exits_from: 0,
            more: Entry::new(&self.view.set.keys.more, more, Press::More),
        }
    }

    fn with_navigation(&self, sheet: Sheet) -> Sheet {
        let keys = &self.view.set.keys;
        let back = self.word(|words| &words.back);
        let home = self.word(|words| &words.home);
        Sheet {
            note: self.word(|words| &words.choose_again).to_owned(),
            exits: vec![
                Entry::new(&keys.back, back, Press::Back),
                Entry::new(&keys.home, home, Press::Home),
            ],
            // From a second page there is always a way back: to the first.
            exits_from: usize::from(!self.view.back),
            ..sheet
        }
    }

    fn confirm(&self, text: &Texts, key: &str, sheet: Sheet) -> Sheet {
        let no = self.word(|words| &words.no);
        let yes = self.word(|words| &words.yes);
        Sheet {
            text: self.text(text),
            note: self.word(|words| &words.choose_again).to_owned(),
            options: vec![Entry::new(key, yes, Press::Yes)],
            exits: vec![Entry::new(&self.view.set.keys.back, no, Press::No)],
            ..sheet
        }
    }

    fn options(&self, options: &[Choice]) -> Vec<Entry> {
        let numbered = options.iter().enumerate();
        numbered
            .map(|(index, choice)| {
                Entry::new(&choice.key, &self.text(&choice.text), Press::Option(index))
            })
            .collect()
    }

    fn rows(&self, items: VarId, item: VarId, row: &Texts, options: &[Choice]) -> Vec<Entry> {
        let whole = Path {
            variable: items,
            field: None,
        };
        let Some(Value::List(records)) = self.view.values.value(whole) else {
            return Vec::new();
        };
        let template = row.get(self.index);
        let line = |record| template.map_or_else(String::new, |row| self.row(row, item, record));
        let keys = self.numbers(options).zip(records).enumerate();
        keys.map(|(index, (key, record))| Entry::new(&key, &line(record), Press::Row(index)))
            .collect()
    }

    fn row(&self, template: &Template, item: VarId, record: &Value) -> String {
        let values = RowValues {
            item,
            record,
            others: self.view.values,
        };
        let printer = Printer {
            values: &values,
            ..self.printer
        };
        printer.compose(template)
    }

    fn languages(&self) -> Vec<Entry> {
        let named = self.numbers(&[]).zip(&self.view.set.languages).enumerate();
        named
            .map(|(index, (key, known))| Entry::new(&key, &known.name, Press::Language(index)))
            .collect()
    }

    /// 1, 2, 3 … without what is a key already.
    fn numbers(&self, options: &[Choice]) -> impl Iterator<Item = String> {
        let keys = &self.view.set.keys;
        (1..).map(|number: u32| number.to_string()).filter(|key| {
            let of_set = [&keys.back, &keys.home, &keys.more].contains(&key);
            !of_set && options.iter().all(|choice| choice.key != *key)
        })
    }

    fn text(&self, texts: &Texts) -> String {
        texts
            .get(self.index)
            .map_or_else(String::new, |template| self.printer.compose(template))
    }

    fn word(&self, pick: fn(&Words) -> &String) -> &str {
        word_of(self.view.set.words.get(self.index), pick)
    }
}

/// The values of a list's row: its record, and those of the screen.
struct RowValues<'a> {
    item: VarId,
    record: &'a Value,
    others: &'a dyn Values,
}

impl Values for RowValues<'_> {
    fn value(&self, path: Path) -> Option<&Value> {
        if path.variable != self.item {
            return self.others.value(path);
        }
        match path.field {
            Some(field) => self.record.field(usize::from(field)),
            None => Some(self.record),
        }
    }
}
