//! Every request of every shipped vector is recorded: masked, it is heard as it was.

use std::sync::Arc;

use super::{
    Recorded, appended, hostile::shipped, inbound::Stage, play_file, read::vectors, record, stage,
    vector::Case,
};
use crate::{
    gateway::profile::{
        Findings, Given, Go, Masking, Profile, Request, Said,
        folder::{Role, role},
    },
    model::source::Source,
};

/// What of a request must be nowhere any more.
fn private(said: &Said) -> Vec<String> {
    let phones = ["phone", "from"]
        .into_iter()
        .filter_map(|name| said.get(name));
    let digits = phones.map(|it| it.chars().filter(char::is_ascii_digit).collect::<String>());
    let digits = digits.filter(|it| it.len() >= 9).map(|it| {
        it.chars()
            .rev()
            .take(8)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<String>()
    });
    // An invented number is its own mask where all is zeros.
    digits.filter(|it| !it.starts_with("00000")).collect()
}

fn is_state((_, value): &(String, String)) -> bool {
    value.starts_with("$STATE")
}

#[test]
fn every_shipped_request_is_recorded_without_its_phone() {
    let sources = shipped();
    let compiled = Profile::compile(&sources);
    assert!(compiled.profiles.len() >= 28);
    let (mut made, mut otherwise) = (0, Vec::new());
    for profile in compiled.profiles.into_iter().map(Arc::new) {
        let mut findings = Findings::of(&sources);
        let mut file = None;
        for (index, source) in sources.iter().enumerate() {
            if role(source, &sources) != Role::Recorded(profile.name()) {
                continue;
            }
            for vector in vectors(source, index, &mut findings) {
                let Case::Inbound(case) = &vector.case else {
                    continue;
                };
                let account = stage::account(&profile, &vector).unwrap();
                let stage = Stage {
                    profile: &profile,
                    account: &account,
                    vector: &vector,
                    case,
                };
                let heard = stage.hear(&mut Vec::new());
                let said = match &heard {
                    Ok(heard) => heard.said(),
                    Err(refusal) => &refusal.said,
                };
                let wire = &case.request;
                let headers = account.signed(&wire.headers, &stage::address(wire), &wire.body);
                let headers: Vec<(&str, &[u8])> = headers
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_bytes()))
                    .collect();
                let request = Request {
                    method: &wire.method,
                    path: &stage::below(&profile, vector.channel, &wire.path),
                    query: &stage::encoded(&wire.query),
                    headers: &headers,
                    body: wire.body.as_bytes(),
                    address: "",
                    peer: None,
                };
                let masking = Masking {
                    said,
                    codes: &[],
                    secrets_only: false,
                };
                let masked = account.masked(vector.channel, &request, &masking);
                let kept = format!("{masked:?}");
                for private in private(said) {
                    assert!(
                        !kept.contains(&private),
                        "{}: {private} in {kept}",
                        vector.name
                    );
                }
                let session = case.session.clone().map(|mut session| {
                    session.retain(|(name, _)| {
                        name != "last_raw_text" && name != "last_request" && name != "turn"
                    });
                    session
                });
                let shows = matches!(case.expected("type"), Some("begin" | "input" | "repeat"));
                let recorded = Recorded {
                    name: vector.name.clone(),
                    channel: vector.channel,
                    request: &masked,
                    event: said.event.word(),
                    refused: heard.is_err(),
                    session: session.as_deref(),
                    pages: 2,
                    go: shows.then_some(Go::Continue),
                };
                let given = Given {
                    settings: vector.config.clone(),
                    ..Given::default()
                };
                match record(&profile, &given, &recorded) {
                    Ok(vector) => {
                        made += 1;
                        file = appended(file.as_deref(), &vector);
                        assert!(file.is_some(), "{vector}");
                    }
                    // What was wrong in a request is not in it any more.
                    Err(_)
                        if matches!(
                            case.expected("type"),
                            Some("protocol_error" | "auth_failed")
                        ) => {}
                    // What we signed for the caller is not signed for the one that is invented.
                    Err(_) if case.request.query.iter().any(is_state) => {}
                    Err(why) => otherwise.push(format!("{}: {why}", recorded.name)),
                }
            }
        }
        if let Some(text) = file {
            let mut all: Vec<_> = sources
                .iter()
                .filter(|it| {
                    it.name
                        .rsplit_once('.')
                        .is_some_and(|(_, kind)| kind == "yaml")
                })
                .cloned()
                .collect();
            all.push(Source {
                name: "recorded.json".into(),
                text,
            });
            let run = play_file(&all, profile.name());
            let failed = run
                .played
                .iter()
                .filter(|it| !it.passed())
                .map(ToString::to_string);
            otherwise.extend(failed);
        }
    }
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
    assert!(made > 270, "{made}");
}
