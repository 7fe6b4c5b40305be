use std::{fs, path::Path, sync::Arc};

use super::{Dialled, NoPhone};
use crate::{
    gateway::profile::{
        Account, Channel, Given, Go, Heard, Profile, Replied, Screen, SettingValue,
    },
    model::{
        Msisdn, ServiceCode,
        source::{Severity, Source},
    },
};

/// Gateways through which no phone can speak, and why.
const NO_PHONE: [(&str, &str); 1] = [("integrat_higate", "its screens go out by a call of ours")];

fn shipped() -> Vec<Profile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
    let mut sources = Vec::new();
    for folder in ["", "presets/"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let file = entry.unwrap().path();
            if file
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                let name = file.file_name().unwrap().to_string_lossy();
                sources.push(Source {
                    name: format!("gateways/{folder}{name}"),
                    text: fs::read_to_string(&file).unwrap(),
                });
            }
        }
    }
    profiles(&sources)
}

fn profiles(sources: &[Source]) -> Vec<Profile> {
    let compiled = Profile::compile(sources);
    let mistakes = compiled.reports.iter();
    let mistakes = mistakes.filter(|report| report.severity == Severity::Error);
    let reports: Vec<_> = mistakes.map(|report| report.print(sources)).collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
    compiled.profiles
}

fn account(profile: Profile) -> Account {
    let lacking = profile.settings.iter().filter(|it| it.default.is_none());
    let settings = lacking.map(|setting| {
        // What tells the code that is dialled.
        let value = match (setting.name.as_str(), setting.stand_in()) {
            ("service_code", _) => SettingValue::Text("*152*00#".into()),
            ("ussd_string_prefix", _) => SettingValue::Text("*152*00".into()),
            (_, SettingValue::Map(_)) => SettingValue::Map(vec![("chf".into(), "*152*00#".into())]),
            (_, other) => other,
        };
        (setting.name.clone(), value)
    });
    let given = Given {
        name: profile.name.clone(),
        settings: settings.collect(),
        public: "https://ussd.example.org".into(),
        ..Given::default()
    };
    Account::new(Arc::new(profile), given).unwrap()
}

const TEXT: &str = "Karibu\n1 CON \"x\" & <y>";

/// Dials and types on a profile; what a phone shows of its answer.
fn shows(account: &Account, inputs: &[&str], go: Go) -> Result<(String, Go), NoPhone> {
    let inputs: Vec<_> = inputs.iter().map(|it| (*it).to_owned()).collect();
    let forwarded = account.forward(&Dialled {
        state: None,
        session: "7001",
        phone: &Msisdn::parse("+255700000001").unwrap(),
        code: &ServiceCode::parse("*152*00#").unwrap(),
        inputs: &inputs,
        request: "41",
    })?;
    let address = account.address(&forwarded);
    let heard = account.hear(
        Channel::Ussd,
        &forwarded.as_request(&forwarded.headers(), &address),
    );
    let Ok(Heard::Call(_, said)) = heard else {
        panic!("{heard:?}")
    };
    let screen = Screen {
        text: TEXT,
        go,
        turn: 5,
        dialogue: 99,
        known: true,
        kept: &[("invoke_id".into(), "4".into())],
    };
    let response = account.reply(&said, &screen);
    let headers: Vec<(&str, &[u8])> = response
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    account.shown(
        &forwarded,
        &Replied {
            status: response.status,
            headers: &headers,
            body: response.body.as_bytes(),
        },
    )
}

#[test]
fn a_phone_dials_and_types_through_every_shipped_gateway() {
    let mut dialled = 0;
    let mut otherwise = Vec::new();
    for profile in shipped().into_iter().filter(|it| !it.receive.is_empty()) {
        let account = account(profile);
        let name = account.profile.name.as_str();
        for (inputs, go) in [
            (&[][..], Go::Continue),
            (&["1"], Go::Continue),
            (&["1", "a b&c+2"], Go::End),
        ] {
            let shown = shows(&account, inputs, go);
            match NO_PHONE.iter().find(|(known, _)| *known == name) {
                Some((_, why)) => assert!(shown.is_err(), "{name}: {why}"),
                None if shown == Ok((TEXT.to_owned(), go)) => dialled += 1,
                None => otherwise.push(format!("{name} {inputs:?}: {shown:?}")),
            }
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
    assert!(dialled > 30);
}

fn one(profile: &str) -> Account {
    let con_end = "reply:\n  screen: {text: \"{go | con_end} {screen}\", type: text/plain}\n  error: {text: \"END {error}\"}\n\
        maps: {con_end: {continue: CON, end: END}}\n";
    let sources = [
        ("gateways/presets/con_end.yaml", con_end),
        ("gateways/one.yaml", profile),
    ];
    let sources = sources.map(|(name, text)| Source {
        name: name.into(),
        text: text.into(),
    });
    account(profiles(&sources).pop().unwrap())
}

fn body(account: &Account, inputs: &[String]) -> String {
    let forwarded = account.forward(&Dialled {
        state: None,
        session: "s1",
        phone: &Msisdn::parse("+255700000001").unwrap(),
        code: &ServiceCode::parse("*152*00#").unwrap(),
        inputs,
        request: "r1",
    });
    forwarded.unwrap().body
}

#[test]
fn a_phone_that_is_told_once_dials_and_types_without_telling_it_again() {
    let account = one("extends: con_end\nproof: {documented: [all]}\n\
        session: {class: bare, keep: [phone, code]}\nreceive:\n  /:\n    \
        read: {session: form.id}\n    may: {phone: form.phone, code: form.code}\n    \
        input: {read: {text: form.text}}\n    event: [begin: form.new is 1, input]\n");
    assert!(body(&account, &[]).contains("phone=%2B255700000001"));
    assert_eq!(body(&account, &["1".to_owned()]), "id=s1&text=1");
}

#[test]
fn a_rule_that_stands_before_the_one_that_is_meant_does_not_pass() {
    let account = one(
        "extends: con_end\nproof: {documented: [all]}\nsession: {class: bare}\nreceive:\n  /:\n    \
        read: {session: form.id, phone: form.phone}\n    input: {read: {text: form.text}}\n    \
        event: [abort: form.gone is not 0, begin: form.kind is new, input]\n",
    );
    assert!(
        body(&account, &[]).contains("gone=0"),
        "{}",
        body(&account, &[])
    );
}

#[test]
fn an_answer_that_is_no_screen_is_not_shown() {
    for profile in shipped().into_iter().filter(|it| !it.receive.is_empty()) {
        let account = account(profile);
        let forwarded = account.forward(&Dialled {
            state: None,
            session: "7001",
            phone: &Msisdn::parse("+255700000001").unwrap(),
            code: &ServiceCode::parse("*152*00#").unwrap(),
            inputs: &[],
            request: "41",
        });
        let Ok(forwarded) = forwarded else { continue };
        let replied = Replied {
            status: 500,
            headers: &[],
            body: b"Karibu",
        };
        let shown = account.shown(&forwarded, &replied);
        assert!(matches!(shown, Err(NoPhone::Unshown(_))), "{shown:?}");
    }
}

#[test]
fn the_aggregators_proof_is_made() {
    let proof = |caller: &str| {
        format!(
            "extends: con_end\nproof: {{documented: [all]}}\nsettings: {{user: text, key: secret}}\n\
             signatures: {{hash: {{hmac: sha256, key: \"{{setting.key}}\", as: hex}}}}\n\
             caller: {caller}\nsession: {{class: bare}}\nreceive:\n  /:\n    \
             read: {{session: form.id, phone: form.phone}}\n    input: {{read: {{text: form.text}}}}\n    \
             event: [begin: form.kind is new, input]\n"
        )
    };
    for caller in [
        "{fields: {query.user: \"{setting.user}\", header.x-hash: \"{body | hash}\"}}",
        "{basic: [\"{setting.user}\", \"{setting.key}\"]}",
        "{twilio: \"{setting.key}\"}",
    ] {
        let account = one(&proof(caller));
        assert_eq!(
            account.setting("user"),
            Some(&SettingValue::Text("stand-in".into()))
        );
        let shown = shows(&account, &["1"], Go::Continue);
        assert_eq!(shown, Ok((TEXT.to_owned(), Go::Continue)), "{caller}");
    }
}
