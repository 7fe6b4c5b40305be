//! Journeys of ussd_airflow become sets of ours, and what cannot be carried over is said.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use nyota::{
    import::{
        Found, Imported, Problem, SetName,
        ussd_airflow::{Wanted, translate},
    },
    menu::{self, CheckOptions},
    model::{
        ServiceCode,
        source::{Severity, Source, yaml},
    },
};
use proptest::test_runner::Config as ProptestConfig;
use syn::{Expr, ExprLit, Item, Lit, Meta};

use crate::support::demo::Home;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A journey of `tests/import/`.
fn journey(name: &str) -> Source {
    Source {
        name: format!("{name}.yml"),
        text: fs::read_to_string(at(&format!("tests/import/{name}.yml"))).unwrap(),
    }
}

fn written(text: &str) -> Source {
    Source {
        name: "written.yml".to_owned(),
        text: text.to_owned(),
    }
}

fn imported(source: &Source) -> Imported {
    let set = source.name.strip_suffix(".yml").unwrap();
    let wanted = Wanted {
        set: SetName::parse(set).unwrap(),
        service: Some(ServiceCode::parse("*123#").unwrap()),
    };
    translate(source, &wanted)
}

fn reported(imported: &Imported, source: &Source) -> String {
    let reports = imported.found.iter().map(Found::report);
    let printed = reports.map(|report| report.print(std::slice::from_ref(source)));
    printed.collect::<Vec<_>>().join("\n")
}

fn codes(imported: &Imported) -> Vec<&'static str> {
    let found = imported.found.iter();
    found.map(|found| found.problem.code()).collect()
}

/// What `nyota check` says of the files.
fn checked(imported: &Imported) -> Vec<String> {
    let problems = menu::compile(&imported.files, CheckOptions::default()).problems;
    let reports = problems.iter().map(menu::Found::report);
    reports
        .map(|report| report.print(&imported.files))
        .collect()
}

/// The root of a set that was made.
fn root(text: &str) -> String {
    imported(&written(text)).files.remove(0).text
}

#[test]
fn a_small_journey_comes_over_whole_and_is_right_as_it_stands() {
    let source = journey("tea");
    let mut imported = imported(&source);
    imported.prove(CheckOptions::default());
    assert_eq!(reported(&imported, &source), "");
    assert_eq!(checked(&imported), Vec::<String>::new());
    insta::assert_snapshot!("import_tea", imported.files[0].text);
}

#[test]
fn a_real_journey_becomes_files_that_read_as_if_a_person_wrote_them() {
    let source = journey("clinic");
    let imported = imported(&source);
    let names: Vec<&str> = imported
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "clinic/clinic.yaml",
            "clinic/clinic.en.yaml",
            "clinic/calls.yaml"
        ]
    );
    let lost = imported
        .found
        .iter()
        .filter(|found| found.report().severity == Severity::Error);
    assert_eq!(lost.count(), 0);
    insta::assert_snapshot!("import_clinic_report", reported(&imported, &source));
    for file in &imported.files {
        let name = file.name.replace(['/', '.'], "_");
        insta::assert_snapshot!(format!("import_{name}"), file.text);
    }
}

#[test]
fn of_a_broken_journey_everything_that_is_lost_is_said() {
    let source = journey("tangle");
    let imported = imported(&source);
    insta::assert_snapshot!("import_tangle_report", reported(&imported, &source));
    for file in &imported.files {
        let name = file.name.replace(['/', '.'], "_");
        insta::assert_snapshot!(format!("import_{name}"), file.text);
    }
}

#[test]
fn what_is_written_is_yaml_that_we_read() {
    for name in ["tea", "clinic", "tangle"] {
        for (index, file) in imported(&journey(name)).files.iter().enumerate() {
            let read = yaml::read(&file.text, index);
            assert!(read.is_ok(), "{}: {read:?}", file.name);
        }
    }
}

/// The codes of the problems, with their documentation.
fn documented() -> Vec<(String, String)> {
    let source = fs::read_to_string(at("src/import/problem/mod.rs")).unwrap();
    let items = syn::parse_file(&source).unwrap().items;
    let problem = items.into_iter().find_map(|item| {
        let Item::Enum(of) = item else { return None };
        (of.ident == "Problem").then_some(of)
    });
    let variants = problem.unwrap().variants.into_iter().map(|variant| {
        let lines = variant.attrs.iter().filter_map(|attribute| {
            let Meta::NameValue(pair) = &attribute.meta else {
                return None;
            };
            let Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) = &pair.value
            else {
                return None;
            };
            Some(text.value())
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    let code = |docs: &str| docs.split("**").nth(1).unwrap_or_default().to_owned();
    variants.map(|docs| (code(&docs), docs)).collect()
}

#[test]
fn every_problem_says_what_why_an_example_and_what_instead() {
    for (index, (code, docs)) in documented().iter().enumerate() {
        assert_eq!(*code, format!("I{:03}", index + 1));
        for word in ["Why: ", "Example: ", "Instead: "] {
            let mut paragraphs = docs.split("\n\n").map(str::trim);
            assert!(
                paragraphs.any(|text| text.starts_with(word)),
                "{code}: {word}"
            );
        }
    }
}

#[test]
fn every_problem_has_a_journey_that_has_it() {
    let mut met = BTreeSet::new();
    for entry in fs::read_dir(at("tests/import")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut imported = imported(&journey(&name));
        imported.prove(CheckOptions::default());
        met.extend(codes(&imported));
    }
    let known: Vec<String> = documented().into_iter().map(|(code, _)| code).collect();
    let unmet: Vec<&String> = known
        .iter()
        .filter(|code| !met.contains(code.as_str()))
        .collect();
    assert_eq!(unmet, Vec::<&String>::new());
}

#[test]
fn what_the_check_finds_in_the_files_is_said_at_its_screen() {
    let source = written(
        "initial_screen: a\na:\n  type: menu_screen\n  text: Hi\n  options:\n    - text: Go\n      \
         next_screen: b\nb:\n  type: quit_screen\n  text: {LONG}\n",
    );
    let source = written(&source.text.replace("{LONG}", &"word ".repeat(40)));
    let mut imported = imported(&source);
    assert_eq!(codes(&imported), Vec::<&str>::new());
    imported.prove(CheckOptions::default());
    let [found] = imported.found.as_slice() else {
        panic!("one mistake is left");
    };
    assert!(matches!(&found.problem, Problem::TooLong(_)));
    assert_eq!(source.position(found.at.start), (8, 1));
    assert_eq!(checked(&imported).len(), 1);
}

#[test]
fn a_set_with_placeholders_has_no_mistake_that_was_not_said() {
    let source = written(
        "initial_screen: Main
Main:
  type: menu_screen
  text: {en: Welcome, sw: Karibu, fr: Bienvenue}
  options:
    - text: {en: Code, sw: Kodi}
      next_screen: code
    - text: {en: Gone, sw: Haipo}
      next_screen: gone
    - text: {en: Ask, sw: Uliza}
      next_screen: ask
    - text: {en: Start, sw: Mwanzo}
      next_screen: Main
      input_value: '0'
main:
  type: quit_screen
  text: Nobody
code:
  type: function_screen
  function: some.code
  next_screen: behind
behind:
  type: quit_screen
  text: Behind code
ask:
  type: input_screen
  text: How many?
  input_identifier: count
  next_screen: told
  validators:
    - regex: '^[0-9]{4}$'
told:
  type: quit_screen
  text: '{{ count }} for {{ phone_number }}, {b} {{ count|title }}'
",
    );
    let imported = imported(&source);
    assert_eq!(checked(&imported), Vec::<String>::new());
    let told = codes(&imported);
    let said = [
        "I010", "I008", "I011", "I012", "I015", "I018", "I021", "I043",
    ];
    assert!(said.iter().all(|code| told.contains(code)), "{told:?}");
}

#[test]
fn keys_are_those_of_the_journey_where_nothing_else_has_them() {
    let menu = |key: &str, to: &str| {
        root(&format!(
            "initial_screen: a\na:\n  type: menu_screen\n  text: Hi\n  options:\n    - {{text: On, \
             next_screen: b}}\nb:\n  type: menu_screen\n  text: There\n  options:\n    - {{text: \
             Go, next_screen: {to}, input_value: '{key}'}}\nc: {{type: quit_screen, text: Bye}}\n"
        ))
    };
    let usual = "keys: {back: \"00\", home: \"0\", more: \"98\"}";
    // `0` that leads to the start is what our key for home does.
    let home = menu("0", "a");
    assert!(
        home.contains(usual) && home.contains("b: {show: There}"),
        "{home}"
    );
    let other = menu("0", "c");
    assert!(other.contains("home: \"000\""), "{other}");
    assert!(other.contains("\"0\": {text: Go, go: c}"), "{other}");
    let more = menu("98", "c");
    assert!(
        more.contains("more: \"96\"") && more.contains("\"98\": {text: Go, go: c}"),
        "{more}"
    );
}

#[test]
fn a_question_gets_the_type_that_its_validators_leave() {
    let of = |validators: &str, after: &str| {
        let text = format!(
            "initial_screen: q\nq:\n  type: input_screen\n  text: Q?\n  input_identifier: x\n  \
             next_screen: r\n{validators}r:\n  type: router_screen\n  default_next_screen: e\n  \
             router_options:\n    - {{expression: \"{after}\", next_screen: e}}\ne: {{type: \
             quit_screen, text: Bye}}\n"
        );
        let root = root(&text);
        let mut lines = root.lines().map(str::trim);
        let of = lines
            .find(|line| line.starts_with("type: "))
            .unwrap()
            .to_owned();
        let when = lines
            .find(|line| line.starts_with("- {when"))
            .unwrap_or_default();
        format!("{of} | {when}")
    };
    let rule = |rule: &str| format!("  validators:\n    - {rule}\n");
    let digits = rule("regex: '^[0-9]{2,4}$'");
    assert_eq!(
        of(&digits, "{{ x == '0712' }}"),
        "type: {digits: {min: 2, max: 4}} | - {when: x == \"0712\", go: e}"
    );
    assert_eq!(
        of(&digits, "{{ 3 < x|int }}"),
        "type: {number: {min: 0, max: 9999}} | - {when: x > 3, go: e}"
    );
    assert_eq!(
        of("", "{{ not x == 'a' }}"),
        "type: {text: {min: 1, max: 40}} | - {when: x != \"a\", go: e}"
    );
    assert_eq!(
        of(
            &rule("expression: '{{ ussd_request.input|length >= 3 }}'"),
            "{{ x in ['b'] }}"
        ),
        "type: {text: {min: 3, max: 40}} | - {when: x == \"b\", go: e}"
    );
}

#[test]
fn an_option_of_a_question_is_no_answer_to_it() {
    let text = "initial_screen: q\nq:\n  type: input_screen\n  text: Q?\n  input_identifier: x\n  \
         next_screen: e\n  validators:\n    - regex: '^[0-9]$'\n  options:\n    - {text: Help, \
         next_screen: e}\ne: {type: quit_screen, text: Bye}\n";
    assert!(
        root(text).contains("\"10\": {text: Help, go: e}"),
        "{}",
        root(text)
    );
}

#[test]
fn routers_without_branches_are_passed_over() {
    let text = "initial_screen: a\na: {type: router_screen, router_options: [], \
         default_next_screen: b}\nb: {type: router_screen, router_options: [{expression: '{{ True \
         }}', next_screen: c}]}\nc: {type: quit_screen, text: Bye}\n";
    let root = root(text);
    assert!(
        root.contains("start: c") && !root.contains("route"),
        "{root}"
    );
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_slip_of_the_hand_makes_the_import_panic_or_write_what_is_no_yaml(
        name in proptest::sample::select(vec!["tea", "clinic", "tangle"]),
        slips in proptest::collection::vec((0_usize..400, 0_usize..4), 1..4)
    ) {
        let mut source = journey(name);
        for (line, kind) in slips {
            let mut lines: Vec<String> = source.text.lines().map(str::to_owned).collect();
            let line = line % lines.len();
            let next = (line + 1) % lines.len();
            match kind {
                0 => _ = lines.remove(line),
                1 => lines.swap(line, next),
                2 => lines[line] = lines[line].replacen(": ", ": {{ ", 1),
                _ => lines[line] = lines[line].chars().rev().skip(2).collect::<Vec<_>>().into_iter().rev().collect(),
            }
            source.text = lines.join("\n");
        }
        let mut imported = imported(&source);
        imported.prove(CheckOptions::default());
        reported(&imported, &source);
        for (index, file) in imported.files.iter().enumerate() {
            let read = yaml::read(&file.text, index);
            proptest::prop_assert!(read.is_ok(), "{}: {:?}", file.name, read);
        }
    }
}

#[tokio::test]
async fn the_command_writes_a_set_that_can_be_checked_and_dialled() {
    let home = Home::new();
    let file = at("tests/import/tea.yml");
    let arguments = [
        "import",
        "ussd-airflow",
        file.to_str().unwrap(),
        "--into",
        "made/kiosk",
    ];
    let output = home.run(&arguments, &[]).await;
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{printed}");
    assert!(printed.contains("4 of 4 screens carried over"), "{printed}");
    assert!(printed.contains("nyota check made/kiosk"), "{printed}");
    let checked = home.run(&["check", "made/kiosk"], &[]).await;
    assert_eq!(checked.status.code(), Some(0), "{checked:?}");
    let dial = ["--menus", "made/kiosk", "dial", "*123#", "--keys", "1 30 3"];
    let dialled = home.run(&dial, &[]).await;
    let pages = String::from_utf8(dialled.stdout).unwrap();
    for page in [
        "Welcome to the tea kiosk",
        "Type a number.",
        "Thank you: 3 cups",
    ] {
        assert!(pages.contains(page), "{page} is not in\n{pages}");
    }
}

#[tokio::test]
async fn the_command_says_by_its_end_whether_anything_was_left_out() {
    let home = Home::new();
    let file = at("tests/import/tangle.yml");
    let file = file.to_str().unwrap();
    let output = home
        .run(&["import", "ussd-airflow", file, "--service", "*99#"], &[])
        .await;
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("tangle.yml:93:13\n"), "{printed}");
    assert!(
        fs::read_to_string(home.path().join("tangle/tangle.yaml"))
            .unwrap()
            .contains("service: \"*99#\"")
    );
    for wrong in [
        &["import", "ussd-airflow", file][..],
        &["import", "ussd-airflow", "nowhere.yml"],
        &["import", "ussd-airflow", file, "--into", "Bad Name"],
        &[
            "import",
            "ussd-airflow",
            file,
            "--into",
            "other",
            "--service",
            "99",
        ],
        &["import", "rhaqim", file],
    ] {
        let output = home.run(wrong, &[]).await;
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(!output.stderr.is_empty(), "{wrong:?}");
    }
}

#[tokio::test]
async fn of_a_file_that_is_no_journey_nothing_is_written() {
    let home = Home::new();
    let file = at("tests/import/no_yaml.yml");
    let arguments = [
        "import",
        "ussd-airflow",
        file.to_str().unwrap(),
        "--into",
        "made",
    ];
    let output = home.run(&arguments, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed.starts_with("I001 ") && printed.contains("Nothing was written."),
        "{printed}"
    );
    assert!(!home.path().join("made").exists());
}
