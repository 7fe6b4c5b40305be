//! The profiles of `gateways/`: without a mistake, and true to the vectors beside them.

use std::path::Path;

use nyota::{
    catalogue::read_files,
    gateway::vectors::{self, Run},
    model::source::Source,
};

/// The files of a folder of this package, as the program reads them.
fn below(folder: &str) -> Vec<Source> {
    read_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
}

/// Plays all vectors, and fails on the first mistake or difference.
fn play(sources: &[Source]) -> Run {
    let run = vectors::play(sources);
    let reports: String = run.reports.iter().map(|it| it.print(sources)).collect();
    assert!(reports.is_empty(), "{reports}");
    let failed = run.played.iter().filter(|it| !it.passed());
    let failed: String = failed.map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{failed}");
    run
}

#[test]
fn every_profile_passes_every_vector_and_every_part_of_it_is_played() {
    let run = play(&below("gateways"));
    let unused: Vec<_> = run.unused.iter().map(|it| format!("{it:?}")).collect();
    assert_eq!(unused, [""; 0]);
    assert!(run.played.len() > 400, "{} vectors", run.played.len());
}

#[test]
fn a_gateway_of_each_class_and_one_that_tells_a_phone_once_pass_their_vectors() {
    let run = play(&below("tests/gateways/classes"));
    assert_eq!(run.played.len(), 8);
}

fn file(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

/// The blocks of the manual in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let manual = include_str!("../../gateways/README.md");
    let blocks = manual.split("```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.trim_start().strip_prefix(language))
        .collect()
}

#[test]
fn the_examples_of_the_manual_are_right() {
    let first = blocks("yaml")[0];
    let least = first
        .lines()
        .map(|line| line.strip_prefix("   ").unwrap_or(line));
    let least: Vec<_> = least.collect();
    let vector = format!("[{}]", blocks("json")[0]);
    let run = play(&[
        file("africastalking.yaml", &least.join("\n")),
        file("africastalking/vectors.json", &vector),
    ]);
    assert_eq!(run.played.len(), 1);
}

#[test]
fn a_difference_is_shown_side_by_side() {
    let profile = include_str!("../../gateways/africastalking.yaml");
    let vector = r#"[{
        "name": "at/ussd/an input", "channel": "ussd", "direction": "inbound",
        "given": {"session": {"session_id": "a", "service_code": "*1#", "last_raw_text": "1"}},
        "request": {"method": "POST", "path": "/ussd/at", "query": {},
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "body": "sessionId=a&serviceCode=%2A1%23&phoneNumber=255700000001&text=1*2"},
        "expect": {"event": {"type": "begin", "input": "2"},
            "app": {"action": "continue", "text": "a\nb\nd"},
            "response": {"status": 200, "headers": {}, "body": "CON a\nc", "body_match": "exact"}}
    }]"#;
    let sources = [file("at.yaml", profile), file("at/vectors.json", vector)];
    let run = vectors::play(&sources);
    insta::assert_snapshot!(run.played[0].to_string());
}
