use super::{MenuSet, check, page::PageSize, problem::Found, read};
use crate::model::source::{Severity, Source};

/// What a set is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckOptions {
    /// The page that every screen must fit.
    pub page: PageSize,
    /// The words for which every page and every SMS keeps room; the demo's `DEMO `.
    pub banner: &'static str,
}

impl Default for CheckOptions {
    /// The strictest gateway's page, with room for `DEMO `.
    fn default() -> Self {
        Self {
            page: PageSize::default(),
            banner: "DEMO ",
        }
    }
}

/// What came of a folder of menu files.
#[derive(Debug)]
pub struct Compilation {
    /// The set; `None` where a problem is an error.
    pub set: Option<MenuSet>,
    /// Every problem, by file and place. Warnings may stand beside a set.
    pub problems: Vec<Found>,
}

/// Reads, checks and compiles the files of one menu set.
///
/// `sources` are the `.yaml` files that stand in one folder, named with the folder (`chf/cover.yaml`);
/// its transcripts, in a folder of their own, are not among them. All mistakes are found in one run.
pub fn compile(sources: &[Source], options: CheckOptions) -> Compilation {
    let mut problems = Vec::new();
    let set = read::read(sources, &mut problems);
    let set = set.and_then(|set| check::check(&set, options, &mut problems));
    sort(sources, &mut problems);
    let broken = problems
        .iter()
        .any(|found| found.problem.severity() == Severity::Error);
    Compilation {
        set: set.filter(|_| !broken),
        problems,
    }
}

/// By file and place; a mistake that was met twice is told once.
fn sort(sources: &[Source], problems: &mut Vec<Found>) {
    problems.sort_by_key(|found| {
        let name = sources
            .get(found.at.source)
            .map(|source| source.name.as_str());
        (name, found.at, found.problem.code())
    });
    problems.dedup();
}
