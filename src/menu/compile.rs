use std::collections::BTreeSet;

use super::{MenuSet, check, page::PageSize, problem::Found, read, syntax::Set};
use crate::model::{
    NumberRule,
    source::{Severity, Source},
};

/// What a set is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckOptions {
    /// The page that every screen must fit.
    pub page: PageSize,
    /// The words for which every page and every SMS keeps room; the demo's `DEMO `.
    pub banner: &'static str,
    /// Which numbers its members have.
    pub numbers: NumberRule,
}

impl Default for CheckOptions {
    /// The strictest gateway's page, with room for `DEMO `, and CHF numbers.
    fn default() -> Self {
        Self {
            page: PageSize::default(),
            banner: "DEMO ",
            numbers: NumberRule::default(),
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
/// `sources` are the `.yaml` files that stand in one folder, named with the folder (`chf/cover.yaml`),
/// and what the installation gives to settings, if it gives anything (`installation.yaml`);
/// its transcripts, in a folder of their own, are not among them. All mistakes are found in one run.
pub fn compile(sources: &[Source], options: CheckOptions) -> Compilation {
    let mut problems = Vec::new();
    let set = read::read(sources, &mut problems);
    let fragments = set.as_ref().map(fragments).unwrap_or_default();
    let set = set.and_then(|set| check::check(&set, options, &mut problems));
    sort(sources, &mut problems);
    once(&fragments, &mut problems);
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

/// The sources of the set's fragments.
fn fragments(set: &Set) -> BTreeSet<usize> {
    let fragments = set.fragments.iter();
    fragments.map(|fragment| fragment.name.at.source).collect()
}

/// Tells a mistake in a fragment once, however many menus include it.
fn once(fragments: &BTreeSet<usize>, problems: &mut Vec<Found>) {
    let mut told = BTreeSet::new();
    problems.retain(|found| {
        if !fragments.contains(&found.at.source) {
            return true;
        }
        let report = found.report();
        let what = if report.label.is_empty() {
            report.message
        } else {
            report.label
        };
        told.insert((found.at, report.code, what))
    });
}

#[cfg(test)]
mod tests {
    use crate::{
        menu::check::sketch::{compiled, found, found_in, root, source},
        model::source::Source,
    };

    /// The same root with a second language.
    fn bilingual(screens: &str) -> Source {
        let root = root(screens);
        Source {
            text: root
                .text
                .replace("{sw: Kiswahili}", "{sw: Kiswahili, en: English}"),
            ..root
        }
    }

    #[test]
    fn every_mistake_is_found_in_one_run() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Kwaheri, go: bey}, \"0\": {text: Tena, go: main}}}
  told: {ask: Namba?, type: member, as: x, wrong: Si sahihi., go: main, trise: 2}
  bye: {end: \"{nobody}\", sms: \"\"}\n";
        let found = found_in(screens);
        let codes: Vec<&str> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["M026", "M047", "M031", "M002", "M032", "M017"]);
    }

    #[test]
    fn a_file_that_cannot_be_read_makes_no_other_mistakes() {
        let main = root(
            "  main: {menu: Habari, options: {\"1\": {text: Bima, open: cover, with: [x]}}}\n",
        );
        let cover = source("cover", "menu: *\n");
        let codes: Vec<&str> = found(&[main, cover]).iter().map(|found| found.0).collect();
        assert_eq!(codes, ["M001"]);
        let main = bilingual("  main: {end: Kwaheri}\n");
        let codes: Vec<&str> = found(&[main, source("chf.en", "a: *\n")])
            .iter()
            .map(|found| found.0)
            .collect();
        assert_eq!(codes, ["M001"]);
    }

    #[test]
    fn a_text_without_words_needs_no_translation() {
        let main = "  main: {ask: Namba?, type: member_number, as: member, wrong: Si sahihi., go: told}\n  told: {end: \"{member}\"}\n";
        let sources = [
            bilingual(main),
            source("chf.en", "screens: {main: {ask: Number?, wrong: No.}}\n"),
        ];
        let found = found(&sources);
        let lacking: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        // What is left is the root's own words; its two messages have none.
        assert!(found.iter().all(|(code, _)| *code == "M023"), "{found:?}");
        assert_eq!(lacking.len(), 11);
        assert!(!lacking.contains(&"\"{member}\""));
    }

    #[test]
    fn what_is_no_yaml_file_is_passed_over() {
        let notes = Source {
            name: "chf/README.md".to_owned(),
            text: "# Notes: *".to_owned(),
        };
        assert_eq!(found(&[notes, root("  main: {end: Kwaheri}\n")]), []);
    }

    /// A root that includes a fragment, and opens a menu that does so too.
    fn including(screen: &str, other: &str) -> Vec<Source> {
        let main = root(
            "  main: {menu: Habari, options: {\"1\": {text: Zaidi, open: other}, \"2\": {text: Piga, go: call}}}\n",
        );
        let main = Source {
            text: main.text.replace("screens:", "include: [shared]\nscreens:"),
            ..main
        };
        let other = format!(
            "menu: other\ninclude: [shared]\nstart: more\nscreens:\n  more: {{show: Zaidi{other}}}\n"
        );
        let shared = format!("fragment: shared\nscreens:\n  call: {{{screen}}}\n");
        vec![main, source("other", &other), source("shared", &shared)]
    }

    #[test]
    fn a_mistake_in_a_fragment_is_told_once() {
        let call = ", options: {\"1\": {text: Piga, go: call}}";
        assert_eq!(found(&including("show: Piga", call)), []);
        let sources = including("show: \"Piga {nobody}\"", call);
        assert_eq!(found(&sources), [("M032", "{nobody}".to_owned())]);
        let sources = including(
            "show: Piga, options: {\"1\": {text: Rudi, go: nowhere}}",
            call,
        );
        assert_eq!(found(&sources), [("M026", "nowhere".to_owned())]);
    }

    #[test]
    fn a_screen_of_a_fragment_is_written_in_vain_only_where_no_menu_reaches_it() {
        assert_eq!(found(&including("show: Piga", "")), []);
        let mut sources = including("show: Piga", "");
        sources[0].text = sources[0].text.replace("go: call", "go: main");
        assert_eq!(found(&sources), [("M042", "call".to_owned())]);
    }

    #[test]
    fn a_fragment_that_cannot_be_read_makes_no_other_mistakes() {
        let mut sources = including("show: Piga", "");
        sources[2].text = "fragment: *\n".to_owned();
        assert_eq!(found(&sources), [("M001", String::new())]);
    }

    #[test]
    fn a_fragments_texts_are_beside_it() {
        let mut sources = including("show: Piga", "");
        sources[0] = Source {
            text: sources[0]
                .text
                .replace("{sw: Kiswahili}", "{sw: Kiswahili, en: English}"),
            ..sources[0].clone()
        };
        let lacking = || {
            let found = compiled(&sources).problems;
            let helps = found.into_iter().map(|found| found.report().help);
            helps
                .filter(|help| help.contains("shared"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            lacking(),
            ["add `shared.en.yaml`: the same tree, texts only"]
        );
        sources.push(source("shared.en", "screens: {call: {show: Call}}\n"));
        let found = found(&sources);
        let english = |(_, at): &&(&str, String)| at.contains("Call") || at.contains("shared");
        assert_eq!(found.iter().find(english), None);
    }

    #[test]
    fn more_screens_than_can_be_numbered_are_refused() {
        let screens = (0..70_000).map(|screen| format!("  s{screen}: {{end: Kwaheri}}\n"));
        let main = "  main: {end: Kwaheri}\n".to_owned();
        let screens: String = std::iter::once(main).chain(screens).collect();
        let found = found_in(&screens);
        assert!(found.iter().any(|(code, _)| *code == "M003"));
    }

    #[test]
    fn an_empty_folder_has_no_root() {
        let compilation = compiled(&[]);
        assert_eq!(compilation.problems.len(), 1);
        assert!(compilation.set.is_none());
    }

    #[test]
    fn a_warning_leaves_the_set_usable() {
        let options: String = (1..=6).fold(String::new(), |options, key| {
            format!("{options}\"{key}\": {{text: Kwaheri, go: home}}, ")
        });
        let compilation = compiled(&[root(&format!(
            "  main: {{menu: Habari, options: {{{options}}}}}\n"
        ))]);
        assert_eq!(compilation.problems.len(), 1);
        assert!(compilation.set.is_some());
    }

    #[test]
    fn a_set_of_ten_thousand_screens_is_compiled() {
        use std::fmt::Write as _;
        let mut screens =
            String::from("  main: {menu: Habari, options: {\"1\": {text: Namba, go: s0}}}\n");
        for screen in 0..10_000 {
            let next = screen + 1;
            _ = writeln!(
                screens,
                "  s{screen}: {{ask: Namba?, type: member_number, as: m, wrong: Tena., go: s{next}, exhausted: s{next}}}"
            );
        }
        screens.push_str("  s10000: {end: Kwaheri}\n");
        // It is too far for a caller, and nothing else.
        assert_eq!(found_in(&screens), [("M102", "s5".to_owned())]);
    }
}
