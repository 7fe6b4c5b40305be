//! Fragments: screens that several menus include.

use std::collections::BTreeSet;

use super::{Reader, files::File};
use crate::{
    menu::{
        problem::{Problem, Unknown},
        syntax::{Menu, Name},
    },
    model::source::yaml::Node,
};

/// Whether a file is a fragment: it says so itself.
pub(super) fn is_fragment(node: &Node) -> bool {
    let entries = node.map().unwrap_or_default();
    let has = |key: &str| entries.iter().any(|(name, _)| name.text() == Some(key));
    has("fragment") && !has("menu")
}

impl Reader<'_> {
    /// A fragment, as a menu of which only the screens are known.
    pub(super) fn fragment(&mut self, file: File<'_>, node: &Node) -> Menu {
        let mut fragment = self.unread(file);
        let Some(mut entries) = self.entries(node, "a fragment") else {
            return fragment;
        };
        fragment.read = true;
        let name = self.require(&mut entries, "fragment");
        if let Some(name) = name.and_then(|node| self.reference(node)) {
            if name.text != file.menu {
                let differs = Problem::NameDiffers(name.text.clone(), file.menu.to_owned());
                self.report(name.at, differs);
            }
            fragment.name.at = name.at;
        }
        if let Some(node) = self.require(&mut entries, "screens") {
            fragment.screens = self.below("screens", |reader| reader.screens(node));
        }
        self.finish(&entries);
        fragment
    }

    /// The fragments that a menu includes.
    pub(super) fn includes(&mut self, node: &Node) -> Vec<Name> {
        let Some(items) = node.list() else {
            self.report(node.span, Problem::WrongShape("a list", node.describe()));
            return Vec::new();
        };
        let names = items.iter().filter_map(|item| self.reference(item));
        names.collect()
    }

    /// Puts the screens of the included fragments into their menus.
    pub(super) fn include(&mut self, menus: &mut [Menu], fragments: &[Menu]) {
        // A file that could not be read at all may have been a fragment.
        let unread = menus.iter().filter(|menu| !menu.read);
        let unread: BTreeSet<String> = unread.map(|menu| menu.name.text.clone()).collect();
        let mut used = BTreeSet::new();
        for menu in menus {
            for name in std::mem::take(&mut menu.includes) {
                let named = |fragment: &&Menu| fragment.name.text == name.text;
                if let Some(fragment) = fragments.iter().find(named) {
                    self.include_one(menu, &name, fragment);
                    used.insert(&fragment.name.text);
                    continue;
                }
                menu.read = false;
                if !unread.contains(&name.text) {
                    let known = fragments.iter().map(|known| known.name.text.as_str());
                    let unknown = Unknown::new(&name.text, known);
                    self.report(name.at, Problem::UnknownFragment(unknown));
                }
            }
        }
        for fragment in fragments {
            if !used.contains(&fragment.name.text) {
                let problem = Problem::UnusedFragment(fragment.name.text.clone());
                self.report(fragment.name.at, problem);
            }
        }
    }

    fn include_one(&mut self, menu: &mut Menu, name: &Name, fragment: &Menu) {
        // What it leads to is not known where a fragment could not be read.
        menu.read &= fragment.read;
        for screen in &fragment.screens {
            let clash = |other: &&crate::menu::syntax::Screen| other.name.text == screen.name.text;
            if menu.screens.iter().find(clash).is_some() {
                let screen = screen.name.text.clone();
                self.report(name.at, Problem::FragmentClash(screen, name.text.clone()));
            } else {
                menu.screens.push(screen.clone());
            }
        }
    }
}
