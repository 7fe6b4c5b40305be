//! The profiles of `gateways/`: without a mistake, and true to the requests recorded beside them.

use nyota::{
    gateway::recorded::{self, Run},
    model::source::Source,
};

use crate::support::sources;

/// Runs all recorded requests, and fails on the first mistake or difference.
fn play(sources: &[Source]) -> Run {
    let run = recorded::play(sources);
    let reports: String = run.reports.iter().map(|it| it.print(sources)).collect();
    assert!(reports.is_empty(), "{reports}");
    let failed = run.played.iter().filter(|it| !it.differences.is_empty());
    let failed: String = failed.map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{failed}");
    run
}

#[test]
fn every_profile_passes_every_request_recorded_for_it() {
    let run = play(&sources::below("gateways"));
    assert!(
        run.unproved.is_empty(),
        "nothing is recorded for {:?}",
        run.unproved
    );
    assert!(!run.played.is_empty(), "no request is recorded");
}

#[test]
fn a_gateway_of_each_class_and_one_that_tells_a_phone_once_pass_their_requests() {
    let run = play(&sources::below("tests/gateways/classes"));
    assert!(run.unproved.is_empty(), "{:?}", run.unproved);
    assert_eq!(run.played.len(), 8);
}

#[test]
fn the_examples_of_the_manual_are_right() {
    let manual = include_str!("../../gateways/README.md");
    let blocks = manual.split("```yaml\n").skip(1);
    let blocks: Vec<_> = blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    let file = |name: &str, text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let (profile, recorded) = (blocks[0], blocks[blocks.len() - 1]);
    let run = play(&[
        file("example.yaml", profile),
        file("example/ussd.yaml", recorded),
    ]);
    assert_eq!(run.played.len(), 2);
}

#[test]
fn a_difference_is_shown_side_by_side() {
    let profile = include_str!("../../gateways/africastalking.yaml");
    let recorded = "an input:\n  request: POST /\n  \
        body: sessionId=a&serviceCode=%2A1%23&phoneNumber=255700000001&text=1*2\n  \
        seen: \"1\"\n  heard: {event: begin, input: \"2\"}\n  app: {continue: \"a\\nb\\nd\"}\n  \
        response: {status: 200, body: \"CON a\\nc\"}\n";
    let file = |name: &str, text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let sources = [file("at.yaml", profile), file("at/ussd.yaml", recorded)];
    let run = recorded::play(&sources);
    insta::assert_snapshot!(run.played[0].to_string());
}
