//! The menus that come with nyota, `menus/chf/`: that they hold what they promise.
#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use nyota::{
    cli::transcript::{Action, Transcript, read},
    model::{Language, source::Source},
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

/// The transcripts by their files' names without `.yaml`.
fn transcripts() -> BTreeMap<String, Transcript> {
    let files = yaml_files("menus/chf/transcripts");
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(path).unwrap();
            let source = Source {
                name: name.clone(),
                text,
            };
            let transcript = read(&source, 0).unwrap_or_else(|reports| {
                let printed = reports
                    .iter()
                    .map(|it| it.print(std::slice::from_ref(&source)));
                panic!("{}", printed.collect::<Vec<_>>().join("\n"))
            });
            (name, transcript)
        })
        .collect()
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
    let steps = transcripts.values().flat_map(|it| &it.steps);
    let pressed: BTreeSet<&str> = steps
        .filter_map(|step| match &step.action {
            Action::Press(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
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
