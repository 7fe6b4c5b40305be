//! What is dialled behind the code, over the real webhook; and the manual's examples of ways.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use nyota::{
    gateway::vectors,
    menu::{CheckOptions, Found, compile},
    model::source::Source,
};

use crate::support::stage::Stage;

const PHONE: &str = "+255700000077";
const DEEP: &str = "*152*00*7*400000042#";

#[tokio::test]
async fn eight_copies_of_a_dial_are_answered_alike_and_its_keys_are_pressed_once() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.session = "deep".into();
    let bodies = join_all((0..8).map(|_| phone.post(DEEP, ""))).await;
    assert!(bodies[0].contains("Neema"), "{}", bodies[0]);
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    // What is typed now is stepped from there, once.
    phone.type_in("1");
    let bills = join_all((0..8).map(|_| phone.post(DEEP, "1"))).await;
    assert!(bills[0].starts_with("END "), "{}", bills[0]);
    assert!(bills.iter().all(|body| *body == bills[0]), "{bills:?}");
    stage.records.settled().await;
    assert_eq!(stage.records.payable(PHONE).await, 1);
    stage.stop().await;
}

#[tokio::test]
async fn a_path_is_not_replayed_where_its_line_is_gone() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.session = "gone".into();
    let body = phone.post(DEEP, "1").await;
    assert!(!body.contains("Neema"), "{body}");
    stage.stop().await;
}

#[tokio::test]
async fn a_code_that_goes_elsewhere_has_no_service() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.session = "elsewhere".into();
    let body = phone.post("*152*02*7#", "").await;
    assert!(body.starts_with("END "), "{body}");
    stage.stop().await;
}

#[tokio::test]
async fn copies_of_a_redial_offer_to_go_on_with_the_same_page() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    phone.press("2").await;
    phone.session = "again".into();
    let bodies = join_all((0..8).map(|_| phone.post("*152*00#", ""))).await;
    assert!(bodies[0].contains("1 Go on"), "{}", bodies[0]);
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    stage.stop().await;
}

#[test]
fn a_profile_takes_what_was_dialled_from_where_it_says() {
    let profile = "extends: con_end
proof: {documented: [an example]}
session: {class: accumulated}
receive:
  /:
    read: {session: query.id, phone: query.phone, code: query.code, text: query.text}
    may: {dialed: query.dialed, extras: query.extras}
    event:
      - begin: query.new is 1
      - input
";
    let vector = |name: &str, query: &str, given: Option<&str>, event: &str| {
        let given = given.map_or_else(String::new, |text| {
            format!(
                r#""given": {{"session": {{"session_id": "1", "service_code": "*167#", "last_raw_text": "{text}"}}}},"#
            )
        });
        format!(
            r#"{{"name": "deep/ussd/{name}", "channel": "ussd", "direction": "inbound", {given}
              "request": {{"method": "GET", "path": "/ussd/deep", "headers": {{}}, "body": null, "query": {{"id": "1", "phone": "255700000001", "code": "*167#", {query}}}}},
              "expect": {{"event": {event}, "app": {{"action": "continue", "text": "x"}},
                "response": {{"status": 200, "headers": {{}}, "body": null, "body_match": "any"}}}}}}"#
        )
    };
    let recorded = [
        vector(
            "the extras of a begin",
            r#""text": "7*1", "extras": "7*1", "new": "1""#,
            None,
            r#"{"type": "begin", "service_code": "*167*7*1#"}"#,
        ),
        vector(
            "what was dialled as a whole",
            r#""text": "", "dialed": "167*7*1", "new": "1""#,
            None,
            r#"{"type": "begin", "service_code": "*167*7*1#"}"#,
        ),
        vector(
            "what no phone dials",
            r#""text": "", "extras": "a", "new": "1""#,
            None,
            r#"{"type": "begin", "service_code": "*167#"}"#,
        ),
        vector(
            "an input goes on from what was dialled",
            r#""text": "7*1*2", "extras": "7*1", "new": "0""#,
            Some("7*1"),
            r#"{"type": "input", "input": "2", "service_code": "*167#"}"#,
        ),
    ];
    let recorded = format!("[{}]", recorded.join(","));
    let file = |name: &str, text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let sources = [
        file("deep.yaml", profile),
        file("deep/vectors.json", &recorded),
    ];
    let run = vectors::play(&sources);
    let reports: String = run.reports.iter().map(|it| it.print(&sources)).collect();
    assert_eq!(reports, "");
    let failed = run.played.iter().filter(|it| !it.passed());
    let failed: String = failed.map(ToString::to_string).collect();
    assert_eq!(failed, "");
    assert_eq!(run.played.len(), 4);
}

/// The files that the manual shows, by their folders.
fn shown() -> BTreeMap<String, Vec<Source>> {
    let manual = include_str!("../../menus/README.md");
    let mut sets: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for block in manual.split("```yaml\n").skip(1) {
        let text = block.split_once("```").unwrap().0;
        let named = text
            .strip_prefix("# ")
            .and_then(|text| text.split_once('\n'));
        let Some((folder, _)) = named.and_then(|(name, _)| name.split_once('/')) else {
            continue;
        };
        let source = Source {
            name: named.unwrap().0.to_owned(),
            text: text.to_owned(),
        };
        sets.entry(folder.to_owned()).or_default().push(source);
    }
    sets
}

#[test]
fn the_sets_that_the_manual_shows_have_no_problem() {
    let sets = shown();
    assert!(sets.contains_key("njia"));
    for sources in sets.values() {
        let compilation = compile(sources, CheckOptions::default());
        let reports = compilation.problems.iter().map(Found::report);
        let printed: String = reports.map(|report| report.print(sources)).collect();
        assert_eq!(printed, "");
    }
}
