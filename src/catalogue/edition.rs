use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use crate::{
    gateway::{profile::Profile, recorded},
    menu::{self, CheckOptions, MenuSet},
    model::source::{Report, Severity, Source, Span},
};

/// What menus are checked against.
pub type Limits = CheckOptions;

/// One set of files, compiled whole.
#[derive(Debug)]
pub struct Edition {
    /// The hash of its content, as 32 hexadecimal digits.
    pub name: String,
    /// The menus.
    pub menus: Arc<MenuSet>,
    /// The profiles by name.
    profiles: BTreeMap<String, Arc<Profile>>,
}

impl Edition {
    /// The profile of a gateway.
    pub fn gateway(&self, name: &str) -> Option<Arc<Profile>> {
        self.profiles.get(name).cloned()
    }
}

/// What came of files.
#[derive(Debug)]
pub struct Compiled {
    /// The edition; `None` where there is a mistake, or no menu set.
    pub edition: Option<Edition>,
    /// Every mistake, its place counted in the sources that were given.
    pub reports: Vec<Report>,
    /// The folders of the menu sets. One set is served: with more there is no edition.
    pub sets: Vec<String>,
}

impl Compiled {
    /// How many of the reports are errors.
    pub fn mistakes(&self) -> usize {
        let error = |report: &&Report| report.severity == Severity::Error;
        self.reports.iter().filter(error).count()
    }
}

/// The name of these files together: a hash of their names and texts.
pub fn name(sources: &[Source]) -> String {
    let mut hash = Sha256::new();
    for source in sources {
        for part in [&source.name, &source.text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    let digest: [u8; 32] = hash.finalize().into();
    let first = digest.first_chunk().copied().unwrap_or_default();
    format!("{:032x}", u128::from_be_bytes(first))
}

/// Compiles every menu set and profile among `sources`, as [`read_files`](super::read_files) gives
/// them. A second menu set is a mistake: one is served, and no order of names may choose it.
/// Transcripts and recorded requests are left to `nyota test`.
pub fn compile(sources: &[Source], limits: Limits) -> Compiled {
    let folders = folders(sources);
    let mut reports = Vec::new();
    let mut sets = Vec::new();
    for set in &folders {
        let part = Part::of(sources, |source| folder(&source.name) == *set);
        let compiled = menu::compile(&part.sources, limits);
        let found = compiled.problems.iter().map(menu::Found::report);
        reports.extend(found.map(|report| part.placed(report)));
        sets.extend(compiled.set);
    }
    reports.extend(further_sets(sources, &folders));
    let rest = Part::of(sources, |source| !is_of_menus(source, &folders));
    let compiled = Profile::compile(&rest.sources);
    reports.extend(
        compiled
            .reports
            .into_iter()
            .map(|report| rest.placed(report)),
    );
    let whole = reports
        .iter()
        .all(|report| report.severity != Severity::Error);
    let edition = sets
        .into_iter()
        .next()
        .filter(|_| whole)
        .map(|menus| Edition {
            name: name(&served(sources)),
            menus: Arc::new(menus),
            profiles: by_name(compiled.profiles),
        });
    Compiled {
        edition,
        reports,
        sets: folders.into_iter().map(str::to_owned).collect(),
    }
}

/// Reports every set but the first, at its root's `menu:`.
fn further_sets(sources: &[Source], folders: &BTreeSet<&str>) -> Vec<Report> {
    let mut folders = folders.iter();
    let first = folders.next().copied().unwrap_or_default();
    folders
        .map(|set| further_set(sources, first, set))
        .collect()
}

fn further_set(sources: &[Source], first: &str, set: &str) -> Report {
    let of_set = |source: &&(usize, &Source)| folder(&source.1.name) == set;
    let menus: Vec<_> = sources.iter().enumerate().collect();
    let mut menus: Vec<_> = menus.iter().filter(of_set).collect();
    menus.retain(|(_, source)| is_menu(source));
    let last = set.rsplit('/').next().unwrap_or_default();
    let root = format!("{set}/{last}.yaml");
    let root = menus.iter().find(|(_, source)| source.name == root);
    let place = root.or(menus.first()).map(|(place, source)| Span {
        source: *place,
        ..menu_key(source)
    });
    Report {
        code: "C001",
        severity: Severity::Error,
        message: format!("two menu sets, `{first}` and `{set}`, and one is served"),
        span: place.unwrap_or_default(),
        label: String::new(),
        help: "give the folder of the one that is meant: `--menus`, or after `nyota check`".into(),
    }
}

/// Where a menu says that it is one.
fn menu_key(source: &Source) -> Span {
    let line = |text: &str| text.starts_with("menu:");
    let mut lines = source.text.split_inclusive('\n');
    let start = lines
        .by_ref()
        .take_while(|text| !line(text))
        .map(str::len)
        .sum();
    Span {
        source: 0,
        start,
        end: start + "menu".len(),
    }
}

fn by_name(profiles: Vec<Profile>) -> BTreeMap<String, Arc<Profile>> {
    let named = |profile: Profile| (profile.name().to_owned(), Arc::new(profile));
    profiles.into_iter().map(named).collect()
}

/// The files that decide what is served. Transcripts and recorded requests do not: they make no new
/// edition, and the phones and names in them are not kept with it.
pub(super) fn served(sources: &[Source]) -> Vec<Source> {
    let folders = folders(sources);
    let decides = |source: &&Source| {
        if is_of_menus(source, &folders) {
            folders.contains(folder(&source.name))
        } else {
            !recorded::is_recording(source, sources)
        }
    };
    sources.iter().filter(decides).cloned().collect()
}

/// The folders of menu sets.
fn folders(sources: &[Source]) -> BTreeSet<&str> {
    let menus = sources.iter().filter(|source| is_menu(source));
    menus.map(|source| folder(&source.name)).collect()
}

/// Whether a file is of a menu set: it says so itself.
pub fn is_menu(source: &Source) -> bool {
    let begins = |line: &str| line.starts_with("menu:") || line.starts_with("screens:");
    source.text.lines().any(begins)
}

/// Whether a file lies in a set's folder or below it, where its transcripts are.
fn is_of_menus(source: &Source, folders: &BTreeSet<&str>) -> bool {
    folders.iter().any(|set| {
        let below = source.name.strip_prefix(set);
        below.is_some_and(|below| below.starts_with('/'))
    })
}

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Some of the sources, and where each stands among all.
struct Part {
    sources: Vec<Source>,
    places: Vec<usize>,
}

impl Part {
    fn of(all: &[Source], belongs: impl Fn(&Source) -> bool) -> Self {
        let chosen = all.iter().enumerate().filter(|(_, source)| belongs(source));
        let (places, sources) = chosen
            .map(|(place, source)| (place, source.clone()))
            .unzip();
        Self { sources, places }
    }

    /// The report with its place counted among all sources.
    fn placed(&self, mut report: Report) -> Report {
        let place = self.places.get(report.span.source).copied();
        report.span.source = place.unwrap_or_default();
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_name_tells_any_two_contents_apart() {
        let one = [source("a", "bc"), source("d", "")];
        let two = [source("ab", "c"), source("d", "")];
        assert_ne!(name(&one), name(&two));
        assert_eq!(name(&one), name(&one.clone()));
        assert_eq!(name(&one).len(), 32);
    }

    #[test]
    fn what_is_only_for_tests_makes_no_other_edition() {
        let decisive = [
            source("gateways/at.yaml", ""),
            source("gateways/presets/p.yaml", ""),
            source("menus/chf/chf.en.yaml", "screens:"),
            source("menus/chf/chf.yaml", "menu: chf"),
        ];
        let mut all = decisive.to_vec();
        all.push(source("gateways/at/begin.yaml", "a request:"));
        all.push(source("menus/chf/transcripts/a.yaml", "transcript: a"));
        assert_eq!(served(&all), decisive);
        assert_eq!(served(&decisive), decisive);
    }

    #[test]
    fn mistakes_of_menus_and_profiles_are_reported_together_in_their_own_files() {
        let sources = [
            source("gateways/a.yaml", "wrong: 1\n"),
            source("menus/chf/chf.yaml", "menu: chf\nwrong: 1\n"),
        ];
        let compiled = compile(&sources, Limits::default());
        assert!(compiled.edition.is_none());
        let named = |index| {
            let report = |report: &&Report| report.span.source == index;
            compiled.reports.iter().find(report).is_some()
        };
        assert!(named(0) && named(1));
    }

    #[test]
    fn a_second_menu_set_is_a_mistake_at_its_roots_name() {
        let sources = [
            source("menus/aaa/aaa.yaml", "menu: aaa\n"),
            source("menus/chf/about.yaml", "menu: about\n"),
            source("menus/chf/chf.yaml", "# Ours.\nmenu: chf\n"),
        ];
        let compiled = compile(&sources, Limits::default());
        assert_eq!(compiled.sets, ["menus/aaa", "menus/chf"]);
        let further = compiled
            .reports
            .iter()
            .filter(|report| report.code == "C001");
        let printed: Vec<_> = further.map(|report| report.print(&sources)).collect();
        assert_eq!(printed.len(), 1);
        let begin = "C001 two menu sets, `menus/aaa` and `menus/chf`, and one is served
   --> menus/chf/chf.yaml:2:1
  2 |  menu: chf
    |  ^^^^\n";
        assert!(printed[0].starts_with(begin), "{}", printed[0]);
        let one = compile(&sources[1..], Limits::default());
        assert!(one.reports.iter().all(|report| report.code != "C001"));
    }
}
