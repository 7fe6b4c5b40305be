use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Run, check, play, play_file};
use crate::model::source::Source;

const PROFILE: &str = "\
extends: con_end
proof: {documented: [all]}
settings:
  key: secret
  sender: {default: CHF}
session: {class: accumulated, lost: refuse}
receive:
  /:
    read: {session: form.id, phone: form.phone, code: form.code, text: form.text}
    may: {network: form.network}
    event:
      - begin: form.text is empty
      - input
  /ended:
    read: {session: form.id, phone: form.phone}
    event: [session_ended]
reply:
  lost: {status: 404, text: Begin again}
reports:
  /receipt:
    read: {message_id: json.id, raw_status: json.status, state: json.status | state}
    event: [receipt]
send:
  post: https://api.example.com/send
  headers: {x-key: \"{setting.key}\"}
  json: {to: \"{to | bare}\", from: \"{setting.sender}\", text: \"{text}\"}
  may: {message_id: json.id}
  result:
    - accepted: json.ok is true
    - by_status
maps:
  state: {Done: delivered, default: failed}
";

const CON_END: &str = "\
reply:
  screen: {text: \"{go | con_end} {screen}\", type: text/plain}
  error: {text: \"END {error}\"}
maps: {con_end: {continue: CON, end: END}}
";

/// A turn of session `s1`: what it is called, the session that is known, the text, what is to come of it.
fn turn(name: &str, session: &str, text: &str, expect: &str) -> String {
    format!(
        "- name: {name}\n  channel: ussd\n  direction: inbound\n  given: {{{session}}}\n  request:\n    method: POST\n    \
         path: /ussd/own\n    headers: {{content-type: application/x-www-form-urlencoded}}\n    \
         body: \"id=s1&phone=255700000001&code=*152*00%23&text={text}\"\n  expect: {{{expect}}}\n"
    )
}

const CON: &str = "app: {action: continue, text: Karibu}, response: {status: 200, headers: {Content-Type: text/plain}, \
    body: CON Karibu}";

fn run(vectors: &str) -> (Run, Vec<Source>) {
    let sources = [
        ("gateways/presets/con_end.yaml", CON_END),
        ("gateways/own.yaml", PROFILE),
        ("gateways/own/vectors.yaml", vectors),
    ];
    let sources = sources.map(|(name, text)| Source {
        name: name.into(),
        text: text.into(),
    });
    (play(&sources), sources.into())
}

/// What went otherwise in each vector, as it prints.
fn failures(vectors: &str) -> Vec<String> {
    let (run, sources) = run(vectors);
    let reports = run.reports.iter().map(|report| report.print(&sources));
    let reports: Vec<_> = reports.collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
    assert!(!run.played.is_empty());
    let failed = run.played.iter().filter(|played| !played.passed());
    failed.map(ToString::to_string).collect()
}

/// An answer that holds `$ECHO` is one that repeats what the request said.
#[test]
fn an_echo_must_stand_in_the_request() {
    let answer = |body: &str| {
        let expect = format!(
            "event: {{type: begin}}, app: {{action: continue, text: Karibu 255700000001}}, response: {{status: 200, body: \"{body}\", body_match: exact}}"
        );
        let vectors = turn("a dial", "", "", &expect);
        let sources = [
            ("own.yaml", PROFILE),
            ("presets/con_end.yaml", CON_END),
            ("own/vectors.yaml", &vectors),
        ];
        let sources = sources.map(|(name, text)| Source {
            name: name.to_owned(),
            text: text.to_owned(),
        });
        let run = play(&sources);
        assert_eq!(run.reports, []);
        run.played[0].passed()
    };
    assert!(answer("CON Karibu $ECHO"));
    assert!(!answer("CON $ECHO"));
}

#[test]
fn a_dialogue_is_told_by_what_the_line_remembers() {
    let after = |text: &str| {
        format!("session: {{session_id: s1, service_code: '*152*00#', last_raw_text: '{text}'}}")
    };
    let vectors = [
        turn(
            "begin",
            "",
            "",
            &format!(
                "event: {{type: begin, session_id: s1, msisdn: '+255700000001', \
            service_code: '*152*00#', input: null}}, {CON}"
            ),
        ),
        turn(
            "first",
            &after(""),
            "1",
            &format!("event: {{type: input, input: '1'}}, {CON}"),
        ),
        turn(
            "star",
            &after("1*2"),
            "1*2*3*4",
            &format!("event: {{type: input, input: 3*4}}, {CON}"),
        ),
        turn(
            "repeat",
            &after("1*2"),
            "1*2",
            "event: {type: repeat}, last: {action: end, text: Kwaheri}, \
            response: {body: END Kwaheri}",
        ),
        turn("late", &after("1*2"), "1", "event: {type: repeat}"),
        turn(
            "lost",
            "",
            "1*2",
            "event: {type: protocol_error}, response: {status: 404, body: Begin again}",
        ),
    ];
    assert_eq!(failures(&vectors.concat()), [""; 0]);
}

#[test]
fn what_differs_stands_side_by_side_with_the_line_that_wrote_it() {
    let expect = "event: {type: begin, network: '63902'}, app: {action: end, text: Karibu}, \
        response: {status: 201, body: CON Karibu}";
    let failures = failures(&turn("begin", "", "", expect));
    let expected = "  gateways/own/vectors.yaml:1\n  network\n    expected   seen\n    63902    |\n  \
        status, written by line 2 of the profile\n    expected   seen\n    201      | 200\n  \
        body, written by line 2 of the profile\n    expected     seen\n    CON Karibu | END Karibu\n";
    assert_eq!(failures, [expected]);
}

#[test]
fn a_trace_tells_every_rule_and_what_it_saw() {
    let expect = format!("event: {{type: begin}}, {CON}");
    let (run, _) = run(&turn("begin", "session: {session_id: s1}", "7", &expect));
    let [played] = run.played.as_slice() else {
        panic!("{run:?}")
    };
    assert!(!played.passed());
    assert_eq!(
        played.traced(),
        "    line 12   begin: form.text is empty  fails , saw \"7\"\n    \
             line 13   input                      passes\n"
    );
}

const SENT: &str = "\
- name: sent
  channel: sms
  direction: outbound
  config: {key: K, unknown: x}
  given: {message: {to: '+255700000001', from: CHF, text: Habari, ref: m-1}}
  request:
    method: POST
    path: https://api.example.com/send
    headers: {content-type: application/json, X-Key: K}
    body: '{\"from\": \"CHF\", \"to\": \"255700000001\", \"text\": \"Habari\"}'
  expect:
    gateway_reply: {status: 200, headers: {content-type: application/json}, body: '{\"ok\": true, \"id\": \"77\"}'}
    result: {outcome: accepted, message_id: '77', error_code: null}
";

#[test]
fn a_call_of_ours_is_compared_and_its_reply_read() {
    assert_eq!(failures(SENT), [""; 0]);
    let unauthorised = SENT
        .replace("status: 200", "status: 401")
        .replace("\"ok\": true, ", "")
        .replace(
            "outcome: accepted, message_id: '77'",
            "outcome: rejected, reason: auth, retry: false, message_id: null",
        );
    assert_eq!(failures(&unauthorised), [""; 0]);
    for (right, wrong) in [
        ("method: POST", "method: PUT"),
        ("com/send", "com/sent"),
        ("X-Key: K", "X-Key: L"),
        ("\"Habari\"", "\"Kwaheri\""),
        ("outcome: accepted", "outcome: retry"),
        ("'77'", "'78'"),
        ("error_code: null", "error_code: '1'"),
    ] {
        assert_eq!(
            failures(&SENT.replacen(right, wrong, 1)).len(),
            1,
            "{wrong}"
        );
    }
}

#[test]
fn a_run_says_what_no_vector_comes_to() {
    let expect = format!("event: {{type: begin}}, {CON}");
    let (run, _) = run(&(turn("begin", "", "", &expect) + SENT));
    let [unused] = run.unused.as_slice() else {
        panic!("{:?}", run.unused)
    };
    assert_eq!(unused.profile, "own");
    assert_eq!(
        unused.parts,
        [
            "the event input, line 13",
            "the address /ended below /ussd/NAME",
            "the event session_ended, line 16",
            "the address /receipt below /sms/NAME",
            "the event receipt, line 22",
            "the answer lost, line 18",
            "the answer error, line 3",
            "the result by_status of send, line 30",
        ]
    );
}

#[test]
fn paths_of_the_aggregators_are_ours() {
    let receipt = "- name: receipt\n  channel: sms\n  direction: inbound\n  request: {method: POST, path: PATH, \
        headers: {content-type: application/json}, body: '{\"id\": \"7\", \"status\": \"Done\"}'}\n  \
        expect: {event: {type: dlr, message_id: '7', state: delivered, raw_status: Done, own_id: null}, \
        response: {body_match: any_2xx}}\n";
    for path in [
        "/sms/own/dlr",
        "/sms/other/receipt",
        "/receipt",
        "/sms/own",
        "/foo",
    ] {
        assert_eq!(failures(&receipt.replace("PATH", path)), [""; 0], "{path}");
    }
}

#[test]
fn a_file_anywhere_is_played_against_a_profile() {
    let (_, mut sources) = run("");
    sources.pop();
    sources.push(Source {
        name: "elsewhere.yaml".into(),
        text: SENT.into(),
    });
    let run = play_file(&sources, "own");
    assert_eq!(run.reports, []);
    assert!(run.played.iter().all(super::Played::passed) && run.played.len() == 1);
    assert!(play_file(&sources, "other").played.is_empty());
    assert!(play_file(&[], "own").played.is_empty());
}

#[test]
fn a_mistake_in_a_file_is_reported_with_its_place() {
    let (run, sources) = run(&SENT.replace("direction: outbound", "direction: sideways"));
    let printed: Vec<_> = run
        .reports
        .iter()
        .map(|report| report.print(&sources))
        .collect();
    assert_eq!(printed.len(), 1);
    assert!(
        printed[0].contains("gateways/own/vectors.yaml:3:14"),
        "{}",
        printed[0]
    );
}

fn shipped() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
    let mut sources = Vec::new();
    add(&root, "gateways", &mut sources);
    sources
}

fn add(path: &Path, name: &str, sources: &mut Vec<Source>) {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            let file = entry.unwrap().file_name().to_string_lossy().into_owned();
            add(&path.join(&file), &format!("{name}/{file}"), sources);
        }
    } else if matches!(extension, Some("yaml" | "json")) {
        sources.push(Source {
            name: name.to_owned(),
            text: fs::read_to_string(path).unwrap(),
        });
    }
}

#[test]
fn every_vector_beside_a_shipped_profile_passes() {
    let sources = shipped();
    let run = play(&sources);
    let reports = run.reports.iter().map(|report| report.print(&sources));
    let failed = run.played.iter().filter(|played| !played.passed());
    let told: Vec<_> = reports
        .chain(failed.map(|it| format!("{}\n{it}", it.name)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(run.played.len() > 100, "{}", run.played.len());
}

/// The vectors of a file, each with one thing that it expects changed.
fn changed(text: &str) -> Vec<Json> {
    let vectors: Vec<Json> = serde_json::from_str(text).unwrap();
    let wrong = [
        ("/expect/event/type", json!("abort"), json!("timeout")),
        ("/expect/response/status", json!(501), json!(502)),
        ("/expect/result/outcome", json!("retry"), json!("accepted")),
    ];
    let mut all = Vec::new();
    for vector in vectors {
        let how = vector.pointer("/expect/response/body_match");
        let is_free = how
            .and_then(Json::as_str)
            .is_some_and(|how| how.starts_with("any"));
        for (place, one, other) in &wrong {
            let stands = vector
                .pointer(place)
                .filter(|_| !(is_free && place.ends_with("status")));
            let Some(stands) = stands.cloned() else {
                continue;
            };
            let mut vector = vector.clone();
            let name = format!("{} {place}", vector["name"]);
            *vector.pointer_mut(place).unwrap() = if stands == *one { other } else { one }.clone();
            vector["name"] = json!(name);
            all.push(vector);
        }
    }
    all
}

#[test]
fn no_shipped_vector_passes_when_what_it_expects_is_changed() {
    let mut sources = shipped();
    for source in &mut sources {
        if source.name.ends_with("/vectors.json") {
            source.text = serde_json::to_string(&changed(&source.text)).unwrap();
        }
    }
    sources.retain(|source| !source.name.ends_with("/more.json"));
    let run = play(&sources);
    let passed = run.played.iter().filter(|played| played.passed());
    let passed: Vec<_> = passed.map(|played| &played.name).collect();
    assert!(run.played.len() > 200, "{}", run.played.len());
    assert!(passed.is_empty(), "{passed:#?}");
}

proptest! {
    #[test]
    fn any_file_is_read_or_reported(text in "[\\[\\]{}:,\"a-z0-9 \n-]{0,80}") {
        let (_, sources) = run(&text);
        _ = check(&sources);
    }
}
