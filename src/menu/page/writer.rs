//! Writes what a screen of the set shows, verb by verb.

use super::{
    Note, Shown, Values, View,
    print::{Printer, alphabet_of},
    sheet::{Entry, Press, Sheet, word_of},
    spoken::spoken,
};
use crate::menu::{AnswerType, Choice, Facts, Path, Template, Texts, Value, VarId, Verb, Words};

/// What a screen shows.
pub(super) fn of_screen(view: &View<'_>) -> Sheet {
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
                answer,
                ..
            } => Sheet {
                text: self.text(text),
                rows: self.alternatives(answer),
                options: self.options(options),
                note: self.text(wrong),
                ..self.with_exits_of(answer, blank)
            },
            Verb::Confirm { text, key, .. } => self.confirm(text, key, blank),
            Verb::End { text } => Sheet {
                text: self.text(text),
                ..blank
            },
            Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. } => blank,
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

    /// Where something is typed, an answer may begin as the keys for back and home do.
    fn with_exits_of(&self, answer: &AnswerType, sheet: Sheet) -> Sheet {
        if answer.alternatives().is_empty() {
            sheet
        } else {
            self.with_navigation(sheet)
        }
    }

    fn alternatives(&self, answer: &AnswerType) -> Vec<Entry> {
        let each = answer.alternatives().iter();
        each.map(|one| Entry::new(&one.key, &self.text(&one.text), Press::Answer))
            .collect()
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
            .filter(|(_, choice)| self.is_shown(choice))
            .map(|(index, choice)| {
                Entry::new(&choice.key, &self.text(&choice.text), Press::Option(index))
            })
            .collect()
    }

    fn is_shown(&self, choice: &Choice) -> bool {
        let Shown::On(today) = self.view.shown else {
            return true;
        };
        let facts = Facts {
            values: self.view.values,
            language: self.view.language,
            today,
        };
        let when = choice.when.as_ref();
        when.is_none_or(|when| when.holds(&facts))
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
