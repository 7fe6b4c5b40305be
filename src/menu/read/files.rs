use super::{Reader, is_installation};
use crate::{
    menu::{
        LanguageName,
        problem::{Problem, Unknown},
    },
    model::source::{Source, Span},
};

/// One file by what its name says: `cover.en.yaml` holds the texts of `cover` in `en`.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a> {
    /// Index of its source.
    pub(super) source: usize,
    pub(super) menu: &'a str,
    pub(super) language: Option<&'a str>,
}

/// The file of a set's own calls, which is no menu.
const CALLS: &str = "calls";

/// The files of a set by their names.
pub(super) struct Files<'a> {
    pub(super) folder: String,
    all: Vec<File<'a>>,
    /// The sources with the installation's values.
    pub(super) installations: Vec<usize>,
}

impl<'a> Files<'a> {
    pub(super) fn of(sources: &'a [Source]) -> Self {
        let named = || sources.iter().enumerate();
        let of_set = || named().filter(|(_, source)| !is_installation(source));
        let files = of_set().filter_map(|(index, source)| file(index, &source.name));
        let installations = named().filter(|(_, source)| is_installation(source));
        let first = of_set().next();
        let folder = first.map_or("", |(_, source)| folder(&source.name));
        Self {
            folder: folder.to_owned(),
            all: files.collect(),
            installations: installations.map(|(index, _)| index).collect(),
        }
    }

    pub(super) fn root(&self) -> Option<File<'a>> {
        self.menus().find(|file| file.menu == self.folder)
    }

    pub(super) fn menus(&self) -> impl Iterator<Item = File<'a>> {
        let files = self.all.iter().copied();
        files.filter(|file| file.language.is_none() && !self.is_calls(file))
    }

    /// The file that declares the set's own calls.
    pub(super) fn calls(&self) -> Option<File<'a>> {
        let files = self.all.iter().copied();
        let mut files = files.filter(|file| file.language.is_none());
        files.find(|file| self.is_calls(file))
    }

    /// A set may itself be named `calls`; then it declares none.
    fn is_calls(&self, file: &File<'_>) -> bool {
        file.menu == CALLS && self.folder != CALLS
    }

    /// The file of a menu's texts in a language.
    pub(super) fn texts(&self, menu: &str, language: &str) -> Option<File<'a>> {
        let files = self.all.iter().copied();
        files
            .filter(|file| file.menu == menu)
            .find(|file| file.language == Some(language))
    }
}

fn folder(name: &str) -> &str {
    let parent = name.rsplit_once('/').map_or("", |(parent, _)| parent);
    parent.rsplit('/').next().unwrap_or_default()
}

/// Whether a file belongs to the set; notes may lie beside it.
pub(super) fn is_yaml(name: &str) -> bool {
    file(0, name).is_some()
}

fn file(source: usize, name: &str) -> Option<File<'_>> {
    let stem = name.rsplit('/').next()?.strip_suffix(".yaml")?;
    let (menu, language) = match stem.split_once('.') {
        Some((menu, language)) => (menu, Some(language)),
        None => (stem, None),
    };
    Some(File {
        source,
        menu,
        language,
    })
}

impl Reader<'_> {
    /// Reports files of texts that belong to no menu or no language.
    pub(super) fn check_texts_files(&mut self, files: &Files<'_>, languages: &[LanguageName]) {
        for file in &files.all {
            let Some(language) = file.language else {
                continue;
            };
            let at = Span {
                source: file.source,
                start: 0,
                end: 0,
            };
            let mut further = languages.iter().skip(1);
            if !further.any(|known| known.language.as_str() == language) {
                let problem = Problem::TextsInUnknownLanguage(language.to_owned());
                self.report(at, problem);
            } else if !files.menus().any(|menu| menu.menu == file.menu) {
                let known = files.menus().map(|menu| menu.menu);
                let unknown = Unknown::new(file.menu, known);
                self.report(at, Problem::TextsWithoutMenu(unknown));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_menu_and_language() {
        let named = |name: &str| Source {
            name: name.into(),
            text: String::new(),
        };
        let sources = [
            "menus/chf/chf.yaml",
            "menus/chf/cover.en.yaml",
            "menus/chf/README.md",
            "menus/chf/calls.yaml",
        ];
        let sources = sources.map(named);
        let files = Files::of(&sources);
        assert_eq!(files.folder, "chf");
        assert_eq!(files.root().unwrap().source, 0);
        assert_eq!(files.texts("cover", "en").unwrap().source, 1);
        assert!(files.texts("cover", "fr").is_none());
        assert_eq!(files.menus().count(), 1);
        assert_eq!(files.calls().unwrap().source, 3);
    }
}
