//! Reads menu files: YAML nodes in, a tree of names and places out ([`crate::menu::syntax`]).
//!
//! 1. [`read`] sorts the files of a folder (`files`), reads the root's own keys (`root`), then every
//!    menu (`menu`, `screen`, `target`).
//! 2. A text is read together with its translations: files of texts are the same tree, so
//!    `translations` finds them by their path.
//! 3. A fragment's screens are put into the menus that include it (`fragment`); what the
//!    installation gives to settings comes from a file beside the set's folder (`setting`).
//! 4. Every mistake is reported and reading goes on behind it.
//!
//! 4. A set's own calls (`calls`) are read and made ready whole: their names lead nowhere else.
//!
//! Left out: whether names lead anywhere, which is `check`'s.

mod answer;
mod calls;
mod choice;
mod condition;
mod entries;
mod files;
mod fragment;
mod menu;
mod plain;
mod root;
mod screen;
mod setting;
mod target;
mod template;
mod text;
mod translations;
mod ways;

use super::{
    declared,
    problem::{Found, Problem},
    syntax::{Name, Set},
};
use crate::model::source::{
    Source, Span,
    yaml::{self, Node},
};
use files::Files;
use translations::Translations;

pub use setting::is_installation;

/// What reading carries along.
struct Reader<'a> {
    sources: &'a [Source],
    problems: &'a mut Vec<Found>,
    /// Of the menu that is being read, one for each further language.
    translations: Vec<Translations<'a>>,
    /// The paths of the texts of the menu that is being read.
    texts: Vec<String>,
    /// The keys that lead to what is being read.
    path: Vec<String>,
}

/// Reads the files of one set. `None` where there is no root to begin with.
pub(super) fn read(sources: &[Source], problems: &mut Vec<Found>) -> Option<Set> {
    let nodes: Vec<Option<Node>> = sources
        .iter()
        .enumerate()
        .map(|(index, source)| node(source, index, problems))
        .collect();
    let files = Files::of(sources);
    let mut reader = Reader {
        sources,
        problems,
        translations: Vec::new(),
        texts: Vec::new(),
        path: Vec::new(),
    };
    let Some(root) = files.root() else {
        reader.report(Span::default(), Problem::NoRoot(files.folder));
        return None;
    };
    let at_root = nodes.get(root.source)?.as_ref()?;
    let languages = reader.languages(at_root);
    reader.check_texts_files(&files, &languages);
    let mut menus = Vec::new();
    let mut fragments = Vec::new();
    let mut settings = Vec::new();
    let mut root_keys = None;
    for file in files.menus() {
        reader.translations = reader.collect(&files, file.menu, &languages, &nodes);
        let node = nodes.get(file.source).and_then(Option::as_ref);
        match node {
            None => menus.push(reader.unread(file)),
            Some(node) if file.source == root.source => {
                let (keys, menu) = reader.root(file, node, languages.clone());
                root_keys = Some(keys);
                menus.insert(0, menu);
                settings = reader.all_settings(node, &files, &nodes);
            }
            Some(node) if fragment::is_fragment(node) => {
                fragments.push(reader.fragment(file, node));
            }
            Some(node) => menus.push(reader.menu_file(file, node)),
        }
        if node.is_some() {
            reader.report_untaken();
        }
    }
    let calls = files
        .calls()
        .and_then(|file| nodes.get(file.source)?.as_ref());
    let sent = settings.iter().filter_map(|setting| {
        let value = declared::plain(&setting.value)?;
        Some((setting.name.clone(), value))
    });
    let sent: Vec<(String, String)> = sent.collect();
    let calls = calls.map(|node| reader.calls_file(node, &sent));
    let (declared, unread_calls) = calls.unwrap_or_default();
    reader.include(&mut menus, &fragments);
    Some(Set {
        name: files.folder,
        root: root_keys?,
        menus,
        declared,
        unread_calls,
        fragments,
        settings,
    })
}

/// The tree of a file; `None` where it is none, or no YAML file at all.
fn node(source: &Source, index: usize, problems: &mut Vec<Found>) -> Option<Node> {
    if !files::is_yaml(&source.name) {
        return None;
    }
    match yaml::read(&source.text, index) {
        Ok(node) => Some(node),
        Err(error) => {
            problems.push(Found {
                problem: Problem::NotYaml(error.message, error.help),
                at: error.span,
            });
            None
        }
    }
}

impl Reader<'_> {
    fn report(&mut self, at: Span, problem: Problem) {
        self.problems.push(Found { problem, at });
    }

    /// Reads something that stands below `key`.
    fn below<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.to_owned());
        let result = read(self);
        self.path.pop();
        result
    }

    /// A scalar, else a report and `None`.
    fn scalar<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            self.report(node.span, Problem::WrongShape("a text", node.describe()));
        }
        text
    }

    /// The name of a menu, screen, outcome or variable that is referred to.
    fn reference(&mut self, node: &Node) -> Option<Name> {
        self.scalar(node).map(|text| Name {
            text: text.to_owned(),
            at: node.span,
        })
    }

    /// A name that is given here: it must be one.
    fn name(&mut self, node: &Node) -> Option<Name> {
        let name = self.reference(node)?;
        if !is_name(&name.text) {
            self.report(name.at, Problem::BadName(name.text));
            return None;
        }
        if matches!(name.text.as_str(), "back" | "home" | "return") {
            self.report(name.at, Problem::ReservedName(name.text));
            return None;
        }
        Some(name)
    }

    /// A whole number within bounds, else a report.
    fn number(&mut self, node: &Node, least: i64, most: i64, wanted: &'static str) -> Option<i64> {
        let number = self.scalar(node)?.parse().ok();
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.report(node.span, Problem::BadNumber(wanted));
        }
        number
    }

    /// `true` or `false`.
    fn flag(&mut self, node: &Node) -> Option<bool> {
        let flag = self.scalar(node)?.parse().ok();
        if flag.is_none() {
            self.report(
                node.span,
                Problem::WrongShape("true or false", "another word"),
            );
        }
        flag
    }

    /// One to three digits that a caller types.
    fn key(&mut self, node: &Node) -> Option<Name> {
        let key = self.reference(node)?;
        self.warn_of_plain(node);
        let fits =
            (1..=3).contains(&key.text.len()) && key.text.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            self.report(key.at, Problem::BadKey(key.text));
            return None;
        }
        Some(key)
    }
}

/// Small letters, digits and `_`, a letter first.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
