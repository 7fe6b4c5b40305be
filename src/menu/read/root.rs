use super::{Reader, entries::Entries, files::File};
use crate::{
    menu::{
        Keys, LanguageName, MessageKind,
        problem::Problem,
        syntax::{Menu, Root, Text},
    },
    model::{Language, ServiceCode, source::yaml::Node},
};

impl Reader<'_> {
    /// The set's languages, read before everything else; Swahili where none can be read.
    pub(super) fn languages(&mut self, root: &Node) -> Vec<LanguageName> {
        let entries = root.map().unwrap_or_default();
        let node = entries
            .iter()
            .find(|(key, _)| key.text() == Some("languages"));
        let mut languages = Vec::new();
        if let Some((_, node)) = node {
            let pairs = self.pairs(node);
            if pairs.as_ref().is_some_and(Vec::is_empty) {
                self.report(node.span, Problem::WrongShape("a language", "none"));
            }
            for (tag, name) in pairs.unwrap_or_default() {
                languages.extend(self.language(tag, name));
            }
        }
        if languages.is_empty() {
            languages.push(LanguageName {
                language: Language::SWAHILI,
                name: "Kiswahili".to_owned(),
            });
        }
        languages
    }

    fn language(&mut self, tag: &Node, name: &Node) -> Option<LanguageName> {
        let text = self.scalar(tag)?;
        self.warn_of_plain(tag);
        let Ok(language) = Language::parse(text) else {
            self.report(tag.span, Problem::BadLanguage(text.to_owned()));
            return None;
        };
        let name_text = self.scalar(name)?;
        self.warn_of_plain(name);
        if name_text.trim().is_empty() || name_text.chars().any(char::is_control) {
            self.report(name.span, Problem::Unprintable);
        }
        Some(LanguageName {
            language,
            name: name_text.to_owned(),
        })
    }

    /// The root's own keys, and its menu.
    pub(super) fn root(
        &mut self,
        file: File<'_>,
        node: &Node,
        languages: Vec<LanguageName>,
    ) -> (Root, Menu) {
        let mut root = Root {
            service: None,
            languages,
            keys: usual_keys(),
            words: Vec::new(),
            late_there: false,
            late_ask: None,
            late_wrong: None,
            messages_there: false,
            messages: Vec::new(),
            first_dial: None,
            resume_words: Vec::new(),
            too_many: None,
            forgotten: None,
        };
        let Some(mut entries) = self.entries(node, "the root") else {
            return (root, self.unread(file));
        };
        root.service = self.service(&mut entries);
        // Read already; here only missed.
        _ = self.require(&mut entries, "languages");
        self.keys(&mut entries, &mut root.keys);
        self.words(&mut entries, &mut root);
        let late = entries.take("late");
        root.late_there = late.is_some();
        let both = [("ask", true), ("wrong", true)];
        let mut late = self.texts_of(late, "late", &both);
        root.late_wrong = late.pop().flatten();
        root.late_ask = late.pop().flatten();
        let kinds = MessageKind::ALL.map(|kind| (kind.name(), kind.is_needed()));
        let messages = entries.take("messages");
        root.messages_there = messages.is_some();
        root.messages = self.texts_of(messages, "messages", &kinds);
        // Read once the menus are.
        _ = entries.take("settings");
        let first = self.require(&mut entries, "first_dial");
        root.first_dial = first.and_then(|node| self.reference(node));
        let mut menu = self.menu(file, &mut entries);
        menu.end_when_off();
        self.finish(&entries);
        (root, menu)
    }

    fn service(&mut self, entries: &mut Entries<'_>) -> Option<ServiceCode> {
        let node = self.require(entries, "service")?;
        let text = self.scalar(node)?;
        let service = ServiceCode::parse(text).ok();
        if service.is_none() {
            self.report(node.span, Problem::BadServiceCode(text.to_owned()));
        }
        service
    }

    fn keys(&mut self, entries: &mut Entries<'_>, keys: &mut Keys) {
        let Some(node) = self.require(entries, "keys") else {
            return;
        };
        let Some(mut entries) = self.entries(node, "the keys") else {
            return;
        };
        let mut taken: Vec<(String, &str)> = Vec::new();
        let Keys { back, home, more } = keys;
        for (name, slot) in [("back", back), ("home", home), ("more", more)] {
            let node = self.require(&mut entries, name);
            let Some(key) = node.and_then(|node| self.key(node)) else {
                continue;
            };
            if let Some((_, meaning)) = taken.iter().find(|(other, _)| *other == key.text) {
                self.report(key.at, Problem::KeyTaken(key.text.clone(), meaning));
            }
            taken.push((key.text.clone(), name));
            *slot = key.text;
        }
        self.finish(&entries);
    }

    /// The texts of a map in the order of `keys`, each with whether it must be there; none where there is
    /// no map.
    fn texts_of(
        &mut self,
        node: Option<&Node>,
        key: &'static str,
        keys: &[(&'static str, bool)],
    ) -> Vec<Option<Text>> {
        let of = match key {
            "late" => "what opens a late answer",
            _ => "the messages",
        };
        let Some(mut entries) = node.and_then(|node| self.entries(node, of)) else {
            return keys.iter().map(|_| None).collect();
        };
        let texts = self.below(key, |reader| {
            let mut texts = Vec::new();
            for (key, needed) in keys {
                texts.push(if *needed {
                    reader.require_text(&mut entries, key)
                } else {
                    reader.take_text(&mut entries, key)
                });
            }
            texts
        });
        self.finish(&entries);
        texts
    }
}

fn usual_keys() -> Keys {
    Keys {
        back: "0".to_owned(),
        home: "00".to_owned(),
        more: "98".to_owned(),
    }
}
