//! How long the profiles that we ship take to read a request and to write an answer.
//!
//! `cargo bench --bench profiles`, with `-- form` those of forms only. What it should be: a few microseconds for a form
//! and for JSON, tens for XML.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot begin stops")]

use std::{fs, hint::black_box, path::Path, sync::Arc};

use criterion::Criterion;
use nyota::{
    gateway::profile::{
        Account, Channel, Given, Go, Heard, Profile, Request, Said, Screen, SettingValue,
    },
    model::source::Source,
};

/// An input in a dialogue.
struct Turn {
    profile: &'static str,
    media_type: &'static str,
    body: &'static str,
}

const TURNS: [(&str, Turn); 4] = [
    (
        "form",
        Turn {
            profile: "africastalking",
            media_type: "application/x-www-form-urlencoded",
            body: "sessionId=ATUid_1&serviceCode=%2A384%2A1234%23&phoneNumber=%2B254711000111&networkCode=63902&text=1%2A2%2A070707081",
        },
    ),
    (
        "json",
        Turn {
            profile: "hubtel",
            media_type: "application/json",
            body: r#"{"SessionId":"3c796dac28174f739de4262d08409c51","ServiceCode":"713","Type":"Response","Message":"070707081","Operator":"vodafone","Platform":"USSD","Mobile":"233200585542","ClientState":null,"Sequence":3}"#,
        },
    ),
    (
        "xml",
        Turn {
            profile: "restcomm",
            media_type: "text/xml",
            body: r#"<?xml version="1.0" encoding="UTF-8" ?><dialog type="Continue" appCntx="networkUnstructuredSsContext_version2" networkId="0" localId="12" remoteId="12" mapMessagesSize="1" returnMessageOnError="false"><unstructuredSSRequest_Response invokeId="1" dataCodingScheme="15" string="070707081"/></dialog>"#,
        },
    ),
    (
        "xml-rpc",
        Turn {
            profile: "trueafrican",
            media_type: "text/xml",
            body: "<?xml version=\"1.0\"?><methodCall><methodName>USSD.CONT</methodName><params><param><value><struct><member><name>session</name><value><string>11223344</string></value></member><member><name>response</name><value><string>070707081</string></value></member></struct></value></param></params></methodCall>",
        },
    ),
];

const PAGE: &str = "Karibu CHF Iliyoboreshwa\n1. Angalia uanachama\n2. Lipa michango\n3. Vituo vya afya\n4. Malalamiko\n0. Rudi";

/// The profiles of the repository.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
    let mut sources = Vec::new();
    for folder in [root.clone(), root.join("presets")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "yaml") {
                let below = path.strip_prefix(&root).unwrap();
                sources.push(Source {
                    name: format!("gateways/{}", below.display()),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    sources
}

fn account(profiles: &[Profile], name: &str, settings: &[(&str, &str)]) -> Account {
    let profile = profiles.iter().find(|profile| profile.name() == name);
    let text =
        |(name, text): &(&str, &str)| ((*name).to_owned(), SettingValue::Text((*text).to_owned()));
    let given = Given {
        name: name.to_owned(),
        settings: settings.iter().map(text).collect(),
        public: "https://ussd.example.org".to_owned(),
        ..Given::default()
    };
    Account::new(Arc::new(profile.unwrap().clone()), given).unwrap()
}

fn request<'a>(headers: &'a [(&'a str, &'a [u8])], path: &'a str, body: &'a str) -> Request<'a> {
    Request {
        method: "POST",
        path,
        query: "",
        headers,
        body: body.as_bytes(),
        address: "https://ussd.example.org/ussd/x",
        peer: None,
    }
}

fn said(heard: &Heard) -> &Said {
    let (Heard::Call(_, said)
    | Heard::Receipts(_, said)
    | Heard::Messages(_, said)
    | Heard::Ignored(said)) = heard;
    said
}

fn turns(criterion: &mut Criterion) {
    let profiles = Profile::compile(&sources()).profiles;
    for (kind, turn) in &TURNS {
        let account = account(&profiles, turn.profile, &[]);
        let headers = [
            ("host", b"ussd.example.org".as_slice()),
            ("content-type", turn.media_type.as_bytes()),
            ("accept", b"*/*"),
        ];
        let request = request(&headers, "/", turn.body);
        let heard = account.hear(Channel::Ussd, &request).unwrap();
        assert!(matches!(heard, Heard::Call(..)), "{heard:?}");
        criterion.bench_function(&format!("read/{kind}"), |bencher| {
            bencher.iter(|| account.hear(Channel::Ussd, black_box(&request)));
        });
        let screen = Screen {
            text: PAGE,
            go: Go::Continue,
            turn: 3,
            dialogue: 7,
            known: true,
            kept: &[],
        };
        criterion.bench_function(&format!("write/{kind}"), |bencher| {
            bencher.iter(|| account.reply(said(&heard), black_box(&screen)));
        });
    }
}

/// What comes at most in one request.
fn receipts(criterion: &mut Criterion) {
    let profiles = Profile::compile(&sources()).profiles;
    let account = account(&profiles, "infobip", &[("api_key", "k")]);
    let receipt = |number: u32| {
        format!(
            r#"{{"messageId":"{number}","to":"255700000001","status":{{"groupId":3,"groupName":"DELIVERED"}}}}"#
        )
    };
    let all: Vec<String> = (0..1_000).map(receipt).collect();
    let body = format!(r#"{{"results":[{}]}}"#, all.join(","));
    let headers = [("content-type", b"application/json".as_slice())];
    let request = request(&headers, "/receipt", &body);
    let heard = account.hear(Channel::Sms, &request).unwrap();
    assert!(
        matches!(&heard, Heard::Receipts(all, _) if all.len() == 1_000),
        "{heard:?}"
    );
    criterion.bench_function("read/a thousand receipts", |bencher| {
        bencher.iter(|| account.hear(Channel::Sms, black_box(&request)));
    });
}

fn load(criterion: &mut Criterion) {
    let sources = sources();
    criterion.bench_function("compile all profiles", |bencher| {
        bencher.iter(|| Profile::compile(black_box(&sources)));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    turns(&mut criterion);
    receipts(&mut criterion);
    load(&mut criterion);
    criterion.final_summary();
}
