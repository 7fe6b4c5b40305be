//! What is heard, on profiles written by hand.

use std::sync::Arc;

use proptest::{prelude::*, strategy::ValueTree};

use super::{
    Account, BodyKind, CallerProof, Channel, Class, Event, FirstText, Given, Heard, PathPart,
    Profile, ReceiptState, Refusal, Refused, Request, Route, SettingKind, SettingValue, fixture,
    sketch::{account, post, request, route},
};
use crate::model::{Call, Known, Msisdn, Position, ServiceCode, Signal, source};

fn call(heard: Result<Heard, Refusal>) -> Call {
    match heard {
        Ok(Heard::Call(call, _)) => *call,
        other => panic!("{other:?}"),
    }
}

fn why(heard: Result<Heard, Refusal>) -> Refused {
    heard.unwrap_err().why
}

fn missing(names: &[&str]) -> Refused {
    Refused::Missing(names.iter().map(|name| (*name).to_owned()).collect())
}

fn phone() -> Msisdn {
    Msisdn::parse("+255700000001").unwrap()
}

/// All inputs joined by `*`; a first text that is not empty was dialled.
fn accumulated(first: FirstText) -> Account {
    let reads = [
        ("session", "form.s"),
        ("phone", "form.p"),
        ("code", "form.c"),
        ("text", "form.t"),
        ("?network", "form.n"),
    ];
    let form = route("/", BodyKind::Form, &reads)
        .when(Event::Begin, &["form.t is empty"])
        .when(Event::Input, &[]);
    account(vec![form], |profile| {
        profile.session.class = Class::Accumulated;
        profile.session.first = first;
    })
}

#[test]
fn a_form_is_a_begin_or_an_input() {
    let account = accumulated(FirstText::Lost);
    let begin = call(post(
        &account,
        Channel::Ussd,
        "s=1&p=%2B255700000001&c=384*1234&t=",
    ));
    assert_eq!(begin.signal, Signal::Begin);
    assert_eq!(begin.caller.session, "1");
    assert_eq!(begin.caller.phone, Known::Told(phone()));
    assert_eq!(begin.service_code, ServiceCode::parse("*384*1234#").ok());
    let input = call(post(
        &account,
        Channel::Ussd,
        "s=1&p=0700000001&c=*384*1234%23&t=1*2%093",
    ));
    assert_eq!(input.signal, Signal::Input);
    assert_eq!(input.caller.phone, Known::Told(phone()));
    let text = "1*2 3".to_owned();
    assert_eq!(input.position, Position::Accumulated { text });
    assert!(!input.recalls);
}

#[test]
fn what_was_dialled_behind_the_code_is_pressed() {
    let form = || {
        let reads = [
            ("session", "form.s"),
            ("phone", "form.p"),
            ("code", "form.c"),
            ("text", "form.t"),
        ];
        route("/", BodyKind::Form, &reads)
            .when(Event::Begin, &["session is new"])
            .when(Event::Input, &[])
    };
    let account = account(vec![form()], |profile| {
        profile.session.class = Class::Accumulated;
        profile.session.first = FirstText::Dialled;
    });
    let heard = call(post(
        &account,
        Channel::Ussd,
        "s=1&p=255700000001&c=*384%23&t=1*2",
    ));
    assert_eq!(heard.signal, Signal::BeginOrInput);
    assert_eq!(heard.service_code, ServiceCode::parse("*384*1*2#").ok());
    let text = "1*2".to_owned();
    assert_eq!(heard.position, Position::Accumulated { text });
    assert!(heard.forgets);
}

#[test]
fn dialed_holds_the_code_and_extras_stand_behind_it() {
    let reads = [
        ("session", "form.s"),
        ("phone", "form.p"),
        ("?dialed", "form.d"),
        ("?code", "form.c"),
        ("?extras", "form.e"),
    ];
    let begin = account(
        vec![route("/", BodyKind::Form, &reads).when(Event::Begin, &[])],
        |_| {},
    );
    let code = |more: &str| {
        let heard = post(&begin, Channel::Ussd, &format!("s=1&p=255700000001{more}"));
        call(heard).service_code
    };
    assert_eq!(code("&d=384*1"), ServiceCode::parse("*384*1#").ok());
    assert_eq!(code("&c=384&e=1*2"), ServiceCode::parse("*384*1*2#").ok());
    assert_eq!(code("&c=*384%231%23"), ServiceCode::parse("*384*1#").ok());
    assert_eq!(code("&c=384&d=hello"), ServiceCode::parse("*384#").ok());
    assert_eq!(code(""), None);
    let heard = post(&begin, Channel::Ussd, "s=1&p=255700000001&c=VUMI");
    assert_eq!(why(heard), Refused::NotCode("form.c".into()));
}

#[test]
fn what_a_request_must_not_hold_is_refused_by_name() {
    let account = accumulated(FirstText::Lost);
    let field = || "form.p".to_owned();
    let long = format!("s={}&p=255700000001&c=1&t=", "x".repeat(129));
    for (body, refused) in [
        (
            "s=1&s=2&p=255700000001&c=1&t=",
            Refused::Twice("form.s".into()),
        ),
        (
            "s=1%00&p=255700000001&c=1&t=",
            Refused::ControlCharacters("form.s".into()),
        ),
        (
            long.as_str(),
            Refused::FieldTooLong {
                field: "form.s".into(),
                limit: 128,
            },
        ),
        ("s=1&p=ANONYMOUS&c=1&t=", Refused::NotPhone(field())),
        ("s=1&p=&c=1&t=", Refused::Empty(field())),
        ("s=1&c=1&t=", missing(&["form.p"])),
        ("s=1&t=", missing(&["form.p", "form.c"])),
        ("n=x", missing(&["form.s", "form.p", "form.c", "form.t"])),
        ("s=%", Refused::BadEscape("body")),
        (
            "s=%ff",
            Refused::Charset {
                part: "body",
                charset: "UTF-8",
            },
        ),
    ] {
        assert_eq!(why(post(&account, Channel::Ussd, body)), refused, "{body}");
    }
    let same = "s=1&s=1&p=255700000001&c=1&t=";
    assert!(post(&account, Channel::Ussd, same).is_ok());
    let typed = format!("s=1&p=255700000001&c=1&t={}", "9".repeat(4_000));
    assert!(post(&account, Channel::Ussd, &typed).is_ok());
}

/// Session and event in the address; phone and code are told at the begin only.
fn session_in_the_path() -> Account {
    let steps = route(
        "/session/{session}/{step}",
        BodyKind::Json,
        &[("session", "path.session")],
    )
    .reads(
        Event::Begin,
        &[
            ("phone", "json.msisdn"),
            ("code", "json.shortCode"),
            ("?imsi", "json.imsi"),
        ],
    )
    .reads(Event::Input, &[("text", "json.text")])
    .when(Event::StatusQuery, &["method is GET"])
    .when(Event::Begin, &["path.step is start"])
    .when(Event::Input, &["path.step is response"])
    .when(Event::Abort, &["path.step is end"])
    .when(Event::Error, &[]);
    account(vec![steps], |profile| {
        profile.session.keep = vec!["phone".into(), "code".into(), "imsi".into()];
    })
}

fn stepped(step: &str, body: &str) -> Result<Heard, Refusal> {
    let path = format!("/session/a%2Fb/{step}");
    session_in_the_path().hear(Channel::Ussd, &request(&path, "", body.as_bytes()))
}

#[test]
fn what_a_begin_tells_for_all_is_kept_and_later_requests_need_not_tell_it() {
    let begin = call(stepped(
        "start",
        r#"{"msisdn":255700000001,"shortCode":"*1#","imsi":"7"}"#,
    ));
    assert_eq!(begin.caller.session, "a/b");
    assert_eq!(begin.caller.phone, Known::ToldForAll(phone()));
    assert_eq!(begin.keep, [("imsi".to_owned(), "7".to_owned())]);
    assert!(!begin.recalls);
    let input = call(stepped("response", r#"{"text":"1"}"#));
    assert_eq!(input.caller.phone, Known::Before);
    assert!(input.recalls);
    assert!(input.keep.is_empty());
    assert_eq!(call(stepped("end", "{}")).signal, Signal::Abort);
    assert_eq!(call(stepped("status", "")).signal, Signal::Status);
    assert_eq!(
        why(stepped("start", r#"{"shortCode":"*1#"}"#)),
        missing(&["json.msisdn"])
    );
}

#[test]
fn a_refusal_keeps_what_could_be_read() {
    for (step, body) in [
        ("response", "{"),
        ("response", "{}"),
        ("other", "{}"),
        ("end", "[["),
    ] {
        let refusal = stepped(step, body).unwrap_err();
        assert_eq!(refusal.said.get("session"), Some("a/b"), "{step} {body}");
    }
    assert_eq!(why(stepped("response", "{")), Refused::Malformed("JSON"));
    assert_eq!(
        why(stepped("response", r#"{"text":["1"]}"#)),
        Refused::NotPlain("json.text".into())
    );
    assert_eq!(
        why(stepped("response", r#"{"text":"1","text":"2"}"#)),
        Refused::Twice("json.text".into())
    );
    assert_eq!(
        why(stepped("response", r#"{"text":null}"#)),
        missing(&["json.text"])
    );
}

/// A begin and an input read the same field, and only the session tells them apart.
fn unsaid() -> Account {
    let both = route(
        "/",
        BodyKind::Nothing,
        &[("session", "query.s"), ("phone", "query.p")],
    )
    .reads(Event::Begin, &[("code", "query.i"), ("msc", "query.MSC")])
    .reads(
        Event::Input,
        &[("text", "query.i"), ("charge", "query.CHARGE")],
    )
    .when(Event::Abort, &["query.clean is present"])
    .when(Event::Begin, &["session is new"])
    .when(Event::Input, &[]);
    account(vec![both], |profile| {
        profile.session.keep = vec!["code".into(), "msc".into()]
    })
}

#[test]
fn a_request_that_may_be_both_tells_what_both_need() {
    let account = unsaid();
    let hear = |query: &str| account.hear(Channel::Ussd, &request("/", query, b""));
    let both = call(hear("s=1&p=255700000001&i=121&MSC=m&CHARGE=0"));
    assert_eq!(both.signal, Signal::BeginOrInput);
    assert_eq!(both.service_code, ServiceCode::parse("*121#").ok());
    assert_eq!(both.position, Position::Bare { text: "121".into() });
    assert_eq!(both.keep, [("msc".to_owned(), "m".to_owned())]);
    let typed = call(hear("s=1&p=255700000001&i=Asha&MSC=m&CHARGE=0"));
    assert_eq!(typed.service_code, None);
    let input = call(hear("s=1&p=255700000001&i=Asha&CHARGE=0"));
    assert_eq!((input.signal, input.service_code), (Signal::Input, None));
    assert_eq!(
        call(hear("s=1&p=255700000001&i=1&MSC=m")).signal,
        Signal::Begin
    );
    assert_eq!(
        why(hear("s=1&p=255700000001&i=1")),
        missing(&["query.MSC", "query.CHARGE"])
    );
    let refusal = hear("s=1&p=255700000001&i=1").unwrap_err();
    assert_eq!(refusal.said.get("code"), Some("1"));
    let refused = why(hear("p=255700000001"));
    assert_eq!(refused.missing(), ["s", "i", "MSC", "CHARGE"]);
}

#[test]
fn the_session_may_be_the_phone_or_several_names() {
    let reads = [
        ("phone", "query.p"),
        ("?session", "query.s"),
        ("?tid", "query.t"),
        ("text", "query.i"),
    ];
    let keyed = |key: &[&str]| {
        let input = route("/", BodyKind::Nothing, &reads).when(Event::Input, &[]);
        account(vec![input], |profile| {
            profile.session.key = key.iter().map(|&name| name.to_owned()).collect();
        })
    };
    let session = |key: &[&str], query: &str| {
        let query = format!("p=255700000001&i=1&{query}");
        let heard = keyed(key).hear(Channel::Ussd, &request("/", &query, b""));
        heard
            .map(|heard| call(Ok(heard)).caller.session)
            .map_err(|refusal| refusal.why)
    };
    assert_eq!(session(&["phone"], ""), Ok(String::new()));
    assert_eq!(session(&["phone", "session"], "s=5"), Ok("5".into()));
    assert_ne!(
        session(&["session", "tid"], "s=1%7C2&t=3"),
        session(&["session", "tid"], "s=1&t=2%7C3")
    );
    assert_eq!(
        session(&["session", "tid"], "s=1"),
        Err(missing(&["query.t"]))
    );
}

#[test]
fn an_id_may_stand_for_a_phone() {
    let reads = [
        ("session", "query.s"),
        ("phone", "query.p | e164, query.p | opaque"),
        ("text", "query.i"),
    ];
    let input = route("/", BodyKind::Nothing, &reads).when(Event::Input, &[]);
    let account = account(vec![input], |_| {});
    let told = |phone: &str| {
        let query = format!("s=1&i=1&p={phone}");
        call(account.hear(Channel::Ussd, &request("/", &query, b"")))
            .caller
            .phone
    };
    assert_eq!(told("0700000001"), Known::Told(phone()));
    assert_eq!(
        told("acr-9f"),
        Known::Told(Msisdn::opaque("acr-9f").unwrap())
    );
}

#[test]
fn addresses_are_told_apart_by_their_parts_and_methods() {
    let of = |path, event| route(path, BodyKind::Text, &[("?session", "path.s")]).when(event, &[]);
    let mut post_only = of("/x", Event::Ignored);
    post_only.methods = vec!["POST".into(), "PUT".into()];
    let account = account(
        vec![
            of("/{s}", Event::Error),
            of("/events", Event::Ignored),
            post_only,
        ],
        |_| {},
    );
    let hear = |path| account.hear(Channel::Ussd, &request(path, "", b""));
    assert!(matches!(hear("/events"), Ok(Heard::Ignored(_))));
    assert!(matches!(hear("/events/"), Ok(Heard::Ignored(_))));
    assert_eq!(why(hear("/other")), Refused::Rule(None));
    for path in ["/", "", "/a/b", "//", "/events//"] {
        assert_eq!(why(hear(path)), Refused::UnknownPath, "{path}");
    }
    assert_eq!(why(hear("/%zz")), Refused::BadEscape("path"));
    // Another route takes a GET here; a literal one is asked first for a POST.
    assert_eq!(why(hear("/x")), Refused::Rule(None));
    assert!(matches!(
        account.hear(Channel::Ussd, &request("/x", "", b"a")),
        Ok(Heard::Ignored(_))
    ));
}

#[test]
fn what_is_nothing_to_us_needs_no_values_and_an_error_speaks_for_itself() {
    let reads = [("session", "query.s")];
    let mut checked = route("/", BodyKind::Nothing, &reads)
        .when(Event::Ignored, &["query.s is absent"])
        .when(Event::Refused, &["query.s is evil"])
        .when(Event::Error, &[]);
    checked.rules[2].say = Some("no such session".into());
    checked.rules[2].reply = Some("gone".into());
    let account = account(vec![checked], |_| {});
    let hear = |query| account.hear(Channel::Ussd, &request("/", query, b""));
    assert!(matches!(hear(""), Ok(Heard::Ignored(_))));
    assert_eq!(why(hear("s=evil")), Refused::NotTheirs);
    let refusal = hear("s=1").unwrap_err();
    assert_eq!(refusal.why.to_string(), "no such session");
    assert_eq!(refusal.said.reply.as_deref(), Some("gone"));
    assert_eq!(refusal.said.get("session"), Some("1"));
}

#[test]
fn every_rule_that_was_tried_is_traced() {
    let account = unsaid();
    let mut trace = Vec::new();
    let query = "s=1&p=255700000001&i=1&MSC=m&CHARGE=0";
    let heard = account.hear_traced(Channel::Ussd, &request("/", query, b""), &mut trace);
    assert!(heard.is_ok());
    let tried: Vec<_> = trace.iter().map(|rule| (rule.line, rule.passed)).collect();
    assert_eq!(tried, [(1, false), (2, true)]);
    assert_eq!(trace[0].written, "query.clean is present");
    assert_eq!(trace[0].saw, [None]);
}

#[test]
fn xml_and_xml_rpc_are_heard() {
    let xml = route(
        "/",
        BodyKind::Xml,
        &[("session", "element.@localId"), ("phone", "element.msisdn")],
    )
    .items("xml.dialog", false)
    .when(Event::Timeout, &["element.@timedOut is present"])
    .when(Event::Begin, &["element.@type is Begin"])
    .when(Event::Error, &[]);
    let account_of = |route| account(vec![route], |_| {});
    let heard = post(
        &account_of(xml.clone()),
        Channel::Ussd,
        "<dialog type='Begin' localId='7'><msisdn>255700000001</msisdn></dialog>",
    );
    assert_eq!(call(heard).caller.session, "7");
    let timeout = "<dialog timedOut='' localId='7'><msisdn>255700000001</msisdn></dialog>";
    assert_eq!(
        call(post(&account_of(xml.clone()), Channel::Ussd, timeout)).signal,
        Signal::Timeout
    );
    let bomb = "<!DOCTYPE d [<!ENTITY a 'a'>]><dialog type='&a;'/>";
    assert_eq!(
        why(post(&account_of(xml), Channel::Ussd, bomb)),
        Refused::DocumentType
    );

    let rpc = route(
        "/",
        BodyKind::Rpc,
        &[("session", "rpc.session"), ("phone", "rpc.msisdn")],
    )
    .when(Event::Begin, &["rpc.method is USSD.INIT"])
    .when(Event::Error, &[]);
    let body = concat!(
        "<methodCall><methodName>USSD.INIT</methodName><params><param><value><struct>",
        "<member><name>session</name><value>9</value></member>",
        "<member><name>msisdn</name><value><string>+255700000001</string></value></member>",
        "</struct></value></param></params></methodCall>"
    );
    assert_eq!(
        call(post(&account_of(rpc), Channel::Ussd, body))
            .caller
            .session,
        "9"
    );
}

#[test]
fn a_body_is_of_the_type_and_character_set_that_the_route_expects() {
    let account = accumulated(FirstText::Lost);
    let of = |headers: &[(&str, &[u8])]| {
        let request = Request {
            headers,
            ..request("/", "", b"s=1&p=255700000001&c=1&t=")
        };
        account.hear(Channel::Ussd, &request)
    };
    assert!(
        of(&[(
            "Content-Type",
            b"application/x-www-form-urlencoded; charset=utf-8"
        )])
        .is_ok()
    );
    assert_eq!(
        why(of(&[("content-type", b"application/json")])),
        Refused::ContentType("application/x-www-form-urlencoded")
    );
    let long = "x".repeat(16 * 1024 + 1);
    assert_eq!(
        why(post(&account, Channel::Ussd, &long)),
        Refused::TooLong(16 * 1024)
    );
    let many = "a=1&".repeat(1_001);
    assert!(matches!(
        why(post(&account, Channel::Ussd, &many)),
        Refused::TooMany { .. }
    ));
}

/// A batch of receipts.
fn receipts() -> Account {
    let reads = [
        ("?message_id", "item.id"),
        ("?own_id", "item.ref"),
        ("state", "item.status | state"),
        ("raw_status", "item.status"),
        ("?to", "item.to"),
    ];
    let batch = route("/", BodyKind::Json, &reads)
        .items("json.results", true)
        .when(Event::Ignored, &["item.status is ping"])
        .when(Event::Receipt, &[]);
    account(vec![batch], |_| {})
}

#[test]
fn each_receipt_of_a_batch_is_heard() {
    let body = r#"{"results":[{"id":"a","status":1,"to":"0700000001"},{"status":"ping"},
        {"ref":"b","status":4},{"id":"c","status":2,"to":"JIRANI"},{"id":"d","status":"new"}]}"#;
    let Ok(Heard::Receipts(all, said)) = post(&receipts(), Channel::Sms, body) else {
        panic!("no receipts");
    };
    assert_eq!(said.event, Event::Receipt);
    let [Some(first), None, Some(third)] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(
        (first.message_id.as_deref(), first.state),
        (Some("a"), ReceiptState::Delivered)
    );
    assert_eq!(first.raw_status.as_deref(), Some("1"));
    assert_eq!(first.to, Some(phone()));
    assert_eq!((third.state, &third.to), (ReceiptState::Failed, &None));
}

#[test]
fn a_batch_of_which_nothing_can_be_read_is_refused_and_an_empty_one_is_nothing() {
    let of = |body| post(&receipts(), Channel::Sms, body);
    assert!(matches!(of(r#"{"results":[]}"#), Ok(Heard::Ignored(_))));
    assert_eq!(why(of("{}")), missing(&["json.results"]));
    assert_eq!(
        why(of(r#"{"results":[{"id":"d"}]}"#)),
        missing(&["item.status", "item.status"])
    );
    assert_eq!(
        why(of(r#"{"results":[{"id":"d","status":3}]}"#)),
        Refused::Unmapped("item.status".into())
    );
    assert_eq!(
        why(of(r#"{"results":[{"status":1}]}"#)),
        missing(&["item.id"])
    );
    assert_eq!(
        why(of(r#"{"results":[{"id":"d","status":8}]}"#)),
        Refused::Unmapped("item.status".into())
    );
}

#[test]
fn a_message_is_heard_with_its_time() {
    let reads = [
        ("from", "form.from"),
        ("to", "form.to"),
        ("text", "form.text"),
        ("?message_id", "form.id"),
        ("?received_at", "form.date | sent"),
    ];
    let inbound = route("/", BodyKind::Form, &reads).when(Event::Message, &[]);
    let account = account(vec![inbound], |_| {});
    let body = "from=0700000001&to=15001&text=&id=7&date=2023-11-15+01:13:20";
    let Ok(Heard::Messages(all, _)) = post(&account, Channel::Sms, body) else {
        panic!("no message");
    };
    assert_eq!(all[0].from, phone());
    assert_eq!((all[0].to.as_str(), all[0].text.as_str()), ("15001", ""));
    let at = all[0].received_at.map(|time| time.to_rfc3339());
    assert_eq!(at.as_deref(), Some("2023-11-14T22:13:20+00:00"));
}

#[test]
fn a_signed_state_that_comes_back_is_the_id_of_the_request() {
    let reads = [
        ("session", "query.s"),
        ("phone", "query.p"),
        ("request", "query.state | signed"),
        ("text", "query.i"),
    ];
    let input = route("/", BodyKind::Nothing, &reads).when(Event::Input, &[]);
    let account = account(vec![input], |profile| {
        profile.session.class = Class::Identified
    });
    let state = super::state::write(&account, "1", 3, 77).unwrap();
    let hear = |session: &str, state: &str| {
        let query = format!("s={session}&p=255700000001&i=5&state={state}");
        account.hear(Channel::Ussd, &request("/", &query, b""))
    };
    let Position::Identified { request, .. } = call(hear("1", &state)).position else {
        panic!("no id");
    };
    assert!(request.starts_with("3."), "{request}");
    assert_eq!(why(hear("2", &state)), Refused::NotSigned);
    assert_eq!(why(hear("1", "3")), Refused::NotSigned);
}

#[test]
fn what_proves_the_caller_is_looked_at_before_anything_else() {
    let reads = [("session", "json.s")];
    let route = route("/", BodyKind::Json, &reads).when(Event::Ignored, &[]);
    let account = account(vec![route], |profile| {
        let field = super::sketch::chain("query.password");
        profile.caller.fields = vec![(field, fixture::template("{setting.password}"))];
    });
    let hear = |query, body| {
        account
            .hear(Channel::Ussd, &request("/", query, body))
            .map_err(|refusal| refusal.why)
    };
    for (query, body) in [
        ("", &b"{"[..]),
        ("password=wrong", b"{}"),
        ("password=%zz", b"{}"),
    ] {
        assert_eq!(hear(query, body), Err(Refused::NotTheirs), "{query}");
    }
    assert_eq!(
        hear("password=s3cret", b"{"),
        Err(Refused::Malformed("JSON"))
    );
    assert!(hear("password=s3cret", b"{}").is_ok());
    let twice = hear("password=wrong&password=s3cret", b"{}");
    assert_eq!(twice, Err(Refused::NotTheirs));
}

const BODIES: [BodyKind; 6] = [
    BodyKind::Nothing,
    BodyKind::Form,
    BodyKind::Json,
    BodyKind::Xml,
    BodyKind::Rpc,
    BodyKind::Text,
];

/// A route of each kind of body that reads everywhere.
fn everywhere() -> Vec<Account> {
    let reads = [
        (
            "?session",
            "form.a, query.a, json.a, xml.a, rpc.a, path.s, body",
        ),
        (
            "?phone",
            "form.p, query.p | e164, json.a.0.b, xml.a.@b, body | digits | opaque",
        ),
        ("?code", "form.c, body | quoted"),
        ("?text", "form.t, json.t, body | url_decode"),
        ("?request", "header.x-id | base64_decode, query.r | signed"),
        ("?state", "item.s | state, form.s | state"),
        ("?message_id", "item.id, element.id | hex_decode"),
        ("?from", "query.p, item.f"),
        ("?to", "form.a"),
    ];
    let of = |kind| {
        let route = route("/{s}", kind, &reads)
            .when(Event::Error, &["body matches x{3}"])
            .when(Event::Receipt, &["item.s is present"])
            .when(Event::Begin, &["session is new"])
            .when(Event::Input, &[]);
        let route = match kind {
            BodyKind::Json => route.items("json.a", true),
            BodyKind::Xml => route.items("xml.a", false),
            BodyKind::Nothing | BodyKind::Form | BodyKind::Rpc | BodyKind::Text => route,
        };
        account(vec![route], |profile| {
            profile.session.class = Class::Identified
        })
    };
    BODIES.into_iter().map(of).collect()
}

/// Texts that are near what the parsers read.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "a",
        "=",
        "&",
        "%2",
        "%00",
        "+",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "1e9",
        "<a>",
        "</a>",
        "<a",
        "/>",
        " b='",
        "'",
        "&#x41;",
        "&#0;",
        "&amp;",
        "&b;",
        "<!DOCTYPE a>",
        "<![CDATA[",
        "]]>",
        "<?xml version='1.0'?>",
        "<methodCall>",
        "</methodCall>",
        "<methodName>",
        "</methodName>",
        "<params>",
        "<param>",
        "<value>",
        "<struct>",
        "\\ud800",
        "\u{feff}",
        "p=255700000001",
        "\"a\":",
        "xmlns:a='a'",
    ]);
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat().into_bytes()),
    ]
}

proptest! {
    #[test]
    fn any_request_is_heard_or_refused(
        body in bodies(),
        query in "[a-z=&%0-9+]{0,40}|\\PC{0,20}",
        path in "/[a-z%0-9/]{0,10}|\\PC{0,10}",
        header in prop::collection::vec(any::<u8>(), 0..20),
        method in "GET|POST|\\PC{0,5}",
    ) {
        for account in everywhere() {
            let request = Request {
                method: &method,
                headers: &[("x-id", &header), ("Content-Type", b"")],
                ..request(&path, &query, &body)
            };
            for channel in [Channel::Ussd, Channel::Sms] {
                if let Err(refusal) = account.hear(channel, &request) {
                    prop_assert!(!refusal.why.to_string().is_empty());
                }
            }
        }
    }
}

/// An account of each profile that we ship, its settings invented.
fn shipped() -> Vec<Account> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/gateways");
    let read = |folder: &str, name: &str| {
        let files = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        let yaml = files.filter(|file| file.extension().is_some_and(|kind| kind == "yaml"));
        let source = |file: std::path::PathBuf| source::Source {
            name: format!("{name}/{}", file.file_name().unwrap().to_string_lossy()),
            text: std::fs::read_to_string(file).unwrap(),
        };
        yaml.map(source).collect::<Vec<_>>()
    };
    let mut sources = read(folder, "gateways");
    sources.extend(read(&format!("{folder}/presets"), "gateways/presets"));
    let account = |profile: Profile| {
        let needed = profile
            .settings
            .iter()
            .filter(|setting| setting.default.is_none());
        let value = |kind: &SettingKind| match kind {
            SettingKind::Map => SettingValue::Map(vec![("x".into(), "*384#".into())]),
            SettingKind::List => SettingValue::List(Vec::new()),
            SettingKind::Number => SettingValue::Text("7".into()),
            SettingKind::Address => SettingValue::Text("https://a.example".into()),
            SettingKind::Choice(words) => SettingValue::Text(words[0].clone()),
            SettingKind::Text | SettingKind::Secret => SettingValue::Text("a".into()),
        };
        let given = Given {
            name: "a".into(),
            public: "https://b.example".into(),
            settings: needed
                .map(|setting| (setting.name.clone(), value(&setting.kind)))
                .collect(),
            ..Given::default()
        };
        // Every request is the aggregator's here: what comes behind the proof is tried.
        let profile = Profile {
            caller: CallerProof::default(),
            ..profile
        };
        Account::new(Arc::new(profile), given).unwrap()
    };
    Profile::compile(&sources)
        .profiles
        .into_iter()
        .map(account)
        .collect()
}

/// Fills the addresses of a route: `/session/x/x`.
fn address(route: &Route) -> String {
    let parts = route.path.iter().map(|part| match part {
        PathPart::Literal(literal) => format!("/{literal}"),
        PathPart::Named(_) => "/x".to_owned(),
    });
    parts.collect()
}

#[test]
fn whatever_comes_to_a_profile_that_we_ship_is_heard_or_refused() {
    let accounts = shipped();
    assert!(accounts.len() > 20, "{}", accounts.len());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sent = (bodies(), "[A-Za-z=&%0-9+]{0,40}", any::<bool>());
    for _ in 0..60 {
        let (body, query, get) = sent.new_tree(&mut runner).unwrap().current();
        for account in &accounts {
            let ussd = account
                .profile
                .receive
                .iter()
                .map(|route| (Channel::Ussd, route));
            let sms = account
                .profile
                .reports
                .iter()
                .map(|route| (Channel::Sms, route));
            for (channel, route) in ussd.chain(sms) {
                let path = address(route);
                let method = if get { "GET" } else { "POST" };
                let request = Request {
                    method,
                    ..request(&path, &query, &body)
                };
                if let Err(refusal) = account.hear(channel, &request) {
                    assert!(!refusal.why.to_string().is_empty());
                    assert!(!account.refuse(&refusal).body.contains('\0'));
                }
            }
        }
    }
}

#[test]
fn what_would_take_long_is_refused_soon() {
    let started = std::time::Instant::now();
    let size = 256 * 1024;
    let filled = |piece: &str| piece.repeat(size / piece.len());
    let deep = format!(
        "{}\"{}\"{}",
        "[".repeat(60),
        "x".repeat(size - 200),
        "]".repeat(60)
    );
    let bodies = [
        (BodyKind::Json, filled("[")),
        (BodyKind::Json, filled("{\"a\":")),
        (BodyKind::Json, format!("[{}1]", "1,".repeat(size / 2 - 2))),
        (BodyKind::Json, deep),
        (BodyKind::Json, filled("\"")),
        (BodyKind::Xml, filled("<a>")),
        (
            BodyKind::Xml,
            format!("<a{}/>", " b=''".repeat(size / 5 - 2)),
        ),
        (
            BodyKind::Xml,
            format!("<a{}/>", " xmlns:a='b'".repeat(size / 12 - 2)),
        ),
        (
            BodyKind::Rpc,
            format!("<a>{}</a>", "&amp;".repeat(size / 5 - 4)),
        ),
        (BodyKind::Form, filled("a&")),
        (BodyKind::Form, filled("a=1&")),
        (BodyKind::Text, filled("%41")),
    ];
    for (kind, body) in &bodies {
        for account in everywhere() {
            if account
                .profile
                .reports
                .iter()
                .all(|route| route.body == *kind)
            {
                let heard = account.hear(Channel::Sms, &request("/x", "", body.as_bytes()));
                assert!(heard.is_err());
            }
        }
    }
    // On a machine that does ten other things; a second or two for all of them.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
