use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{
    codes, installation,
    needs::{self, Need},
};
use crate::{
    gateway::{profile::Profile, vectors},
    menu::{self, CheckOptions, MenuSet},
    model::{
        MenusName, NumberRule, ServiceCode,
        source::{Report, Severity, Source, Span},
    },
};

/// What menus are checked against.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Every set, where nothing else is said of it.
    pub all: CheckOptions,
    /// Which numbers the members of a set's scheme have, by the set's name.
    pub numbers: BTreeMap<String, NumberRule>,
}

impl Limits {
    /// Those of the set in `folder`.
    fn of(&self, folder: &str) -> CheckOptions {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        CheckOptions {
            numbers: self.numbers.get(name).copied().unwrap_or(self.all.numbers),
            ..self.all
        }
    }
}

/// One set of files, compiled whole.
#[derive(Debug)]
pub struct Edition {
    /// The hash of its content, as 32 hexadecimal digits.
    pub name: String,
    /// The menu sets by name; at least one.
    sets: BTreeMap<String, Arc<MenuSet>>,
    /// The first of them, in whose words is said what no set is meant by.
    first: Arc<MenuSet>,
    /// The profiles by name.
    profiles: BTreeMap<String, Arc<Profile>>,
}

/// What a dialled code opens.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The set.
    pub menus: Arc<MenuSet>,
    /// Its name, for the line.
    pub name: MenusName,
    /// What was dialled behind its service code, part by part.
    pub rest: Vec<String>,
}

impl Edition {
    /// The menu sets, in order of their names.
    pub fn sets(&self) -> impl Iterator<Item = &Arc<MenuSet>> {
        self.sets.values()
    }

    /// The set of that name.
    pub fn set(&self, name: &str) -> Option<&Arc<MenuSet>> {
        self.sets.get(name)
    }

    /// The set in whose words is said what no set is meant by.
    pub fn first(&self) -> &Arc<MenuSet> {
        &self.first
    }

    /// What `code` opens: the set with the longest service code that it begins with. Where a gateway
    /// tells no code that is the only set, and nothing where there are several.
    pub fn dialled(&self, code: Option<&ServiceCode>) -> Option<Opened> {
        let (menus, rest) = match code {
            Some(code) => {
                let opened = self.sets.values().filter_map(|set| {
                    let rest = code.strip(&set.service)?;
                    Some((set, rest))
                });
                opened.min_by_key(|(_, rest)| rest.len())?
            }
            None => (
                self.sets.values().next().filter(|_| self.sets.len() == 1)?,
                Vec::new(),
            ),
        };
        Some(Opened {
            menus: Arc::clone(menus),
            name: self.name_of(menus),
            rest: rest.into_iter().map(str::to_owned).collect(),
        })
    }

    /// Whether a set is a branch below `code`.
    pub fn lies_below(&self, code: &ServiceCode) -> bool {
        self.sets
            .values()
            .any(|set| set.service.strip(code).is_some())
    }

    /// What a line that begins in `set` keeps of it.
    pub fn name_of(&self, set: &MenuSet) -> MenusName {
        MenusName {
            edition: self.name.clone(),
            set: set.name.clone(),
        }
    }

    /// What the calls that its sets declare need of the installation.
    pub fn needs(&self) -> Vec<Need> {
        self.sets()
            .flat_map(|set| needs::of(set, |span| span))
            .collect()
    }

    /// The profiles, in order of their names.
    pub fn profiles(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.profiles.values()
    }

    /// The profile of that name.
    pub fn profile(&self, name: &str) -> Option<Arc<Profile>> {
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
    /// The folders of the menu sets.
    pub sets: Vec<String>,
    /// What the calls that sets declare need of the installation.
    pub needs: Vec<Need>,
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
/// them.
/// Transcripts and recorded requests are left to `nyota test`.
pub fn compile(sources: &[Source], limits: &Limits) -> Compiled {
    let folders = folders(sources);
    let mut reports = Vec::new();
    let mut sets = Vec::new();
    let mut needs = Vec::new();
    for set in &folders {
        let part = Part::of(sources, |source| {
            folder(&source.name) == *set || installation::is_of(source, set)
        });
        let compiled = menu::compile(&part.sources, limits.of(set));
        let found = compiled.problems.iter().map(menu::Found::report);
        if let Some(set) = &compiled.set {
            needs.extend(needs::of(set, |span| part.place(span)));
        }
        for report in found.map(|report| part.placed(report)) {
            // What several sets read is reported by the first.
            if !reports.contains(&report) {
                reports.push(report);
            }
        }
        sets.extend(compiled.set.map(Arc::new));
    }
    reports.extend(installation::check(sources, &folders));
    reports.extend(codes::check(sources, &sets));
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
    let first = sets.first().cloned().filter(|_| whole);
    let edition = first.map(|first| Edition {
        name: name(&served(sources)),
        sets: sets
            .into_iter()
            .map(|set| (set.name.clone(), set))
            .collect(),
        first,
        profiles: by_name(compiled.profiles),
    });
    Compiled {
        edition,
        reports,
        sets: folders.into_iter().map(str::to_owned).collect(),
        needs,
    }
}

fn by_name(profiles: Vec<Profile>) -> BTreeMap<String, Arc<Profile>> {
    let named = |profile: Profile| (profile.name().to_owned(), Arc::new(profile));
    profiles.into_iter().map(named).collect()
}

/// The files that decide what is served. Transcripts and recorded requests do not: they make no new
/// edition, and the phones and names in them are not kept with it.
pub fn served(sources: &[Source]) -> Vec<Source> {
    let folders = folders(sources);
    let decides = |source: &&Source| {
        if is_of_menus(source, &folders) {
            folders.contains(folder(&source.name)) || installation::is_one(source, &folders)
        } else {
            !vectors::is_one(source, sources)
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
    let begins = |line: &str| {
        let keys = ["menu:", "screens:", "calls:"];
        keys.iter().any(|key| line.starts_with(key))
    };
    source.text.lines().any(begins)
}

/// Whether a file lies in a set's folder or below it, where its transcripts are, or gives values to
/// its settings.
fn is_of_menus(source: &Source, folders: &BTreeSet<&str>) -> bool {
    folders.iter().any(|set| {
        let below = source.name.strip_prefix(set);
        below.is_some_and(|below| below.starts_with('/')) || installation::is_of(source, set)
    })
}

pub(super) fn folder(name: &str) -> &str {
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

    /// A place, counted among all sources.
    fn place(&self, span: Span) -> Span {
        let source = self.places.get(span.source).copied();
        Span {
            source: source.unwrap_or_default(),
            ..span
        }
    }

    /// The report with its place counted among all sources.
    fn placed(&self, mut report: Report) -> Report {
        report.span = self.place(report.span);
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
        let compiled = compile(&sources, &Limits::default());
        assert!(compiled.edition.is_none());
        let named = |index| {
            let report = |report: &&Report| report.span.source == index;
            compiled.reports.iter().find(report).is_some()
        };
        assert!(named(0) && named(1));
    }
}
