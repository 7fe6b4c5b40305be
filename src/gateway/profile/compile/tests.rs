use std::{fs, path::Path};

use proptest::prelude::*;

use super::super::{Event, Profile};
use crate::model::source::Source;

/// The profiles and presets of the project.
fn folder() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
    let mut sources = Vec::new();
    for folder in [root.clone(), root.join("presets")] {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|it| it == "yaml") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                let text = fs::read_to_string(&path).unwrap();
                let name = format!("gateways/{name}");
                sources.push(Source { name, text });
            }
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    sources
}

fn alone(text: &str) -> Vec<Source> {
    vec![Source {
        name: "example.yaml".to_owned(),
        text: text.to_owned(),
    }]
}

/// What a profile of this text is told, one line each: its code and its message.
fn told(text: &str) -> Vec<String> {
    let reports = Profile::compile(&alone(text)).reports;
    let told = reports
        .iter()
        .map(|report| format!("{} {}", report.code, report.message));
    told.collect()
}

fn compiled(text: &str) -> Profile {
    let mut compiled = Profile::compile(&alone(text));
    assert_eq!(compiled.reports, [], "{:?}", told(text));
    compiled.profiles.pop().unwrap()
}

#[test]
fn every_profile_of_the_project_is_without_a_mistake() {
    let sources = folder();
    let compiled = Profile::compile(&sources);
    let reports = compiled.reports.iter().map(|report| report.print(&sources));
    assert_eq!(reports.collect::<String>(), "");
    assert!(compiled.profiles.len() > 20);
}

/// The broken files by name, `g001_not_yaml`, each with its text.
fn broken() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gateways/broken");
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = paths.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(&path).unwrap())
    });
    files.collect()
}

#[test]
fn a_broken_file_makes_its_own_problem_and_no_other() {
    let files = broken();
    assert!(files.len() > 40);
    for (name, text) in files {
        let told = told(&text);
        let code = name.get(..4).unwrap().to_uppercase();
        assert!(!told.is_empty(), "{name}");
        assert!(
            told.iter().all(|it| it.starts_with(&code)),
            "{name}: {told:?}"
        );
    }
}

const SIMPLE: &str = "
extends: con_end
proof: {}
session: {class: bare, keep: [phone]}
receive:
  /:
    method: [GET, POST]
    at: xml.a
    read: {session: item.@id}
    begin: {read: {phone: item.phone}}
    input: {read: {text: item.text}}
    event: [begin: session is new, input]
";

#[test]
fn a_begin_of_a_new_session_and_the_input_behind_it_are_one_rule() {
    let profile = compiled(SIMPLE);
    let route = profile.receive.first().unwrap();
    let events: Vec<_> = route.rules.iter().map(|rule| rule.outcome).collect();
    assert_eq!(events, [Event::BeginOrInput]);
    assert_eq!(route.rules.first().unwrap().line, 12);
}

#[test]
fn values_below_an_item_are_told_from_the_root_on() {
    let profile = compiled(SIMPLE);
    let reads = &profile.receive.first().unwrap().reads;
    assert_eq!(reads.first().unwrap().written, "xml.a.@id");
}

/// What a profile with these lines is told, by its codes.
fn codes(rules: &str, screen: &str, send: &str) -> Vec<String> {
    let text = format!(
        "proof: {{}}\nsession: {{class: bare}}\nmaps: {{k: {{A: begin, B: go}}}}\nreceive:\n  /:\n    \
         read: {{session: form.id, phone: form.phone, text: form.text}}\n    event: [{rules}input]\n\
         reply: {{screen: {{text: x, type: {screen}}}}}\nsettings: {{key: secret}}\nsend:\n  \
         post: {send}\n  form: {{to: '{{to}}'}}\n  result: [accepted: status is 200, by_status]\n"
    );
    let told = told(&text);
    // Not every rule uses the map and the setting that some do.
    let mistakes = told.iter().filter(|it| !it.starts_with("G045"));
    mistakes.map(|it| it.chars().take(4).collect()).collect()
}

const SEND: &str = "'https://a.example/send?key={setting.key}'";

#[test]
fn a_secret_in_an_address_is_one_in_the_file() {
    assert_eq!(codes("", "text/plain", SEND), [""; 0]);
    for address in [
        "https://a.example/send?user=u&password=abc",
        "'https://a.example/send?api-key=abc&to={to}'",
        "https://user:abc@a.example/send",
        "['{setting.key}/x?token=abc']",
    ] {
        assert_eq!(codes("", "text/plain", address), ["G026"], "{address}");
    }
    for address in [
        "https://a.example/a:b@c",
        "'https://{setting.key}@a.example/'",
    ] {
        assert_eq!(codes("", "text/plain", address), [""; 0], "{address}");
    }
}

#[test]
fn what_proves_the_caller_is_a_secret_whatever_it_is_called() {
    let caller = format!("{SIMPLE}caller: {{fields: {{query.k: abc}}}}\n");
    assert_eq!(told(&caller), ["G026 `query.k` stands in the file itself"]);
    let caller = caller.replace("abc", "'{setting.k}'") + "settings: {k: secret}\n";
    assert_eq!(told(&caller), [""; 0]);
}

#[test]
fn what_no_map_and_no_filter_gives_is_never_met() {
    for rule in [
        "abort: form.x | k starts st",
        "abort: form.x | lower starts Ab",
        "abort: form.x | bool is on",
        "abort: form.x | number is one",
        "abort: form.x | last_segment is a/b",
    ] {
        let rules = format!("{rule}, ");
        assert_eq!(codes(&rules, "text/plain", SEND), ["G012"], "{rule}");
    }
    for rule in [
        "abort: form.x | k starts be",
        "abort: form.x | bool is true",
        "abort: form.x | number is 1.5 or 2",
    ] {
        let rules = format!("{rule}, ");
        assert_eq!(codes(&rules, "text/plain", SEND), [""; 0], "{rule}");
    }
}

#[test]
fn a_character_set_that_is_not_written_is_no_media_type() {
    for fits in [
        "text/xml; charset=utf-8",
        "text/plain; Charset=\"UTF-8\"",
        "text/plain; q=1",
    ] {
        assert_eq!(codes("", &format!("'{fits}'"), SEND), [""; 0], "{fits}");
    }
    let latin1 = "text/plain; charset=iso-8859-1";
    assert_eq!(codes("", latin1, SEND), ["G023"]);
}

#[test]
fn what_a_begin_keeps_an_input_need_not_tell() {
    let told = told(&SIMPLE.replace("keep: [phone]", "keep: []"));
    assert_eq!(told, ["G014 `input` needs `phone`, which is not read here"]);
}

#[test]
fn one_run_tells_the_mistakes_of_all_files() {
    let mut sources = folder();
    for source in &mut sources {
        source.text.push_str("\nsesion: x\n");
    }
    let profiles = sources
        .iter()
        .filter(|it| !it.name.contains("presets"))
        .count();
    let compiled = Profile::compile(&sources);
    let mut told: Vec<_> = compiled
        .reports
        .iter()
        .map(|report| report.span.source)
        .collect();
    told.dedup();
    assert!(told.len() >= profiles, "{} of {profiles}", told.len());
    assert!(compiled.profiles.is_empty());
}

#[test]
fn the_schema_knows_the_keys_that_are_read() {
    let schema = schemars::schema_for!(super::super::schema::ProfileFile).to_value();
    let known = schema
        .get("properties")
        .and_then(serde_json::Value::as_object);
    let mut known: Vec<_> = known.unwrap().keys().map(String::as_str).collect();
    let mut read = super::profile::KEYS.to_vec();
    known.sort_unstable();
    read.sort_unstable();
    assert_eq!(known, read);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Each case takes some of a profile's text away and puts other text there.
    #[test]
    fn any_damage_is_read_or_told(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..40,
        put in "[a-z{}\\[\\]:|.,\"'\n *@-]{0,12}",
    ) {
        let sources = folder();
        let text = &sources[which.index(sources.len())].text;
        let characters: Vec<_> = text.chars().collect();
        let at = at.index(characters.len());
        let end = (at + length).min(characters.len());
        let mut damaged: String = characters[..at].iter().collect();
        damaged.push_str(&put);
        damaged.extend(&characters[end..]);
        let sources = alone(&damaged);
        for report in Profile::compile(&sources).reports {
            prop_assert!(damaged.get(report.span.start..report.span.end).is_some());
            _ = report.print(&sources);
        }
    }
}

/// Where the reports of these files stand, as `FILE:LINE CODE`.
fn places(sources: &[Source]) -> Vec<String> {
    let reports = Profile::compile(sources).reports;
    let place = |report: &crate::model::source::Report| {
        let source = &sources[report.span.source];
        let (line, _) = source.position(report.span.start);
        format!("{}:{line} {}", source.name, report.code)
    };
    reports.iter().map(place).collect()
}

fn named(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn what_a_preset_brings_is_reported_where_it_stands_in_the_preset() {
    let profile = "extends: asks\nproof: {}\nsession: {class: bare}\n";
    let preset = "receive:\n  /:\n    read: {session: form.id, phone: form.phone, text: form.text}\n    \
                  event:\n      - begin: form.text is empty\n      - input: {when: form.a is b, reply: gone}\n      \
                  - input\nreply: {screen: {text: \"{screen}\"}}\n";
    let sources = [named("a.yaml", profile), named("presets/asks.yaml", preset)];
    assert_eq!(places(&sources), ["presets/asks.yaml:6 G032"]);
}

#[test]
fn a_word_that_a_map_should_not_give_is_reported_in_the_map() {
    let profile = "proof: {}\nreports:\n  /:\n    read: {message_id: form.id, state: form.status | state}\n    \
                   event: [receipt]\nmaps:\n  state:\n    A: sent\n    B: arrived\n    default: gone\n";
    let sources = [named("a.yaml", profile)];
    assert_eq!(places(&sources), ["a.yaml:9 G006", "a.yaml:10 G006"]);
}

#[test]
fn a_preset_that_nobody_extends_is_told_and_keeps_no_profile_from_working() {
    let sources = [
        named("a.yaml", SIMPLE),
        named("presets/spare.yaml", "maps: {a: {b: c}}\n"),
    ];
    assert_eq!(places(&sources), ["presets/spare.yaml:1 G045"]);
    assert_eq!(Profile::compile(&sources).profiles.len(), 1);
}

#[test]
fn what_is_unsure_says_where_it_is_settled() {
    let unsure = |entry: &str| {
        let text = format!("{SIMPLE}settings: {{city: {{default: Dodoma}}}}\n");
        let proof = format!("proof: {{unsure: {{{entry}}}}}");
        told(&text.replace("proof: {}", &proof))
    };
    assert_eq!(unsure("city: setting.city, page: contract.page"), [""; 0]);
    assert_eq!(unsure("city: setting.city, all: nobody knows"), [""; 0]);
    assert!(unsure("a: setting.town, b: setting.city")[0].starts_with("G025"));
    assert!(unsure("a: contract.town, b: setting.city")[0].starts_with("G006"));
    assert!(unsure("a: yes, b: setting.city")[0].starts_with("G004"));
}
