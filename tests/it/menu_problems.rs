//! Every problem of a menu set has a small set in `tests/menus/broken/` that triggers it and nothing
//! else, and its documentation has what an author needs.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use nyota::{
    menu::{self, CheckOptions, Compilation, Found},
    model::source::{Severity, Source},
};
use proptest::test_runner::Config as ProptestConfig;

use crate::support::documented::{Documented, variants};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn documented() -> Vec<Documented> {
    variants("src/menu/problem/mod.rs", "Problem")
}

/// `m014_does_not_fit`.
fn folder(problem: &Documented) -> String {
    let name = snake_case(&problem.variant);
    format!("{}_{name}", problem.code.to_lowercase())
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

/// The files of a set's folder, named with the folder, and what the installation beside it says.
fn sources(folder: &Path) -> Vec<Source> {
    let set = folder.file_name().unwrap().to_str().unwrap();
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort();
    let read = files.into_iter().map(|path| Source {
        name: format!("{set}/{}", path.file_name().unwrap().to_str().unwrap()),
        text: fs::read_to_string(&path).unwrap(),
    });
    let installation = fs::read_to_string(folder.with_file_name("installation.yaml")).ok();
    let installation = installation.map(|text| Source {
        name: "installation.yaml".to_owned(),
        text,
    });
    read.chain(installation).collect()
}

fn compile(sources: &[Source]) -> Compilation {
    menu::compile(sources, CheckOptions::default())
}

fn printed(compilation: &Compilation, sources: &[Source]) -> String {
    let reports = compilation.problems.iter().map(Found::report);
    reports
        .map(|report| report.print(sources))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_problem_has_a_set_that_triggers_it_and_nothing_else() {
    let broken = at("tests/menus/broken");
    let mut failures = Vec::new();
    for problem in documented() {
        let folder = folder(&problem);
        let set = broken.join(&folder).join("chf");
        if !set.is_dir() {
            failures.push(format!("{folder}: there is no such set"));
            continue;
        }
        let sources = sources(&set);
        let compilation = compile(&sources);
        let found: BTreeSet<&str> = compilation
            .problems
            .iter()
            .map(|found| found.problem.code())
            .collect();
        let printed = printed(&compilation, &sources);
        if found != BTreeSet::from([problem.code.as_str()]) {
            failures.push(format!("{folder}: found {found:?}\n{printed}"));
            continue;
        }
        insta::assert_snapshot!(folder, printed);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_broken_set_belongs_to_a_problem() {
    let known: BTreeSet<String> = documented().iter().map(folder).collect();
    for entry in fs::read_dir(at("tests/menus/broken")).unwrap() {
        let folder = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&folder), "{folder} is no problem's");
    }
}

#[test]
fn every_problem_says_what_why_an_example_and_what_instead() {
    let mut codes = BTreeSet::new();
    for problem in documented() {
        let code = &problem.code;
        let paragraphs = ["Why: ", "Example: ", "Instead: "];
        let whole = paragraphs.map(|word| problem.paragraph(word).is_some());
        assert_eq!(whole, [true; 3], "{code}");
        let digits = code.strip_prefix('M').unwrap_or_default();
        assert!(digits.len() == 3 && digits.parse::<u16>().is_ok(), "{code}");
        assert!(codes.insert(code.clone()), "{code} is given twice");
    }
}

#[test]
fn the_documentation_says_which_problems_are_warnings() {
    for problem in documented() {
        let sources = sources(&at("tests/menus/broken").join(folder(&problem)).join("chf"));
        let compilation = compile(&sources);
        let mut found = compilation.problems.iter().map(|found| &found.problem);
        let found = found.find(|found| found.code() == problem.code).unwrap();
        let warning = found.severity() == Severity::Warning;
        assert_eq!(problem.is_warning(), warning, "{}", problem.code);
    }
}

#[test]
fn a_set_that_uses_every_construct_has_no_mistake() {
    let sources = sources(&at("tests/menus/whole"));
    let compilation = compile(&sources);
    // So many questions one behind the other are too far from the first page for a live set.
    let problems = compilation.problems.iter();
    let codes: Vec<&str> = problems.map(|found| found.problem.code()).collect();
    assert_eq!(codes, ["M102"], "{}", printed(&compilation, &sources));
    let set = compilation.set.unwrap();
    let names: Vec<&str> = set.menus.iter().map(|menu| menu.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "whole", "answers", "cover", "finder", "house", "noted", "pay", "renewal", "safe"
        ]
    );
    assert_eq!(set.languages.len(), 2);
}

/// A change to one line of one file, of the kind that a slip of the hand makes.
#[derive(Clone, Copy, Debug)]
enum Slip {
    Delete,
    Double,
    SwapWithNext,
    SwapKeyAndValue,
    Indent,
    CutInTheMiddle,
}

fn slip(text: &str, line: usize, slip: Slip) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = line % lines.len();
    let next = (line + 1) % lines.len();
    let written = lines[line].clone();
    match slip {
        Slip::Delete => _ = lines.remove(line),
        Slip::Double => lines.insert(line, written),
        Slip::SwapWithNext => lines.swap(line, next),
        Slip::SwapKeyAndValue => {
            if let Some((key, value)) = written.split_once(": ") {
                lines[line] = format!("{value}: {key}");
            }
        }
        Slip::Indent => lines[line] = format!("  {written}"),
        Slip::CutInTheMiddle => {
            let half = written.chars().count() / 2;
            lines[line] = written.chars().take(half).collect();
        }
    }
    lines.join("\n")
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_slip_of_the_hand_makes_the_check_panic(
        slips in proptest::collection::vec((0_usize..16, 0_usize..200, 0_usize..6), 1..4)
    ) {
        let kinds = [
            Slip::Delete,
            Slip::Double,
            Slip::SwapWithNext,
            Slip::SwapKeyAndValue,
            Slip::Indent,
            Slip::CutInTheMiddle,
        ];
        let mut sources = sources(&at("tests/menus/whole"));
        for (file, line, kind) in slips {
            let file = file % sources.len();
            sources[file].text = slip(&sources[file].text, line, kinds[kind]);
        }
        let compilation = compile(&sources);
        // Every problem has a place that can be shown, and only a set without errors is given.
        let printed = printed(&compilation, &sources);
        proptest::prop_assert_eq!(printed.is_empty(), compilation.problems.is_empty());
        let errors = compilation.problems.iter().map(|found| found.problem.severity());
        let errors = errors.filter(|severity| *severity == Severity::Error).count();
        proptest::prop_assert_eq!(compilation.set.is_some(), errors == 0);
    }
}
