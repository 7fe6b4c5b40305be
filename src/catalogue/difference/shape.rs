use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalogue::{edition::folder, installation},
    model::source::{
        Source,
        yaml::{self, Kind, Node},
    },
};

/// A part of a set, as its author names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// `menu.screen`.
    Screen(String),
    /// Anything else: `chf.words`, `calls.desk.hours`, `setting hotline`.
    Other(String),
}

/// What stands at a place: every scalar by its path, texts apart by their language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) logic: BTreeMap<String, String>,
    pub(super) texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// A set, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) service: String,
    pub(super) parts: BTreeMap<Place, Part>,
}

/// Keys below which a scalar is read by callers.
const TEXTS: &[&str] = &[
    "menu", "ask", "confirm", "show", "end", "language", "text", "row", "wrong", "off",
];
/// Keys below which every scalar is.
const ALL_TEXTS: &[&str] = &["sms", "words", "late", "messages"];

/// One file of a set.
struct File<'s> {
    menu: &'s str,
    language: Option<&'s str>,
    node: Node,
}

/// The sets among files, by their name.
pub(super) fn sets(sources: &[Source]) -> BTreeMap<String, Shape> {
    let folders: BTreeSet<&str> = sources
        .iter()
        .filter(|source| crate::catalogue::is_menu(source))
        .map(|source| folder(&source.name))
        .collect();
    let named = |folder: &str| folder.rsplit('/').next().unwrap_or(folder).to_owned();
    folders
        .into_iter()
        .map(|folder| (named(folder), shape(sources, folder)))
        .collect()
}

fn shape(sources: &[Source], of: &str) -> Shape {
    let name = of.rsplit('/').next().unwrap_or(of);
    let mut files = Vec::new();
    let mut shape = Shape::default();
    for source in sources {
        // A published edition compiled once, so it is YAML.
        let Ok(node) = yaml::read(&source.text, 0) else {
            continue;
        };
        if installation::is_of(source, of) {
            shape.add_settings(&node, name);
        } else if folder(&source.name) == of {
            files.extend(file(&source.name, node));
        }
    }
    let root = files
        .iter()
        .find(|file| file.menu == name && file.language.is_none());
    let own = root.and_then(|root| first_language(&root.node));
    if let Some(root) = root {
        let service = entry(&root.node, "service").and_then(Node::text);
        service.unwrap_or_default().clone_into(&mut shape.service);
    }
    for file in &files {
        shape.add_file(file, &owners(file.menu, &files), own.as_deref());
    }
    shape
}

fn file(name: &str, node: Node) -> Option<File<'_>> {
    let stem = name.rsplit('/').next()?.strip_suffix(".yaml")?;
    let (menu, language) = match stem.split_once('.') {
        Some((menu, language)) => (menu, Some(language)),
        None => (stem, None),
    };
    Some(File {
        menu,
        language,
        node,
    })
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let mut entries = node.map()?.iter();
    let (_, value) = entries.find(|(name, _)| name.text() == Some(key))?;
    Some(value)
}

fn first_language(root: &Node) -> Option<String> {
    let (first, _) = entry(root, "languages")?.map()?.first()?;
    first.text().map(str::to_owned)
}

/// The menus in which a file's screens stand: its own, or those that include a fragment.
fn owners<'s>(menu: &'s str, files: &[File<'s>]) -> Vec<&'s str> {
    let own = |file: &&File<'_>| file.language.is_none();
    let mut mains = files.iter().filter(own);
    let is_fragment = mains
        .clone()
        .any(|file| file.menu == menu && entry(&file.node, "fragment").is_some());
    if !is_fragment {
        return vec![menu];
    }
    let includes = |file: &&File<'_>| {
        let included = entry(&file.node, "include").and_then(Node::list);
        let mut included = included.unwrap_or_default().iter();
        included.any(|name| name.text() == Some(menu))
    };
    mains
        .by_ref()
        .filter(includes)
        .map(|file| file.menu)
        .collect()
}

impl Shape {
    fn add_settings(&mut self, installation: &Node, set: &str) {
        let settings = entry(installation, set).and_then(Node::map);
        for (name, value) in settings.unwrap_or_default() {
            let place = Place::Other(format!("setting {}", name.text().unwrap_or_default()));
            self.add(&place, value, None);
        }
    }

    fn add_file(&mut self, file: &File<'_>, owners: &[&str], own: Option<&str>) {
        for (key, value) in file.node.map().unwrap_or_default() {
            let key = key.text().unwrap_or_default();
            if key == "service" {
                continue;
            }
            for (name, below) in named(key, value) {
                for owner in owners {
                    let place = match (key, name) {
                        ("screens", Some(name)) => Place::Screen(format!("{owner}.{name}")),
                        ("calls", Some(name)) => Place::Other(format!("call {name}")),
                        _ => Place::Other(format!("{owner}.{key}")),
                    };
                    self.add(&place, below, file.language);
                }
            }
        }
        if file.language.is_none() {
            self.tell_own_language(own);
        }
    }

    fn add(&mut self, place: &Place, node: &Node, language: Option<&str>) {
        let part = self.parts.entry(place.clone()).or_default();
        let at = match place {
            Place::Screen(_) => "",
            Place::Other(name) => name.rsplit('.').next().unwrap_or_default(),
        };
        let mut path = vec![at];
        part.read(node, &mut path, language);
    }

    /// What was read of a set's own files is in its first language.
    fn tell_own_language(&mut self, own: Option<&str>) {
        for part in self.parts.values_mut() {
            if let Some(texts) = part.texts.remove("") {
                let own = own.unwrap_or("the first language").to_owned();
                part.texts.entry(own).or_default().extend(texts);
            }
        }
    }
}

/// The parts below a key of a file: each screen, each call, or all of it.
fn named<'n>(key: &str, value: &'n Node) -> Vec<(Option<&'n str>, &'n Node)> {
    match value.map() {
        Some(entries) if matches!(key, "screens" | "calls") => entries
            .iter()
            .map(|(name, below)| (name.text(), below))
            .collect(),
        Some(_) | None => vec![(None, value)],
    }
}

impl Part {
    fn read<'n>(&mut self, node: &'n Node, path: &mut Vec<&'n str>, language: Option<&str>) {
        match &node.kind {
            Kind::Scalar { text, .. } => self.note(path, text, language),
            Kind::List(items) => {
                // Their order counts: what is read at one path is put together in it.
                path.push("-");
                for item in items {
                    self.read(item, path, language);
                }
                path.pop();
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    path.push(key.text().unwrap_or_default());
                    self.read(value, path, language);
                    path.pop();
                }
            }
        }
    }

    fn note(&mut self, path: &[&str], text: &str, language: Option<&str>) {
        let at = path.join(".");
        if let Some(language) = language {
            let texts = self.texts.entry(language.to_owned()).or_default();
            texts.insert(at, text.to_owned());
        } else if is_text(path) {
            let texts = self.texts.entry(String::new()).or_default();
            texts.insert(at.clone(), text.to_owned());
            // That there is a text is no text.
            self.logic.insert(at, String::new());
        } else {
            let logic = self.logic.entry(at).or_default();
            logic.push_str(text);
            logic.push('\n');
        }
    }
}

/// Whether a scalar of a set's own files is read by callers.
fn is_text(path: &[&str]) -> bool {
    let last = path.last().is_some_and(|key| TEXTS.contains(key));
    last || path.iter().any(|key| ALL_TEXTS.contains(key))
}
