//! What the profile language can say beyond the profiles of `gateways/`, and what it withstands.

use std::sync::{Arc, OnceLock};

use nyota::{
    gateway::profile::{
        Account, Channel, Given, Go, Heard, Profile, Refusal, Request, Said, Screen, SettingValue,
    },
    model::{Call, Position, Signal, source::Source},
};
use proptest::prelude::*;
use serde_json::json;

use crate::support::sources;

/// JSON both ways, a request id, a value from a header, text rules, and an error of its own form.
const JSON_GATEWAY: &str = r#"
proof: {recorded: [requests]}
session: {class: identified}
deadline: 2500
screen: {page: {gsm7: 182, ucs2: 70}, newline: cr, ban: "|~"}
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
  other: {status: 202, json: {id: "{session}"}}
  error: {status: 422, json: {missing: "{error}"}, type: application/problem+json}
maps:
  open: {continue: true, end: false}
  networks: {"1": one, default: other}
"#;

fn account(text: &str) -> Account {
    let sources = [Source {
        name: "example.yaml".into(),
        text: text.into(),
    }];
    let mut compiled = Profile::compile(&sources);
    assert_eq!(compiled.reports, []);
    with_settings(compiled.profiles.remove(0), &[])
}

fn with_settings(profile: Profile, settings: &[(&str, &str)]) -> Account {
    let given = Given {
        name: profile.name().to_owned(),
        settings: settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), SettingValue::Text((*value).to_owned())))
            .collect(),
        public: "https://ussd.example.org".to_owned(),
        ..Given::default()
    };
    Account::new(Arc::new(profile), given).unwrap()
}

fn hear(account: &Account, body: &str, network: &str) -> Result<(Call, Said), Refusal> {
    let heard = account.hear(
        Channel::Ussd,
        &Request {
            method: "POST",
            path: "/in",
            query: "",
            headers: &[
                ("Content-Type", b"application/json; charset=utf-8"),
                ("x-network", network.as_bytes()),
            ],
            body: body.as_bytes(),
            address: "https://ussd.example.org/ussd/example/in",
            peer: None,
        },
    )?;
    match heard {
        Heard::Call(call, said) => Ok((*call, said)),
        Heard::Receipts(..) | Heard::Messages(..) | Heard::Ignored(_) => panic!("no call"),
    }
}

fn screen(text: &str, go: Go) -> Screen<'_> {
    Screen {
        text,
        go,
        turn: 1,
        dialogue: 1,
        known: false,
        kept: &[],
    }
}

fn request(rest: &str) -> String {
    format!(
        r#"{{"id": 7, "from": {{"number": "255700000001"}}, "payload": {{"text": "3", "step": 2}}{rest}}}"#
    )
}

#[test]
fn a_json_request_is_heard() {
    let (call, said) = hear(&account(JSON_GATEWAY), &request(""), "1").unwrap();
    assert_eq!(call.signal, Signal::Input);
    let phone = call.caller.phone.told().unwrap();
    assert_eq!(phone.e164(), "+255700000001");
    let position = Position::Identified {
        text: "3".into(),
        request: "2".into(),
    };
    assert_eq!(call.position, position);
    assert_eq!(said.get("network"), Some("one"));
    assert_eq!(said.get("account"), None);
}

/// The codes of the problems of a profile.
fn problems(text: &str) -> Vec<&'static str> {
    let sources = [Source {
        name: "example.yaml".into(),
        text: text.into(),
    }];
    let reports = Profile::compile(&sources).reports;
    reports.iter().map(|report| report.code).collect()
}

#[test]
fn a_phone_is_kept_only_where_a_begin_tells_it() {
    let once = include_str!("../gateways/classes/phone_once.yaml");
    assert_eq!(problems(once), [""; 0]);
    let untold = once.replace("phone: form.phone, ", "");
    assert_ne!(problems(&untold), [""; 0]);
    let forgetful = once.replace(", keep: [phone]", "");
    assert_ne!(problems(&forgetful), [""; 0]);
}

#[test]
fn rules_are_tried_in_order() {
    let account = account(JSON_GATEWAY);
    let signal = |rest: &str| hear(&account, &request(rest), "9").unwrap().0.signal;
    assert_eq!(
        signal(r#", "kind": "INITIATION", "closed": true"#),
        Signal::Begin
    );
    assert_eq!(signal(r#", "kind": "X", "closed": true"#), Signal::Abort);
    assert_eq!(signal(r#", "kind": null, "closed": false"#), Signal::Input);
}

#[test]
fn a_json_reply_keeps_its_types_and_follows_the_text_rules() {
    let account = account(JSON_GATEWAY);
    let (_, said) = hear(&account, &request(r#", "user": "a\"b""#), "1").unwrap();
    let reply = account.reply(&said, &screen("Pay\n1 | \"yes\" ~", Go::End));
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.headers,
        [("content-type".to_owned(), "application/json".to_owned())]
    );
    let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    let expected = json!({
        "id": "7", "user": "a\"b", "open": false, "note": "step 2",
        "parts": [{"text": "Pay\r1   \"yes\"  "}, 1, true, null, "true"],
    });
    assert_eq!(body, expected);
    let (_, ended) = hear(&account, &request(r#", "closed": true"#), "1").unwrap();
    let acknowledged = account.acknowledge(&ended, true, &[]);
    assert_eq!(
        (acknowledged.status, acknowledged.body.as_str()),
        (202, r#"{"id":"7"}"#)
    );
}

#[test]
fn a_refusal_has_the_form_of_the_profile() {
    let account = account(JSON_GATEWAY);
    let refused = hear(&account, r#"{"id": "7"}"#, "1").unwrap_err();
    let response = account.refuse(&refused);
    assert_eq!(response.status, 422);
    assert!(
        response.body.starts_with(r#"{"missing":"json.from.number"#),
        "{}",
        response.body
    );
    assert_eq!(
        response.headers,
        [(
            "content-type".to_owned(),
            "application/problem+json".to_owned()
        )]
    );
}

#[test]
fn a_request_that_cannot_be_trusted_is_refused() {
    let account = account(JSON_GATEWAY);
    let refused = |body: &str| hear(&account, body, "1").unwrap_err().why.to_string();
    assert_eq!(refused("{"), "the body is not valid JSON");
    assert_eq!(
        refused(&request(r#", "id": 8"#)),
        "json.id comes twice with different values"
    );
    assert_eq!(
        refused(&request("").replace("\"3\"", "[3]")),
        "json.payload.text must be one value, no list and no object"
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
    let account = account(JSON_GATEWAY);
    let heard = |typed: &str| {
        let body = request("").replace("\"3\"", &json!(typed).to_string());
        hear(&account, &body, "1").map(|(call, _)| call.position)
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
    let account = account(JSON_GATEWAY);
    let profile = account.profile();
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

/// Every shipped profile that needs no settings, and one of ours.
fn shipped() -> &'static [Account] {
    static ACCOUNTS: OnceLock<Vec<Account>> = OnceLock::new();
    ACCOUNTS.get_or_init(|| {
        let profiles = Profile::compile(&sources::below("gateways")).profiles;
        let mut accounts = vec![account(JSON_GATEWAY)];
        for profile in profiles {
            let given = Given {
                name: profile.name().to_owned(),
                ..Given::default()
            };
            accounts.extend(Account::new(Arc::new(profile), given));
        }
        assert!(accounts.len() > 10, "{} accounts", accounts.len());
        accounts
    })
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
        for account in shipped() {
            for (method, path) in [("POST", "/"), ("GET", "/"), ("POST", "/events"), ("POST", "/in")] {
                let headers = [("X-Network", header.as_slice())];
                let request = Request { method, path, query: &query, headers: &headers, body: &body, address: "", peer: None };
                for channel in [Channel::Ussd, Channel::Sms] {
                    if let Err(refusal) = account.hear(channel, &request) {
                        prop_assert!(!refusal.why.to_string().contains('\n'));
                        prop_assert!(account.refuse(&refusal).status >= 200);
                    }
                }
            }
        }
    }

    #[test]
    fn a_refusal_never_holds_what_came_in_a_field(form in form()) {
        for account in shipped() {
            for (method, path) in [("POST", "/"), ("GET", "/"), ("POST", "/events")] {
                let body = if method == "POST" { form.as_bytes() } else { b"" };
                let request = Request { method, path, query: &form, headers: &[], body, address: "", peer: None };
                let Err(refusal) = account.hear(Channel::Ussd, &request) else { continue };
                let sentence = refusal.why.to_string();
                for value in form.split('&').filter_map(|pair| pair.split_once('=')?.1.into()) {
                    prop_assert!(value.len() < 5 || !sentence.contains(value), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_json_reply_shows_any_screen_as_it_is(text in "[^\n|~]{0,40}") {
        let account = account(JSON_GATEWAY);
        let (_, said) = hear(&account, &request(""), "1").unwrap();
        let reply = account.reply(&said, &screen(&text, Go::Continue));
        let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        prop_assert_eq!(&body["parts"][0]["text"], &json!(text));
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

const LATIN_GATEWAY: &str = r#"
proof: {recorded: [requests]}
session: {class: bare}
settings:
  field: {default: msg, about: what the input is called}
  number_form: {choice: [bare, tel], default: bare, about: how numbers are written}
receive:
  /:
    type: any
    charset: latin1
    read: {session: form.id, phone: form.phone, text: "form[setting.field]"}
    event: [begin: "form[setting.field] is empty", input]
reply:
  continue: {charset: latin1, text: "{phone | number_form}: {screen}"}
  end: {charset: latin1, xml: {a: "{screen}"}}
send:
  post: https://sms.example/send
  charset: latin1
  sender: needed
  query: {t: "{text}"}
  form: {to: "{to | number_form}", from: "{from}", text: "{text}"}
  result: [accepted: status is 200, by_status]
"#;

/// An account of it with these settings.
fn latin(settings: &[(&str, &str)]) -> Account {
    let sources = [Source {
        name: "example.yaml".into(),
        text: LATIN_GATEWAY.into(),
    }];
    let mut compiled = Profile::compile(&sources);
    assert_eq!(compiled.reports, []);
    let settings = settings.iter().map(|(name, value)| {
        let value = SettingValue::Text((*value).to_owned());
        ((*name).to_owned(), value)
    });
    let given = Given {
        name: "latin".into(),
        settings: settings.collect(),
        ..Given::default()
    };
    Account::new(Arc::new(compiled.profiles.remove(0)), given).unwrap()
}

fn latin_hears(account: &Account, body: &str) -> Result<Heard, Refusal> {
    account.hear(
        Channel::Ussd,
        &Request {
            method: "POST",
            path: "/",
            query: "",
            headers: &[("content-type", b"application/octet-stream")],
            body: body.as_bytes(),
            address: "https://host/ussd/latin",
            peer: None,
        },
    )
}

#[test]
fn settings_name_fields_and_choose_filters() {
    let named = latin(&[("field", "ussd_string"), ("number_form", "tel")]);
    let Ok(Heard::Call(call, said)) =
        latin_hears(&named, "id=1&phone=255700000001&ussd_string=%E9")
    else {
        panic!("no call");
    };
    assert_eq!(call.position, Position::Bare { text: "é".into() });
    let refused = latin_hears(&named, "id=1&phone=255700000001&msg=1").unwrap_err();
    assert_eq!(refused.why.to_string(), "form.ussd_string is missing");
    let screen = Screen {
        text: "Déjà €",
        go: Go::Continue,
        turn: 1,
        dialogue: 1,
        known: true,
        kept: &[],
    };
    let response = named.reply(&said, &screen);
    let written = b"tel:+255700000001: D\xe9j\xe0 ?";
    assert_eq!(response.bytes().as_ref(), written);
    let content_type = (
        "content-type".to_owned(),
        "text/plain; charset=iso-8859-1".to_owned(),
    );
    assert!(response.headers.contains(&content_type));
    let go = Go::End;
    let response = named.reply(&said, &Screen { go, ..screen });
    let written = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>D\xe9j\xe0 &#8364;</a>";
    assert_eq!(response.bytes().as_ref(), written);
}

#[test]
fn a_call_is_escaped_in_its_own_character_set_and_says_that_it_needs_a_sender() {
    let account = latin(&[]);
    assert!(account.needs_sender());
    let to = nyota::model::Msisdn::parse("+255700000001").unwrap();
    let message = nyota::gateway::profile::Outgoing {
        to: &to,
        from: Some("CHF"),
        text: "é€",
        own_id: "m-1",
        message_id: None,
        now: chrono::DateTime::UNIX_EPOCH,
    };
    let call = account.send(&message, None).unwrap();
    assert_eq!(call.addresses, ["https://sms.example/send?t=%E9%3F"]);
    assert_eq!(call.body, "to=255700000001&from=CHF&text=%E9%3F");
}

/// SOAP with accumulated inputs, written by the manual alone.
#[test]
fn a_profile_of_soap_passes_its_vectors() {
    let file = |name: &str, text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let sources = [
        file("jumla.yaml", include_str!("../gateways/manual/jumla.yaml")),
        file(
            "jumla/vectors.json",
            include_str!("../gateways/manual/jumla/vectors.json"),
        ),
    ];
    let run = nyota::gateway::vectors::play(&sources);
    assert_eq!(run.reports, []);
    let failed = run.played.iter().filter(|it| !it.passed());
    assert_eq!(failed.map(ToString::to_string).collect::<String>(), "");
    assert_eq!(run.played.len(), 9);
}
