use super::{Reader, entries::Entries, files::File};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Menu, Name},
    },
    model::source::{Span, yaml::Node},
};

impl Reader<'_> {
    /// A menu that is not the root.
    pub(super) fn menu_file(&mut self, file: File<'_>, node: &Node) -> Menu {
        let Some(mut entries) = self.entries(node, "a menu") else {
            return self.unread(file);
        };
        let menu = self.menu(file, &mut entries);
        self.finish(&entries);
        menu
    }

    /// What every menu says, the root too.
    pub(super) fn menu(&mut self, file: File<'_>, entries: &mut Entries<'_>) -> Menu {
        let mut menu = self.unread(file);
        menu.read = true;
        if let Some(name) = self
            .require(entries, "menu")
            .and_then(|node| self.reference(node))
        {
            if name.text != file.menu {
                let differs = Problem::NameDiffers(name.text.clone(), file.menu.to_owned());
                self.report(name.at, differs);
            }
            menu.name.at = name.at;
        }
        if let Some(node) = entries.take("takes") {
            menu.takes = self.takes(node);
        }
        self.ways(entries, &mut menu);
        let start = self.require(entries, "start");
        menu.start = start.and_then(|node| self.reference(node));
        if let Some(node) = self.require(entries, "screens") {
            menu.screens = self.below("screens", |reader| reader.screens(node));
        }
        if let Some(node) = entries.take("off") {
            menu.off = self.off(node, &mut menu.screens);
        }
        menu.own = menu.screens.len();
        if let Some(node) = entries.take("include") {
            menu.includes = self.includes(node);
        }
        menu
    }

    /// A menu of which nothing is known but its file.
    pub(super) fn unread(&self, file: File<'_>) -> Menu {
        let at = Span {
            source: file.source,
            start: 0,
            end: 0,
        };
        let texts_files = self.translations.iter().map(|language| language.file);
        Menu {
            name: Name {
                text: file.menu.to_owned(),
                at,
            },
            takes: Vec::new(),
            gives: Vec::new(),
            shortcuts: Vec::new(),
            resume: None,
            start: None,
            screens: Vec::new(),
            own: 0,
            off: None,
            includes: Vec::new(),
            texts_files: texts_files.collect(),
            read: false,
        }
    }

    /// Names and their types: what a menu takes or gives.
    pub(super) fn takes(&mut self, node: &Node) -> Vec<(Name, Name)> {
        let mut takes = Vec::new();
        for (name, of) in self.pairs(node).unwrap_or_default() {
            takes.extend(self.variable(name).zip(self.reference(of)));
        }
        takes
    }
}
