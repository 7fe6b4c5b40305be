//! What an author may write in `calls.yaml`, and what she reads of her mistakes.

use crate::{
    menu::{
        MenuSet, Operation,
        check::sketch::{compiled, found, root, source},
        declared::{Json, Method, Slot},
    },
    model::source::Source,
};

const SCREENS: &str =
    "  main: {ask: Namba?, type: {digits: {length: 6}}, as: code, wrong: Tena., go: look}
  look: {call: facility.find, with: [code], as: facility, on: {found: shown, none: bye, down: bye}}
  shown: {end: \"{facility.name}\"}
  bye: {end: Kwaheri}\n";

/// The call `facility.find` with these lines in the place of its usual ones.
fn calls(lines: &str) -> [Source; 2] {
    let call = format!("calls:\n  facility.find:\n    takes: {{code: {{digits: 6}}}}\n{lines}");
    [root(SCREENS), source("calls", &call)]
}

const GET: &str = "    get: \"http://registry.example/facilities/{code}\"\n";
const ENDS: &str = "    outcomes: {found: {status: 200, gives: true}, none: {status: 404}}\n";
const GIVES: &str = "    gives: {facility: {name: {text: 40}}}\n";

fn set(sources: &[Source]) -> MenuSet {
    assert_eq!(found(sources), []);
    compiled(sources).set.unwrap()
}

fn codes(lines: &str) -> Vec<(&'static str, String)> {
    found(&calls(lines))
}

#[test]
fn a_call_is_read_whole() {
    let lines = format!(
        "{GET}    query: {{lang: \"{{language}}\"}}
    headers: {{Authorization: \"Bearer {{secret.registry}}\"}}
    timeout: 2s
    retries: 1
    cache: 10m
{ENDS}{GIVES}"
    );
    let set = set(&calls(&lines));
    let call = set.declared(0).unwrap();
    assert_eq!(set.signature(Operation::Declared(0)), Some(&call.signature));
    assert_eq!(call.request.method, Method::Get);
    assert_eq!(call.request.address.listed(), "registry.example");
    assert_eq!((call.timeout.as_secs(), call.retries), (2, 1));
    assert_eq!(call.cache.unwrap().as_secs(), 600);
    let secrets: Vec<&str> = call.secrets().map(|(name, _)| name).collect();
    assert_eq!(secrets, ["registry"]);
    assert_eq!(call.request.query[0].1.0, [Slot::Language]);
    let ends = call.signature.outcomes.iter();
    let ends: Vec<(&str, bool)> = ends.map(|kind| (&*kind.written, kind.gives)).collect();
    assert_eq!(ends, [("found", true), ("none", false), ("down", false)]);
}

#[test]
fn a_body_keeps_the_types_of_what_is_filled_in() {
    let lines = format!(
        "    post: \"https://registry.example/search\"
    idempotency_key: true
    json: {{code: \"{{code}}\", note: \"no. {{code}}\", page: 1, zero: 007, all: true, tags: [a, null]}}
{ENDS}{GIVES}"
    );
    let set = set(&calls(&lines));
    let Some(Json::Map(fields)) = &set.declared(0).unwrap().request.json else {
        panic!("there is a body");
    };
    assert_eq!(fields[0].1, Json::Argument(0));
    assert!(matches!(&fields[1].1, Json::Text(text) if text.0.len() == 2));
    assert_eq!(fields[2].1, Json::Constant(1.into()));
    assert!(matches!(&fields[3].1, Json::Text(text) if text.0.len() == 1));
    assert_eq!(fields[4].1, Json::Constant(true.into()));
}

#[test]
fn a_call_with_a_mistake_makes_no_other_where_it_is_used() {
    let lines = format!("    get: \"registry.example\"\n{ENDS}{GIVES}");
    let found = codes(&lines);
    assert_eq!(found, [("M089", "\"registry.example\"".to_owned())]);
}

#[test]
fn what_only_reads_may_be_sent_again_and_kept_and_be_late() {
    let put = "    put: \"http://registry.example/{code}\"\n";
    for (key, code) in [
        ("retries: 1", "M092"),
        ("cache: 1m", "M092"),
        ("retries: 0", "M093"),
    ] {
        let found = codes(&format!("{put}    {key}\n{ENDS}{GIVES}"));
        assert!(
            found.iter().any(|(found, _)| *found == code),
            "{key} {found:?}"
        );
    }
    let keyed = format!("{put}    retries: 1\n    idempotency_key: true\n{ENDS}{GIVES}");
    assert_eq!(codes(&keyed), []);
}

#[test]
fn a_late_call_has_the_outcome_slow() {
    let found = codes(&format!("{GET}    late: true\n{ENDS}{GIVES}"));
    // The menu says nothing of it yet, nor of its SMS.
    let codes: Vec<&str> = found.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["M030", "M050", "M050", "M050"]);
}

#[test]
fn a_pin_may_be_sent_in_a_header_and_nowhere_that_keeps_it() {
    let sources = |lines: &str| {
        let call = format!(
            "calls:\n  staff.verify:\n    takes: {{pin: {{digits: 4, secret: true}}}}\n{lines}    outcomes: {{right: {{status: 200}}}}\n"
        );
        found(&[root("  main: {end: Kwaheri}\n"), source("calls", &call)])
    };
    let secret = |lines: &str| {
        let found = sources(lines);
        found.iter().filter(|(code, _)| *code == "M098").count()
    };
    let get = "    get: \"http://registry.example/staff\"\n    headers: {X-Pin: \"{pin}\"}\n";
    assert_eq!(secret(get), 0);
    assert_eq!(
        secret("    get: \"http://registry.example/staff/{pin}\"\n"),
        1
    );
    assert_eq!(
        secret("    get: \"http://registry.example/staff?pin={pin}\"\n"),
        1
    );
    assert_eq!(
        secret(&format!("{get}    query: {{pin: \"{{pin}}\"}}\n")),
        1
    );
    assert_eq!(secret(&format!("{get}    late: true\n    cache: 1m\n")), 2);
    let body = "    post: \"http://registry.example/staff\"\n    json: {pin: \"{pin}\"}\n";
    assert_eq!(secret(body), 0);
    let key = "    post: \"http://registry.example/staff\"\n    json: {pin: \"{pin}\", key: \"{secret.registry}\"}\n";
    assert_eq!(secret(key), 1);
}

#[test]
fn every_mistake_of_a_file_is_found_in_one_run() {
    let lines = "    get: \"http://registry.example/facilities/{cod}\"
    headers: {Host: other.example}
    timeout: 1 minute
    retires: 1
    outcomes:
      down: {status: 200}
      found: {status: 99, gives: maybe}
      none: {status: 404, when: \"a >\"}
    gives: {facility: {name: {text: 400}, level: {}, to: {type: text, at: \"a..b\"}}}\n";
    let found = codes(lines);
    let codes: Vec<&str> = found.iter().map(|(code, _)| *code).collect();
    let expected = [
        "M091", "M090", "M089", "M013", "M002", "M009", "M013", "M003", "M095", "M013", "M003",
        "M031", "M095",
    ];
    assert_eq!(codes, expected, "{found:?}");
}

#[test]
fn an_outcome_is_hidden_by_an_earlier_one_only_where_nothing_is_left() {
    let hidden = |ends: &str| {
        let found = codes(&format!("{GET}    outcomes: {{{ends}}}\n{GIVES}"));
        found.iter().filter(|(code, _)| *code == "M094").count()
    };
    assert_eq!(
        hidden("found: {status: 200, when: a == 1, gives: true}, none: {status: 200}"),
        0
    );
    assert_eq!(
        hidden("found: {status: 200, gives: true}, none: {status: [200, 404]}"),
        0
    );
    assert_eq!(
        hidden("found: {status: [4xx, 200], gives: true}, none: {status: [200, 404]}"),
        1
    );
    assert_eq!(
        hidden(
            "found: {status: 2xx, when: a == 1, gives: true}, none: {status: 201, when: a == 1}"
        ),
        1
    );
}

#[test]
fn a_set_of_calls_alone_is_named_as_any_other() {
    // The folder's own root is no file of calls, whatever it is named.
    let text = root("  main: {end: Kwaheri}\n")
        .text
        .replace("menu: chf", "menu: calls");
    let named = Source {
        name: "calls/calls.yaml".to_owned(),
        text,
    };
    assert_eq!(found(&[named]), []);
}
