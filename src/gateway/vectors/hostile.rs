//! What every shipped profile makes of requests that nobody should send: its own answer, and never more than that.

use std::{fs, path::Path, sync::Arc};

use super::{
    read::vectors,
    stage,
    vector::{Case, Inbound, Vector},
    xml::Element,
};
use crate::{
    gateway::profile::{
        Account, Channel, Findings, Go, Heard, MaskedPart, Masking, Profile, Request, Response,
        Said, Screen,
    },
    model::source::Source,
};

/// What a request is replaced by, or gets in its middle.
const SPOILS: [&[u8]; 12] = [
    b"\xff\xfe",
    b"\0",
    b"%00",
    b"%zz",
    b"&&&===",
    b"\"",
    b"{",
    b"</",
    b"<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]>",
    b"<![CDATA[",
    b"\xed\xa0\x80",
    b"99999999999999999999999999",
];

/// A screen that would break what it is put into.
const SCREEN: &str = "1 <b>&amp;\"'|{screen}]]>\\\r\n\u{0}\u{1b}END ሰላም";

pub(super) fn shipped() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|it| it == "yaml" || it == "json")
            {
                let below = path.strip_prefix(&root).unwrap().to_str().unwrap();
                sources.push(Source {
                    name: format!("gateways/{below}"),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    sources
}

/// Every request of every shipped profile's vectors, with its account.
fn each(mut with: impl FnMut(&Account, &Vector, &Inbound)) -> usize {
    let sources = shipped();
    let profiles = Profile::compile(&sources).profiles;
    let mut requests = 0;
    for profile in profiles.into_iter().map(Arc::new) {
        let own = format!("gateways/{}/", profile.name());
        for (index, source) in sources.iter().enumerate() {
            if !source.name.starts_with(&own) {
                continue;
            }
            for vector in vectors(source, index, &mut Findings::default()) {
                if let Case::Inbound(case) = &vector.case {
                    let account = stage::account(&profile, &vector).unwrap();
                    with(&account, &vector, case);
                    requests += 1;
                }
            }
        }
    }
    requests
}

/// A request that was spoilt.
struct Spoilt<'v> {
    vector: &'v Vector,
    case: &'v Inbound,
    path: String,
    query: String,
    body: Vec<u8>,
}

impl Spoilt<'_> {
    /// It is heard and answered, and the answer is whole.
    fn is_answered(&self, account: &Account) {
        let headers: Vec<(&str, &[u8])> = self
            .case
            .request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let request = Request {
            method: &self.case.request.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: &self.body,
            address: "https://host/",
            peer: None,
        };
        let heard = account.hear(self.vector.channel, &request);
        let response = match &heard {
            Ok(Heard::Call(_, said)) => shown(account, said),
            Ok(Heard::Receipts(_, said) | Heard::Messages(_, said) | Heard::Ignored(said)) => {
                account.acknowledge(said, false, &[])
            }
            Err(refusal) => account.refuse(refusal),
        };
        assert!(
            is_whole(&response),
            "{}: {}",
            self.vector.name,
            response.body
        );
        let said = match &heard {
            Ok(heard) => heard.said(),
            Err(refusal) => &refusal.said,
        };
        let masking = Masking {
            said,
            codes: &[],
            secrets_only: false,
        };
        let masked = account.masked(self.vector.channel, &request, &masking);
        if let MaskedPart::Read(body) = masked.body {
            assert!(body.is_ascii(), "{}: {body}", self.vector.name);
        }
    }
}

fn shown(account: &Account, said: &Said) -> Response {
    let screen = Screen {
        text: SCREEN,
        go: Go::End,
        turn: 3,
        dialogue: 7,
        known: true,
        kept: &[],
    };
    account.reply(said, &screen)
}

/// Its status is one, its headers can be sent, and its body is what its media type says.
fn is_whole(response: &Response) -> bool {
    let headers = response.headers.iter();
    let mut media_types = headers
        .clone()
        .filter(|(name, _)| name == "content-type")
        .map(|(_, value)| value.split(';').next().unwrap_or_default());
    let body = response.body.as_str();
    let fits = match media_types.next() {
        Some("application/json") => serde_json::from_str::<serde_json::Value>(body).is_ok(),
        Some("text/xml" | "application/xml") => Element::read(body).is_some(),
        _ => true,
    };
    let mut values = headers.map(|(_, value)| value);
    let sendable = |value: &String| value.chars().all(|it| !it.is_control());
    (200..600).contains(&response.status) && fits && values.all(sendable)
}

/// The text with the spoil in its middle.
fn within(text: &[u8], spoil: &[u8]) -> Vec<u8> {
    let (before, after) = text.split_at(text.len() / 2);
    [before, spoil, after].concat()
}

#[test]
fn whatever_is_sent_to_a_shipped_profile_it_answers_whole() {
    let requests = each(|account, vector, case| {
        let wire = &case.request;
        let whole = || Spoilt {
            vector,
            case,
            path: String::new(),
            query: stage::encoded(&wire.query),
            body: wire.body.clone().into_bytes(),
        };
        let path = |spoilt: Spoilt<'_>| {
            let path = account_path(account, vector.channel, &wire.path);
            Spoilt { path, ..spoilt }.is_answered(account);
        };
        for spoil in SPOILS {
            let text = String::from_utf8_lossy(spoil).into_owned();
            let query = within(whole().query.as_bytes(), text.as_bytes());
            let query = String::from_utf8(query).unwrap_or(text);
            path(Spoilt { query, ..whole() });
            path(Spoilt {
                body: spoil.to_vec(),
                ..whole()
            });
            path(Spoilt {
                body: within(&whole().body, spoil),
                ..whole()
            });
        }
        for part in 0..8 {
            let mut body = whole().body;
            body.truncate(body.len() * part / 8);
            path(Spoilt { body, ..whole() });
        }
        path(whole());
    });
    assert!(requests > 200, "{requests} requests");
}

#[test]
fn what_is_huge_or_deep_is_answered_by_every_shipped_profile() {
    let many: Vec<_> = (0..10_000)
        .map(|number| format!("f{number}={number}"))
        .collect();
    let many = many.join("&");
    let bodies = [
        many.clone(),
        "x".repeat(300 * 1024),
        "[".repeat(10_000),
        "{\"a\":".repeat(2_000),
        "<a>".repeat(3_000),
        format!("<a {}/>", "b=\"c\" ".repeat(1_500)),
    ];
    let mut seen = Vec::new();
    each(|account, vector, case| {
        let of = (
            vector.name.split('/').next().map(str::to_owned),
            case.request.path.clone(),
        );
        if seen.contains(&of) {
            return;
        }
        seen.push(of);
        let path = account_path(account, vector.channel, &case.request.path);
        for body in &bodies {
            for query in [String::new(), many.clone()] {
                let (path, body) = (path.clone(), body.clone().into_bytes());
                let spoilt = Spoilt {
                    vector,
                    case,
                    path,
                    query,
                    body,
                };
                spoilt.is_answered(account);
            }
        }
    });
    assert!(seen.len() > 30, "{} addresses", seen.len());
}

fn account_path(account: &Account, channel: Channel, path: &str) -> String {
    stage::below(account.profile(), channel, path)
}
