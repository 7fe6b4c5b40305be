//! The menus that come with nyota, `menus/chf/`: that they hold what they promise.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use nyota::{
    cli::transcript::{Action, Transcript, read},
    menu::{CheckOptions, Compilation, compile},
    model::{
        Language,
        source::{Source, yaml},
    },
};

fn yaml_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    files
}

fn read_text(name: &str, text: &str) -> Transcript {
    let sources = [Source {
        name: name.into(),
        text: text.into(),
    }];
    read(&sources[0], 0).unwrap_or_else(|reports| {
        let printed = reports.iter().map(|it| it.print(&sources));
        panic!("{}", printed.collect::<Vec<_>>().join("\n"))
    })
}

/// The transcripts by their files' names without `.yaml`.
fn transcripts() -> BTreeMap<String, Transcript> {
    let files = yaml_files("menus/chf/transcripts");
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let transcript = read_text(&name, &fs::read_to_string(path).unwrap());
            (name, transcript)
        })
        .collect()
}

/// Compiles a set and gives what its author would read of it.
fn check(sources: &[Source]) -> (Compilation, String) {
    let compilation = compile(sources, CheckOptions::default());
    let found = compilation.problems.iter();
    let printed: Vec<String> = found.map(|it| it.report().print(sources)).collect();
    (compilation, printed.join("\n"))
}

#[test]
fn the_set_has_no_problem_and_no_warning() {
    let sources: Vec<Source> = yaml_files("menus/chf")
        .into_iter()
        .map(|path| Source {
            name: format!("chf/{}", path.file_name().unwrap().to_str().unwrap()),
            text: fs::read_to_string(path).unwrap(),
        })
        .collect();
    let (compilation, printed) = check(&sources);
    assert_eq!(printed, "");
    assert!(compilation.set.is_some());
}

/// The YAML that the manual shows, in its order.
fn examples() -> Vec<&'static str> {
    let manual = include_str!("../../menus/README.md");
    let fenced = manual.split("```yaml\n").skip(1);
    fenced.map(|it| it.split_once("```").unwrap().0).collect()
}

#[test]
fn every_example_of_the_manual_is_yaml_that_we_read() {
    let examples = examples();
    assert!(examples.len() >= 9);
    for example in examples {
        assert!(yaml::read(example, 0).is_ok(), "{example}");
    }
}

#[test]
fn the_manual_s_transcripts_are_of_those_that_are_played() {
    let examples = examples();
    let told = examples.iter().filter(|it| it.starts_with("transcript:"));
    let told: Vec<_> = told.map(|it| read_text("manual", it)).collect();
    assert_eq!(told.len(), 2);
    let played = transcripts();
    for told in told {
        let played = played.values().find(|it| it.title == told.title);
        let actions = |it: &Transcript| it.steps.iter().map(|step| step.action.clone()).collect();
        let (told, played): (Vec<Action>, Vec<Action>) = (actions(&told), actions(played.unwrap()));
        assert_eq!(told, played);
    }
}

#[test]
fn the_manual_s_answers_are_read() {
    let examples = examples();
    let answers = examples.iter().find(|it| it.starts_with("- answer:"));
    let steps = answers.unwrap();
    let told = read_text("manual", &format!("transcript: T\nsteps:\n{steps}"));
    assert_eq!(told.steps.len(), 4);
}

/// The lines of a text, without the room before them.
fn lines(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_manual_s_settings_and_conditions_are_those_of_a_set_that_is_checked() {
    let manual = include_str!("../../menus/README.md");
    let files = [
        include_str!("../menus/whole/whole.yaml"),
        include_str!("../menus/whole/house.yaml"),
        include_str!("../menus/whole/shared.yaml"),
        include_str!("../menus/installation.yaml"),
    ];
    let checked: Vec<&str> = files.into_iter().flat_map(lines).collect();
    for heading in [
        "### route",
        "### set",
        "## Settings",
        "## Conditions",
        "## To switch a menu off",
        "## Screens that several menus share",
    ] {
        let (_, section) = manual.split_once(&format!("\n{heading}\n")).unwrap();
        let section = section.split("\n##").next().unwrap();
        let mut examples = section.split("```yaml\n").skip(1).peekable();
        assert!(examples.peek().is_some(), "{heading}");
        for example in examples {
            let example = lines(example.split_once("```").unwrap().0);
            let mut windows = checked.windows(example.len());
            let joined = example.join("\n");
            let part_of = checked.iter().any(|line| line.contains(&joined));
            assert!(
                part_of || windows.any(|window| window == example),
                "{joined}"
            );
        }
    }
}

#[test]
fn the_manual_s_first_example_is_a_menu_set() {
    let example = examples()[0];
    let (compilation, printed) = check(&[Source {
        name: "salamu/salamu.yaml".into(),
        text: example.into(),
    }]);
    assert_eq!(printed, "");
    assert!(compilation.set.is_some());
}

#[test]
fn every_transcript_is_read_and_has_a_title_of_its_own() {
    let transcripts = transcripts();
    let titles: BTreeSet<&str> = transcripts.values().map(|it| it.title.as_str()).collect();
    assert_eq!(titles.len(), transcripts.len());
}

#[test]
fn every_journey_is_told_in_two_languages() {
    let mut journeys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let transcripts = transcripts();
    for (name, transcript) in &transcripts {
        // A first dial chooses its language on the way.
        let Some(language) = transcript.language else {
            continue;
        };
        let (journey, tag) = name.rsplit_once('.').unwrap();
        assert_eq!(Language::parse(tag), Ok(language), "{name}");
        journeys.entry(journey).or_default().insert(tag);
    }
    for (journey, languages) in journeys {
        assert!(
            languages.len() >= 2,
            "{journey} is told in {languages:?} only"
        );
    }
}

#[test]
fn every_member_of_the_demo_is_met() {
    let transcripts = transcripts();
    let mut pressed = BTreeSet::new();
    for step in transcripts.values().flat_map(|it| &it.steps) {
        if let Action::Press(text) = &step.action {
            pressed.insert(text.as_str());
        }
    }
    for number in [
        "070707081",
        "400000042",
        "100000014",
        "200000021",
        "300000035",
        "555555556",
        "666666663",
        "999999991",
    ] {
        assert!(pressed.contains(number), "{number}");
    }
}

/// The root of the manual's first example, with these screens after its own.
fn first_example_with(screens: &str) -> Source {
    let indented = screens.lines().map(|line| format!("  {line}\n"));
    let indented: String = indented.collect();
    let root = examples()[0].replace(
        "\"2\": {text: Maliza, go: bye}",
        "\"2\": {text: Maliza, go: bye}\n      \"3\": {text: Zaidi, go: asked}",
    );
    Source {
        name: "salamu/salamu.yaml".into(),
        text: format!("{root}{indented}"),
    }
}

#[test]
fn every_question_of_the_manual_is_one_that_can_be_asked() {
    let asked = examples().into_iter().filter(|it| it.contains("\n  type:"));
    let mut count = 0;
    for example in asked {
        let (name, rest) = example.split_once(":\n").unwrap();
        let (_, go) = rest.split_once("\n  go: ").unwrap();
        let go = go.lines().next().unwrap();
        let question = format!("asked:\n{rest}");
        let next = format!("{go}: {{end: Asante}}\n");
        let unknown = "unknown: {end: Samahani}\n";
        let unknown = if rest.contains("unknown") {
            unknown
        } else {
            ""
        };
        let (compilation, printed) =
            check(&[first_example_with(&format!("{question}{next}{unknown}"))]);
        assert_eq!(printed, "", "{name}");
        assert!(compilation.set.is_some());
        count += 1;
    }
    assert_eq!(count, 3);
}

#[test]
fn every_type_of_answer_of_the_manual_is_read() {
    let manual = include_str!("../../menus/README.md");
    let table = manual.split_once("| `type` | right is |").unwrap().1;
    let rows = table.split_once("\n\n").unwrap().0.lines().skip(2);
    let mut types = Vec::new();
    for row in rows {
        let first = row.trim_start_matches("| ").split(" | ").next().unwrap();
        let written = first.split('`').skip(1).step_by(2);
        types.extend(written.map(|it| it.replace(", …", ", \"2\": {is: other, text: Nyingine}")));
    }
    assert!(types.len() >= 13, "{types:?}");
    for of in types {
        let question = format!(
            "asked: {{ask: Nini?, type: {of}, as: it, wrong: Tena., go: told}}\ntold: {{end: Asante}}\n"
        );
        let (_, printed) = check(&[first_example_with(&question)]);
        assert_eq!(printed, "", "{of}");
    }
}
