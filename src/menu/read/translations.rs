use std::collections::BTreeMap;

use super::{Reader, files::Files};
use crate::{
    menu::{
        LanguageName,
        problem::{Problem, Unknown},
        syntax::TextsFile,
    },
    model::source::yaml::{Kind, Node},
};

/// The texts of one menu in one further language, by their path in the tree.
pub(super) struct Translations<'n> {
    pub(super) file: TextsFile,
    texts: BTreeMap<String, Leaf<'n>>,
}

struct Leaf<'n> {
    node: &'n Node,
    taken: bool,
}

impl<'n> Translations<'n> {
    /// The text at `path`; an option may be written short, its text instead of a map.
    pub(super) fn take(&mut self, path: &str) -> Option<&'n Node> {
        let short = path.strip_suffix(".text").unwrap_or(path);
        let key = if self.texts.contains_key(path) {
            path
        } else {
            short
        };
        let leaf = self.texts.get_mut(key)?;
        leaf.taken = true;
        Some(leaf.node)
    }
}

impl Reader<'_> {
    /// The texts of `menu` in each further language.
    pub(super) fn collect<'n>(
        &mut self,
        files: &Files<'_>,
        menu: &str,
        languages: &[LanguageName],
        nodes: &'n [Option<Node>],
    ) -> Vec<Translations<'n>> {
        let further = languages.iter().skip(1);
        further
            .map(|known| {
                let file = files.texts(menu, known.language.as_str());
                let node = file.and_then(|file| nodes.get(file.source)?.as_ref());
                let mut texts = BTreeMap::new();
                if let Some(node) = node {
                    self.leaves(node, "", &mut texts);
                }
                let file = match (file, node) {
                    (Some(_), Some(_)) => TextsFile::There,
                    (Some(_), None) => TextsFile::Unreadable,
                    (None, _) => TextsFile::Missing,
                };
                Translations { file, texts }
            })
            .collect()
    }

    fn leaves<'n>(&mut self, node: &'n Node, path: &str, into: &mut BTreeMap<String, Leaf<'n>>) {
        match &node.kind {
            Kind::Scalar { .. } if path.is_empty() => {
                self.report(node.span, Problem::WrongShape("a map", node.describe()));
            }
            Kind::Scalar { .. } => {
                into.insert(path.to_owned(), Leaf { node, taken: false });
            }
            Kind::List(_) => {
                self.report(node.span, Problem::WrongShape("a text or a map", "a list"));
            }
            Kind::Map(_) => {
                for (name, value) in self.pairs(node).unwrap_or_default() {
                    let key = name.text().unwrap_or_default();
                    // An option's key; the words of the language, such as `yes`, are no texts.
                    if key.starts_with(|first: char| first.is_ascii_digit()) {
                        self.warn_of_plain(name);
                    }
                    let point = if path.is_empty() { "" } else { "." };
                    self.leaves(value, &format!("{path}{point}{key}"), into);
                }
            }
        }
    }

    /// Passes over the translations of what could not be read itself.
    pub(super) fn excuse_translations(&mut self) {
        let below = format!("{}.", self.path.join("."));
        for language in &mut self.translations {
            let leaves = language.texts.iter_mut();
            for (_, leaf) in leaves.filter(|(path, _)| path.starts_with(&below)) {
                leaf.taken = true;
            }
        }
    }

    /// Reports the texts that the menu which was just read has no place for.
    pub(super) fn report_untaken(&mut self) {
        let translations = std::mem::take(&mut self.translations);
        let known = std::mem::take(&mut self.texts);
        for language in &translations {
            let untaken = language.texts.iter().filter(|(_, leaf)| !leaf.taken);
            for (path, leaf) in untaken {
                let unknown = Unknown::new(path, known.iter().map(String::as_str));
                self.report(leaf.node.span, Problem::NothingToTranslate(unknown));
            }
        }
    }
}
