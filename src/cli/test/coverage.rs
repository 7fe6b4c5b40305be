//! What transcripts come to, and what none of them does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde::Serialize;

use crate::{
    dialogue::{Mark, Marked, marks},
    menu::MenuSet,
    model::Language,
};

/// Something of a set that a caller can come to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Item {
    set: String,
    menu: String,
    screen: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", content = "which", rename_all = "snake_case")]
enum What {
    /// Its page in a language.
    Page(Language),
    /// An outcome of its call.
    Outcome(String),
    /// The option with a key.
    Option(String),
    /// Another way out of it.
    Way(&'static str),
}

impl Item {
    pub(super) fn of(set: &MenuSet, marked: &Marked<'_>) -> Self {
        Self {
            set: set.name.clone(),
            menu: marked.menu.to_owned(),
            screen: marked.screen.to_owned(),
            what: match marked.mark {
                Mark::Page(language) => What::Page(language),
                Mark::Outcome(name) => What::Outcome(name.to_owned()),
                Mark::Option(key) => What::Option(key.to_owned()),
                Mark::Way(way) => What::Way(way),
            },
        }
    }
}

/// What was come to, of all that there is in one set.
#[derive(Debug, Serialize)]
pub(super) struct Coverage {
    set: String,
    /// In whole percent, rounded down: 100 is all.
    percent: usize,
    visited: usize,
    all: usize,
    missing: Vec<Item>,
    #[serde(skip)]
    rows: BTreeMap<String, Row>,
    #[serde(skip)]
    languages: Vec<Language>,
}

/// Visited and all, of one menu.
#[derive(Clone, Debug, Default)]
struct Row {
    pages: BTreeMap<Language, (usize, usize)>,
    outcomes: (usize, usize),
    ways: (usize, usize),
}

impl Coverage {
    /// The coverage of a set by what transcripts came to.
    pub(super) fn of(set: &MenuSet, visited: &BTreeSet<Item>) -> Self {
        let items = marks(set).into_iter().map(|marked| Item::of(set, &marked));
        let items: BTreeSet<_> = items.collect();
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for item in &items {
            let row = rows.entry(item.menu.clone()).or_default();
            row.count(&item.what, visited.contains(item));
        }
        let missing: Vec<_> = items.difference(visited).cloned().collect();
        let (all, seen) = (items.len(), items.len() - missing.len());
        Self {
            set: set.name.clone(),
            percent: (seen * 100).checked_div(all).unwrap_or(100),
            visited: seen,
            all,
            missing,
            rows,
            languages: set.languages.iter().map(|it| it.language).collect(),
        }
    }

    /// In whole percent, rounded down.
    pub(super) fn percent(&self) -> usize {
        self.percent
    }

    /// As a person reads it.
    pub(super) fn print(&self) -> String {
        let Self {
            set,
            percent,
            visited,
            all,
            ..
        } = self;
        let mut text = format!("Coverage of {set}: {percent} % ({visited} of {all})\n\n");
        text.push_str(&self.table());
        if !self.missing.is_empty() {
            text.push_str("\nNo transcript comes to:\n");
            for line in self.missed() {
                // Writing to a String cannot fail.
                _ = writeln!(text, "  {line}");
            }
        }
        text
    }

    fn table(&self) -> String {
        let languages = self.languages.iter().map(|it| format!("pages {it}"));
        let head = ["menu".to_owned()].into_iter().chain(languages);
        let head = head.chain(["outcomes".to_owned(), "ways".to_owned()]);
        let mut lines = vec![head.collect::<Vec<_>>()];
        for (menu, row) in &self.rows {
            let pages = self.languages.iter().map(|language| {
                let counted = row.pages.get(language).copied().unwrap_or_default();
                share(counted)
            });
            let line = [menu.clone()].into_iter().chain(pages);
            lines.push(line.chain([share(row.outcomes), share(row.ways)]).collect());
        }
        columns(&lines)
    }

    /// One line a screen: `cover.limited: in fr; outcome down; key 2`.
    fn missed(&self) -> Vec<String> {
        let mut screens: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for item in &self.missing {
            let name = format!("{}.{}", item.menu, item.screen);
            screens.entry(name).or_default().push(item.what.print());
        }
        let lines = screens.into_iter();
        lines
            .map(|(screen, missed)| format!("{screen}: {}", missed.join(", ")))
            .collect()
    }
}

impl Row {
    fn count(&mut self, what: &What, visited: bool) {
        let counted = match what {
            What::Page(language) => self.pages.entry(*language).or_default(),
            What::Outcome(_) => &mut self.outcomes,
            What::Option(_) | What::Way(_) => &mut self.ways,
        };
        counted.0 += usize::from(visited);
        counted.1 += 1;
    }
}

impl What {
    fn print(&self) -> String {
        match self {
            Self::Page(language) => format!("the page in {language}"),
            Self::Outcome(name) => format!("the outcome {name}"),
            Self::Option(key) => format!("the key {key}"),
            Self::Way("answer") => "a right answer".to_owned(),
            Self::Way("exhausted") => "too many wrong answers".to_owned(),
            Self::Way("row") => "a row".to_owned(),
            Self::Way("choice") => "a choice".to_owned(),
            Self::Way(way) => format!("\"{way}\""),
        }
    }
}

fn share((visited, all): (usize, usize)) -> String {
    if all == 0 {
        "-".to_owned()
    } else {
        format!("{visited}/{all}")
    }
}

/// Cells under each other.
fn columns(lines: &[Vec<String>]) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<_> = (0..count).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        _ = writeln!(text, "  {}", cells.join("  ").trim_end());
    }
    text
}
