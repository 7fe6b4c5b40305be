//! Makes the files of a set.

use std::collections::BTreeSet;

use super::{
    Translation, Wanted,
    draft::{Choice, Screen, Text, Verb, Version},
    phrases::{self, Phrases},
};
use crate::{
    import::yaml::{Entry, Yaml, file},
    model::source::{
        Source,
        yaml::{Kind, Node},
    },
};

/// What is dialled where nobody said.
const PLACEHOLDER: &str = "*123#";

/// A word of the root, and where it is found among the phrases.
type Word = (&'static str, fn(&Phrases) -> &'static str);

const WORDS: [Word; 10] = [
    ("yes", |phrases| phrases.yes),
    ("no", |phrases| phrases.no),
    ("back", |phrases| phrases.back),
    ("home", |phrases| phrases.home),
    ("more", |phrases| phrases.more),
    ("choose_again", |phrases| phrases.choose_again),
    ("busy", |phrases| phrases.busy),
    ("unavailable", |phrases| phrases.unavailable),
    ("wrong_number", |phrases| phrases.wrong_number),
    ("too_many", |phrases| phrases.too_many),
];

/// What stands above a text of the first language in another one's file.
const NOT_TRANSLATED: &str = "Not translated in the journey.";

impl Translation<'_> {
    /// The files; of `kept` screens only as comments.
    pub(super) fn files(&mut self, wanted: &Wanted, kept: &BTreeSet<String>) -> Vec<Source> {
        self.screens
            .sort_by_key(|screen| kept.contains(&screen.name));
        let set = wanted.set.as_str();
        let named = |name: String, text: String| Source {
            name: format!("{set}/{name}"),
            text,
        };
        let mut files = vec![named(format!("{set}.yaml"), self.root(wanted, kept))];
        for (index, tag) in self.languages.iter().enumerate().skip(1) {
            files.push(named(
                format!("{set}.{tag}.yaml"),
                self.texts_file(index, tag, kept),
            ));
        }
        let calls = self.calls_file(kept);
        files.extend(calls.map(|calls| named("calls.yaml".to_owned(), calls)));
        files
    }

    fn root(&self, wanted: &Wanted, kept: &BTreeSet<String>) -> String {
        let set = wanted.set.as_str();
        let code = wanted
            .service
            .as_ref()
            .map_or(PLACEHOLDER, |service| service.as_str());
        let mut service = Entry::new("service", Yaml::Quoted(code.to_owned()));
        if wanted.service.is_none() {
            service = service.about("The journey does not say what is dialled: write it here.");
        }
        let languages = self.languages.iter();
        let languages = languages.map(|tag| Entry::text(tag, phrases::name_of(tag)));
        let keys = [
            ("back", &self.keys.back),
            ("home", &self.keys.home),
            ("more", &self.keys.more),
        ];
        let keys = keys.map(|(name, key)| Entry::new(name, Yaml::Quoted(key.clone())));
        let words = self.words(0);
        let mut entries = vec![
            Entry::word("menu", set),
            service,
            Entry::new("languages", Yaml::Short(languages.collect())),
            Entry::new("keys", Yaml::Short(keys.into())),
            Entry::new("words", Yaml::Long(words)).apart(),
        ];
        entries.extend(self.settings().map(Entry::apart));
        entries.push(Entry::word("first_dial", self.first_dial()).apart());
        entries.push(Entry::word("start", self.start.clone()));
        let screens = self.screens.iter().map(|screen| {
            let mut entry = entry_of(screen);
            entry.hidden = kept.contains(&screen.name);
            entry.apart()
        });
        let mut screens: Vec<Entry> = screens.collect();
        if let Some(first) = screens.first_mut() {
            first.apart = false;
        }
        entries.push(Entry::new("screens", Yaml::Long(screens)));
        let journey = self.source.name.rsplit('/').next().unwrap_or_default();
        let title = format!("Made of the ussd_airflow journey {journey}.");
        file(&[&title], &entries)
    }

    fn settings(&self) -> Option<Entry> {
        let settings = self.values.settings.iter().map(|(theirs, number)| {
            let (of, default) = if *number {
                (Entry::word("number", "9"), Yaml::Word("0".to_owned()))
            } else {
                (
                    Entry::word("text", "40"),
                    Yaml::Quoted(format!("({theirs})")),
                )
            };
            let entries = vec![of, Entry::new("default", default)];
            Entry::new(super::names::plain(theirs), Yaml::Short(entries))
        });
        let settings: Vec<Entry> = settings.collect();
        let about = "From the journey's file of variables: write the values.";
        (!settings.is_empty()).then(|| Entry::new("settings", Yaml::Long(settings)).about(about))
    }

    /// The root's words in one language; the journey's own for more and back.
    fn words(&self, language: usize) -> Vec<Entry> {
        let tag = self.languages.get(language).map_or("en", String::as_str);
        let words = WORDS.into_iter().map(|(name, word)| {
            let own = match name {
                "more" => self.page_word("more_option", tag),
                "back" => self.page_word("back_option", tag),
                _ => None,
            };
            Entry::text(
                name,
                own.unwrap_or_else(|| word(phrases::of(tag)).to_owned()),
            )
        });
        words.collect()
    }

    /// What a journey prints beside the keys for more and back.
    fn page_word(&self, key: &str, tag: &str) -> Option<String> {
        let entry = |node: &'_ Node, wanted: &str| -> Option<Node> {
            let mut entries = node.map()?.iter();
            let (_, value) = entries.find(|(key, _)| key.text() == Some(wanted))?;
            Some(value.clone())
        };
        let config = entry(self.journey.initial?, "pagination_config")?;
        let word = entry(&config, key)?;
        let text = match &word.kind {
            Kind::Scalar { text, .. } => text.clone(),
            Kind::Map(_) => entry(&word, tag)?.text()?.to_owned(),
            Kind::List(_) => return None,
        };
        let text = text.trim().replace(['{', '}'], "");
        (!text.is_empty()).then_some(text)
    }

    fn texts_file(&self, language: usize, tag: &str, kept: &BTreeSet<String>) -> String {
        let mut words = self.words(language);
        if !phrases::has(tag) {
            for word in &mut words {
                *word = word.clone().about(NOT_TRANSLATED);
            }
        }
        let screens = self.screens.iter().filter_map(|screen| {
            let texts = texts_of(screen, language);
            let value = Yaml::Long(texts);
            let entry = Entry {
                hidden: kept.contains(&screen.name),
                ..Entry::new(&screen.name, value)
            };
            (!matches!(&entry.value, Yaml::Long(texts) if texts.is_empty())).then_some(entry)
        });
        let entries = [
            Entry::new("words", Yaml::Long(words)),
            Entry::new("screens", Yaml::Long(screens.collect())).apart(),
        ];
        file(&[], &entries)
    }

    /// The file of calls; those of screens that nobody reaches only as comments.
    fn calls_file(&self, kept: &BTreeSet<String>) -> Option<String> {
        let used = |name: &str| {
            self.screens.iter().any(|screen| {
                let makes = matches!(&screen.verb, Verb::Call { call, .. } if call == name);
                makes && !kept.contains(&screen.name)
            })
        };
        let calls = self.calls.iter().map(|call| Entry {
            comments: call.comments.clone(),
            hidden: !used(&call.name),
            ..Entry::new(&call.name, Yaml::Long(call.entries.clone()))
        });
        let mut calls: Vec<Entry> = calls.collect();
        if calls.iter().all(|call| call.hidden) {
            return None;
        }
        for call in calls.iter_mut().skip(1) {
            call.apart = true;
        }
        let title = "Their hosts must be among those that the configuration allows.";
        Some(file(&[title], &[Entry::new("calls", Yaml::Long(calls))]))
    }
}

/// A screen as the root has it.
fn entry_of(screen: &Screen) -> Entry {
    let entries = match &screen.verb {
        Verb::Menu { text, options } => vec![said("menu", text), choices(options)],
        Verb::List {
            items,
            item,
            text,
            row,
            go,
            options,
        } => {
            let mut entries = vec![
                Entry::word("list", items),
                Entry::word("as", item),
                said("text", text),
                said("row", row),
                Entry::word("go", go),
            ];
            entries.extend((!options.is_empty()).then(|| choices(options)));
            entries
        }
        Verb::Ask {
            text,
            of,
            into,
            wrong,
            go,
            options,
        } => {
            let mut entries = vec![
                said("ask", text),
                Entry::new("type", of.clone()),
                Entry::word("as", into),
                said("wrong", wrong),
                Entry::word("go", go),
            ];
            entries.extend((!options.is_empty()).then(|| choices(options)));
            entries
        }
        Verb::Show { text } => vec![said("show", text)],
        Verb::End { text } => vec![said("end", text)],
        Verb::Language { text } => vec![said("language", text), Entry::word("go", "home")],
        Verb::Route {
            branches,
            otherwise,
        } => {
            let branches = branches.iter().map(|(when, go)| {
                Yaml::Short(vec![Entry::text("when", when), Entry::word("go", go)])
            });
            vec![
                Entry::new("route", Yaml::Items(branches.collect())),
                Entry::word("else", otherwise),
            ]
        }
        Verb::Set { values, go } => {
            let values = values
                .iter()
                .map(|(name, value)| Entry::new(name, value.clone()));
            vec![
                Entry::new("set", Yaml::Short(values.collect())),
                Entry::word("go", go),
            ]
        }
        Verb::Call {
            call,
            with,
            into,
            on,
        } => {
            let mut entries = vec![Entry::word("call", call)];
            let with: Vec<Yaml> = with.iter().cloned().map(Yaml::Word).collect();
            entries.extend((!with.is_empty()).then(|| Entry::new("with", Yaml::List(with))));
            entries.extend(into.as_ref().map(|into| Entry::word("as", into)));
            let on = on
                .iter()
                .map(|outcome| Entry::word(&outcome.name, &outcome.go));
            entries.push(Entry::new("on", Yaml::Short(on.collect())));
            entries
        }
    };
    let short = matches!(
        screen.verb,
        Verb::End { .. } | Verb::Set { .. } | Verb::Show { .. }
    );
    let lines = entries
        .iter()
        .any(|entry| matches!(&entry.value, Yaml::Text(text) if text.contains('\n')));
    Entry {
        comments: screen.comments.clone(),
        ..Entry::new(
            &screen.name,
            if short && !lines {
                Yaml::Short(entries)
            } else {
                Yaml::Long(entries)
            },
        )
    }
}

fn said(key: &str, text: &Text) -> Entry {
    Entry::text(key, version(text, 0).text)
}

fn version(text: &Text, language: usize) -> Version {
    text.0.get(language).cloned().unwrap_or_default()
}

fn choices(options: &[Choice]) -> Entry {
    let options = options.iter().map(|option| {
        let entries = vec![said("text", &option.text), Entry::word("go", &option.go)];
        Entry::new(&option.key, Yaml::Short(entries))
    });
    Entry::new("options", Yaml::Long(options.collect()))
}

/// The texts of a screen in another language, as its file has them.
fn texts_of(screen: &Screen, language: usize) -> Vec<Entry> {
    let (texts, options): (Vec<(&str, &Text)>, &[Choice]) = match &screen.verb {
        Verb::Menu { text, options } => (vec![("menu", text)], options),
        Verb::List {
            text, row, options, ..
        } => (vec![("text", text), ("row", row)], options),
        Verb::Ask {
            text,
            wrong,
            options,
            ..
        } => (vec![("ask", text), ("wrong", wrong)], options),
        Verb::Show { text } => (vec![("show", text)], &[]),
        Verb::End { text } => (vec![("end", text)], &[]),
        Verb::Language { text } => (vec![("language", text)], &[]),
        Verb::Route { .. } | Verb::Set { .. } | Verb::Call { .. } => (Vec::new(), &[]),
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (key, text) in texts {
        entries.extend(translated(key, text, language));
    }
    let options: Vec<Entry> = options
        .iter()
        .filter_map(|option| translated(&option.key, &option.text, language))
        .collect();
    entries.extend((!options.is_empty()).then(|| Entry::new("options", Yaml::Long(options))));
    entries
}

/// A text in another language; none where it holds nothing but values, which read the same.
fn translated(key: &str, text: &Text, language: usize) -> Option<Entry> {
    let version = version(text, language);
    if version.copied && is_values_only(&version.text) {
        return None;
    }
    let entry = Entry::text(key, version.text);
    Some(if version.copied {
        entry.about(NOT_TRANSLATED)
    } else {
        entry
    })
}

fn is_values_only(text: &str) -> bool {
    let mut inside = false;
    // A doubled brace is one that is printed.
    let printed = text.contains("{{") || text.contains("}}");
    !printed
        && text.chars().all(|character| match character {
            '{' => {
                inside = true;
                true
            }
            '}' => {
                inside = false;
                true
            }
            other => inside || other.is_whitespace(),
        })
}
