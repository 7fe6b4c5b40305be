//! Whatever comes is heard or refused, and soon.

use std::sync::Arc;

use proptest::{prelude::*, strategy::ValueTree};

use crate::{
    gateway::profile::{
        Account, BodyKind, CallerProof, Channel, Class, Event, Given, PathPart, Profile, Request,
        Route, SettingKind, SettingValue,
        sketch::{account, request, route},
    },
    model::source,
};

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
            profile.session.class = Class::Identified;
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
