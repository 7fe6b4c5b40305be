//! What the profile language can say beyond the profiles of `gateways/`, and what it withstands.

use nyota::{
    gateway::profile::{Go, Heard, Name, Profile, Refused, Request},
    model::{Position, Signal, source::Source},
};
use proptest::prelude::*;
use serde_json::json;

use crate::support::sources;

/// JSON both ways, a request id, a value from a header, text rules, and an error of its own form.
const JSON_GATEWAY: &str = r#"
proof: {recorded: [requests]}
session: {class: identified}
deadline: 2500
page: {gsm7: 182}
text: {newline: cr, ban: "|~"}
receive:
  /in:
    read: {session: json.id, phone: json.from.number, text: json.payload.text, request: json.payload.step}
    may: {network: header.X-Network | networks, account: json.user}
    event:
      - begin: json.kind starts INIT
      - abort: json.closed is true
      - input
reply:
  screen:
    json:
      id: "{session}"
      user: "{account}"
      open: "{go | open}"
      parts: [{text: "{screen}"}, 1, true, null, "true"]
      note: "step {request}"
  ended: {status: 202, json: {id: "{session}"}}
  error: {status: 422, json: {missing: "{error}"}, type: application/problem+json}
maps:
  open: {continue: true, end: false}
  networks: {"1": one, default: other}
"#;

fn profile(text: &str) -> Profile {
    let sources = [Source {
        name: "example.yaml".into(),
        text: text.into(),
    }];
    let mut compiled = Profile::compile(&sources);
    assert_eq!(compiled.reports, []);
    compiled.profiles.remove(0)
}

fn hear(profile: &Profile, body: &str, network: &str) -> Result<Heard, Refused> {
    profile.hear(&Request {
        method: "POST",
        path: "/in",
        query: "",
        headers: &[
            ("Content-Type", b"application/json; charset=utf-8"),
            ("x-network", network.as_bytes()),
        ],
        body: body.as_bytes(),
    })
}

fn request(rest: &str) -> String {
    format!(
        r#"{{"id": 7, "from": {{"number": "255700000001"}}, "payload": {{"text": "3", "step": 2}}{rest}}}"#
    )
}

#[test]
fn a_json_request_is_heard() {
    let heard = hear(&profile(JSON_GATEWAY), &request(""), "1").unwrap();
    assert_eq!(heard.call.signal, Signal::Input);
    let phone = heard.call.caller.phone.told().unwrap();
    assert_eq!(phone.e164(), "+255700000001");
    let position = Position::Identified {
        text: "3".into(),
        request: "2".into(),
    };
    assert_eq!(heard.call.position, position);
    assert_eq!(heard.values.get(Name::Network), Some("one"));
    assert_eq!(heard.values.get(Name::Account), None);
}

#[test]
fn rules_are_tried_in_order() {
    let profile = profile(JSON_GATEWAY);
    let signal = |rest: &str| hear(&profile, &request(rest), "9").unwrap().call.signal;
    assert_eq!(
        signal(r#", "kind": "INITIATION", "closed": true"#),
        Signal::Begin
    );
    assert_eq!(signal(r#", "kind": "X", "closed": true"#), Signal::Abort);
    assert_eq!(signal(r#", "kind": null, "closed": false"#), Signal::Input);
}

#[test]
fn a_json_reply_keeps_its_types_and_follows_the_text_rules() {
    let profile = profile(JSON_GATEWAY);
    let heard = hear(&profile, &request(r#", "user": "a\"b""#), "1").unwrap();
    let reply = profile.reply(&heard, "Pay\n1 | \"yes\" ~", Go::End);
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.headers,
        [("content-type", "application/json".to_owned())]
    );
    let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    let expected = json!({
        "id": "7", "user": "a\"b", "open": false, "note": "step 2",
        "parts": [{"text": "Pay\r1   \"yes\"  "}, 1, true, null, "true"],
    });
    assert_eq!(body, expected);
    assert_eq!(profile.ended_reply(&heard).body, r#"{"id":"7"}"#);
}

#[test]
fn a_refusal_has_the_form_of_the_profile() {
    let profile = profile(JSON_GATEWAY);
    let refused = hear(&profile, r#"{"id": "7"}"#, "1").unwrap_err();
    let response = profile.refuse(&refused);
    assert_eq!(response.status, 422);
    assert_eq!(
        response.body,
        r#"{"missing":"json.from.number is missing"}"#
    );
    assert_eq!(
        response.headers,
        [("content-type", "application/problem+json".to_owned())]
    );
}

#[test]
fn a_request_that_cannot_be_trusted_is_refused() {
    let profile = profile(JSON_GATEWAY);
    let refused = |body: &str| hear(&profile, body, "1").unwrap_err().to_string();
    assert_eq!(refused("{"), "the body is not valid JSON");
    assert_eq!(
        refused(&request(r#", "id": 8"#)),
        "json.id comes twice with different values"
    );
    assert_eq!(
        refused(&request("").replace("\"3\"", "[3]")),
        "json.payload.text must be a text, a whole number, true or false"
    );
    let long = request("").replace("\"id\": 7", &format!("\"id\": \"{}\"", "7".repeat(129)));
    assert_eq!(refused(&long), "json.id is longer than 128 characters");
    let forged = request("").replace("\"id\": 7", "\"id\": \"7\\n8\"");
    assert_eq!(refused(&forged), "json.id holds control characters");
    let huge = request("").replace("\"3\"", &format!("\"{}\"", "3".repeat(20_000)));
    assert_eq!(refused(&huge), "the request is longer than 16384 bytes");
}

#[test]
fn whatever_a_caller_typed_is_heard() {
    let profile = profile(JSON_GATEWAY);
    let heard = |typed: &str| {
        let body = request("").replace("\"3\"", &json!(typed).to_string());
        hear(&profile, &body, "1").map(|heard| heard.call.position)
    };
    let read = |text: &str| {
        Ok(Position::Identified {
            text: text.to_owned(),
            request: "2".to_owned(),
        })
    };
    assert_eq!(heard("1\t2\r\n\0"), read("1 2   "));
    let long = "3".repeat(5_000);
    assert_eq!(heard(&long), read(&long));
}

#[test]
fn a_profile_says_what_its_gateway_holds() {
    let profile = profile(JSON_GATEWAY);
    assert_eq!(profile.name(), "example");
    assert_eq!(profile.deadline().as_millis(), 2500);
    assert_eq!((profile.page().gsm7, profile.page().ucs2), (182, 70));
    assert_eq!(profile.proof().recorded, ["requests"]);
}

#[test]
fn a_preset_in_the_folder_goes_before_the_built_in_one() {
    let file = |name: &str, text: &str| Source {
        name: name.into(),
        text: text.into(),
    };
    let preset = "reply: {screen: {text: 'S{screen}'}, error: {text: '{error}'}}\nmaps: {a: [b]}";
    let own = "extends: con_end\nproof: {}\nsession: {class: bare}\nreceive:\n  /:\n    \
               read: {session: query.s, phone: query.p, text: query.t}\n    event: [input]\n";
    let sources = [
        file("x.yaml", own),
        file("y.yaml", own),
        file("presets/con_end.yaml", preset),
    ];
    let reports = Profile::compile(&sources).reports;
    let printed: Vec<_> = reports
        .iter()
        .map(|report| report.print(&sources))
        .collect();
    assert_eq!(
        printed.len(),
        1,
        "a preset's mistake is told once: {printed:?}"
    );
    assert!(
        printed[0].contains("presets/con_end.yaml:2:11"),
        "{}",
        printed[0]
    );
}

fn shipped() -> Vec<Profile> {
    let mut profiles = Profile::compile(&sources::below("gateways")).profiles;
    profiles.push(profile(JSON_GATEWAY));
    profiles
}

const FIELDS: &[&str] = &[
    "sessionId",
    "phoneNumber",
    "serviceCode",
    "text",
    "status",
    "MSISDN",
    "SESSION_ID",
    "SERVICE_CODE",
    "USSD_STRING",
];

prop_compose! {
    /// Something like a form: names that profiles read, with any values, in any number.
    fn form()(
        pairs in prop::collection::vec((prop::sample::select(FIELDS), "[0-9a-z+*%#&]{0,12}"), 0..12)
    ) -> String {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }
}

proptest! {
    #[test]
    fn any_bytes_are_heard_or_refused_in_one_sentence(
        body in prop::collection::vec(any::<u8>(), 0..80),
        query in ".{0,40}",
        header in prop::collection::vec(any::<u8>(), 0..8),
    ) {
        for profile in shipped() {
            for (method, path) in [("POST", "/"), ("GET", "/"), ("POST", "/events"), ("POST", "/in")] {
                let headers = [("X-Network", header.as_slice())];
                let request = Request { method, path, query: &query, headers: &headers, body: &body };
                if let Err(refused) = profile.hear(&request) {
                    prop_assert!(profile.refuse(&refused).body.contains(&refused.to_string()));
                }
            }
        }
    }

    #[test]
    fn a_refusal_never_holds_what_came_in_a_field(form in form()) {
        for profile in shipped() {
            for (method, path) in [("POST", "/"), ("GET", "/"), ("POST", "/events")] {
                let body = if method == "POST" { form.as_bytes() } else { b"" };
                let request = Request { method, path, query: &form, headers: &[], body };
                let Err(refused) = profile.hear(&request) else { continue };
                let sentence = refused.to_string();
                for value in form.split('&').filter_map(|pair| pair.split_once('=')?.1.into()) {
                    prop_assert!(value.len() < 5 || !sentence.contains(value), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_json_reply_shows_any_screen_as_it_is(screen in "[^\n|~]{0,40}") {
        let profile = profile(JSON_GATEWAY);
        let heard = hear(&profile, &request(""), "1").unwrap();
        let reply = profile.reply(&heard, &screen, Go::Continue);
        let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        prop_assert_eq!(&body["parts"][0]["text"], &json!(screen));
        prop_assert_eq!(&body["open"], &json!(true));
    }

    #[test]
    fn any_text_compiles_or_is_reported(text in "[a-z/{}\\[\\]:,| .\"\n-]{0,60}") {
        let sources = [Source { name: "x.yaml".into(), text }];
        let compiled = Profile::compile(&sources);
        prop_assert!(compiled.profiles.is_empty());
        prop_assert!(!compiled.reports.is_empty());
    }
}
