use std::{ffi::OsString, fs, path::Path};

use clap::{Args as _, Command, FromArgMatches as _};

use super::{
    ConfigError, ConfigFile, Given, InForce, SecretSource, Settings, commented, typed::mistake,
};
use crate::{
    model::{Rate, source::Source},
    store,
};

fn command() -> Command {
    let mut command = Settings::augment_args(Command::new("nyota"));
    // What is set where the tests run is no part of them.
    for id in ["database_url", "redis_url"] {
        command = command.mut_arg(id, |flag| flag.env("NYOTA_NO_SUCH_VARIABLE"));
    }
    command
}

fn parsed(text: &str, variables: &[(&str, &str)]) -> Result<ConfigFile, ConfigError> {
    let source = Source {
        name: "nyota.yaml".to_owned(),
        text: text.to_owned(),
    };
    let variables = variables.iter();
    let variables: Vec<_> = variables
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
        .collect();
    ConfigFile::parse(Some(&source), &command(), &variables)
}

fn mistakes(text: &str, variables: &[(&str, &str)]) -> String {
    let Err(ConfigError::Mistakes(printed)) = parsed(text, variables) else {
        panic!("it has mistakes");
    };
    printed
}

fn settings(text: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Settings {
    let file = parsed(text, variables).unwrap();
    let line = std::iter::once("nyota").chain(arguments.iter().copied());
    let matches = file.defaults(command()).get_matches_from(line);
    let mut settings = Settings::from_arg_matches(&matches).unwrap();
    file.complete(&mut settings, (&command(), &matches));
    settings
}

fn in_force(settings: &Settings, key: &str) -> (String, String) {
    let all = settings.in_force().unwrap();
    let found: Vec<&InForce> = all.iter().filter(|setting| setting.key == key).collect();
    let [found] = found.as_slice() else {
        panic!("{key}: {found:?}");
    };
    (found.value.clone(), found.origin.to_string())
}

const TEXT: &str = "\
listen: 127.0.0.1:9000
redis_url: [redis://a:1, \"redis://:s3cret@b:2\"]
profiles: aggregators
outbox:
  at_once: 3
  rates: {sms: 5/9}
limits:
  phone: 7 in 60 s
copies: {capacity: 1}
retention: {journal: 30}
";

#[test]
fn a_flag_wins_over_the_environment_that_over_the_file_and_the_file_over_the_default() {
    let settings = settings(
        TEXT,
        &[
            "--menus",
            "elsewhere",
            "--phone-turns",
            "9",
            "--rates",
            "gepg=3",
            "--line-copies=2",
        ],
        &[
            ("NYOTA_OUTBOX_REST_MILLIS", "70"),
            ("NYOTA_OUTBOX_AT_ONCE", "4"),
            ("NYOTA_LIMITS_PHONE", "8 in 60 s"),
            ("NYOTA_COPIES_CAPACITY", "3"),
            ("NYOTA_DOOR_KNOWN", "203.0.113.7, 198.51.100.0/24"),
        ],
    );
    assert_eq!(settings.listen.to_string(), "127.0.0.1:9000");
    assert_eq!(settings.redis_url, ["redis://a:1", "redis://:s3cret@b:2"]);
    assert_eq!(settings.menus, Path::new("elsewhere"));
    assert_eq!(settings.gateways, Path::new("aggregators"));
    let sections = settings.sections().unwrap();
    let outbox = &sections.outbox;
    assert_eq!((outbox.at_once, outbox.rest_millis), (4, 70));
    let rate = |per_second, burst| Some(store::Rate { per_second, burst });
    assert_eq!(outbox.rate("sms"), rate(5, 9));
    assert_eq!(outbox.rate("gepg"), rate(3, 3));
    assert_eq!(sections.limits.phone, Some(Rate::of(9, 60)));
    assert_eq!(sections.copies.capacity, 2);
    assert_eq!(sections.retention.journal, 30);
    assert_eq!(sections.door.known.len(), 2);
    let usual = crate::outbox::Options::default();
    assert_eq!(outbox.lease_seconds, usual.lease_seconds);
}

#[test]
fn what_is_in_force_is_told_with_its_origin_and_without_passwords() {
    let settings = settings(
        TEXT,
        &["--menus", "elsewhere", "--keep-days", "texts=3"],
        &[("NYOTA_OUTBOX_REST_MILLIS", "70")],
    );
    for (key, value, origin) in [
        ("listen", "127.0.0.1:9000", "nyota.yaml:1"),
        ("redis_url", "redis://a:1, redis://:***@b:2", "nyota.yaml:2"),
        ("profiles", "aggregators", "nyota.yaml:3"),
        ("menus", "elsewhere", "--menus"),
        ("database_url", "sqlite:data/nyota.db", "default"),
        ("outbox.at_once", "3", "nyota.yaml:5"),
        ("outbox.rates", "{sms: 5/9}", "nyota.yaml:6"),
        ("outbox.rest_millis", "70", "NYOTA_OUTBOX_REST_MILLIS"),
        ("outbox.urgent_at_once", "4", "default"),
        ("retention.texts", "3", "--keep-days"),
        ("retention.journal", "30", "nyota.yaml:10"),
    ] {
        let (found, from) = in_force(&settings, key);
        assert_eq!((found.as_str(), from.as_str()), (value, origin), "{key}");
    }
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let text = "\
lisen: 127.0.0.1:9000
outbox: {at_once: many, lease_seconds: 5000000000}
effects:
  numbers_a_day: -1
  numbers_a_day: 2
listen: here
retention: {messages: 3}
limits: {phone: often}
door: {known: [nowhere], places: [1]}
database_url: mysql://nyota:s3cret@db/nyota
redis_url: b:2
sms:
  a_day: 0
";
    let printed = mistakes(
        text,
        &[("NYOTA_OUTBOX_ATONCE", "1"), ("NYOTA_SMS_A_DAY", "x")],
    );
    for sentence in [
        "N001 there is no setting `lisen` here\n   --> nyota.yaml:1:1",
        "did you mean `listen`?",
        "N003 a whole number is expected\n   --> nyota.yaml:2:19",
        "N003 at most 4294967295 is expected",
        "N003 at least 0 is expected",
        "N002 `numbers_a_day` stands here twice\n   --> nyota.yaml:5:3",
        "N003 invalid socket address syntax\n   --> nyota.yaml:6:9\n  6 |  listen: here\n    |          ^^^^\n",
        "N003 at least 366 is expected\n   --> nyota.yaml:7:23",
        "such as `120 in 60 s`\n   --> nyota.yaml:8:17",
        "\"nowhere\" is no address and no network",
        "N003 a whole number is expected\n   --> nyota.yaml:9:34",
        "N003 DATABASE_URL must be",
        "N003 REDIS_URL must be",
        "N003 at least 1 is expected\n   --> nyota.yaml:13:10",
        "NYOTA_OUTBOX_ATONCE is no setting; did you mean NYOTA_OUTBOX_AT_ONCE?",
        "NYOTA_SMS_A_DAY: a whole number is expected",
    ] {
        assert!(
            printed.contains(sentence),
            "{sentence} is not in\n{printed}"
        );
    }
    assert!(!printed.contains("s3cret"), "{printed}");
}

#[test]
fn a_file_that_is_no_yaml_is_reported_with_its_place() {
    let printed = mistakes("listen: [1\n", &[]);
    assert!(printed.contains("N004"), "{printed}");
    assert!(printed.contains("--> nyota.yaml:"), "{printed}");
}

#[test]
fn a_variable_that_is_no_setting_of_ours_is_left_alone() {
    let variables = [
        ("NYOTA_SECRET_OUTBOX", "x"),
        ("NYOTA_KEYS", "x"),
        ("OUTBOX", "y"),
    ];
    assert!(parsed("", &variables).is_ok());
}

#[test]
fn the_value_of_a_variable_is_in_no_report() {
    let printed = mistakes("", &[("NYOTA_OUTBOX_AT_ONCE", "s3cret")]);
    assert!(!printed.contains("s3cret"), "{printed}");
}

#[test]
fn a_gateways_settings_stand_in_the_file_in_the_environment_or_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    fs::write(&key, "k3y\n").unwrap();
    let text = format!(
        "gateways:\n  at:\n    profile: africastalking\n    settings:\n      username: sandbox\n      api_key: {{file: {}}}\n      token: {{env: AT_TOKEN}}\n  generic:\n",
        key.display()
    );
    let settings = settings(&text, &[], &[("AT_TOKEN", "t0ken")]);
    let gateways = &settings.gateway_settings;
    assert_eq!(gateways["at"].profile, "africastalking");
    assert_eq!(gateways["generic"].profile, "generic");
    let of = |name: &str| {
        let setting = &gateways["at"].settings[name];
        let Given::Text(value) = &setting.value else {
            panic!("{name} is a text");
        };
        (value.expose(), setting.source.clone())
    };
    assert_eq!(of("username"), ("sandbox", SecretSource::Plain));
    assert_eq!(of("api_key"), ("k3y", SecretSource::File(key)));
    let token = SecretSource::Environment("AT_TOKEN".to_owned());
    assert_eq!(of("token"), ("t0ken", token));
    let printed = format!("{settings:?}");
    assert!(
        !printed.contains("k3y") && !printed.contains("t0ken"),
        "{printed}"
    );
    assert!(!printed.contains("sandbox"), "{printed}");
}

#[test]
fn mistakes_in_gateways_are_reported_with_their_places_and_no_secret() {
    let text = "\
gateways:
  at:
    profil: africastalking
    settings: {key: {env: AT_KEY}, other: {file: /nowhere/key}, plain: s3cret}
  two:
    settings: {key: {env: A, file: b}, pass: s3cret}
    code: '152'
    addresses: [nowhere]
    secret: s3cret
  \"Three!\": {}
  four: s3cret
";
    let printed = mistakes(text, &[]);
    for sentence in [
        "N001 there is no setting `profil` here\n   --> nyota.yaml:3:5",
        "N005 the variable AT_KEY is not set\n   --> nyota.yaml:4:21",
        "N005 /nowhere/key cannot be read",
        "N003 a text is expected, or {env: NAME} or {file: PATH} for one that stands there\n   --> nyota.yaml:6:21",
        "N003 a service code such as *152*00# is expected, in quotes\n   --> nyota.yaml:7:11",
        "N003 an address or a network is expected, such as 198.51.100.0/24\n   --> nyota.yaml:8:17",
        "N003 a secret in an address has 16 or more letters, digits, - and _\n   --> nyota.yaml:9:13",
        "N003 a gateway's name has small letters",
        "N003 a map is expected\n   --> nyota.yaml:11:9",
    ] {
        assert!(
            printed.contains(sentence),
            "{sentence} is not in\n{printed}"
        );
    }
    assert!(!printed.contains("s3cret"), "{printed}");
}

#[test]
fn what_another_part_finds_is_reported_in_the_file_without_secrets() {
    let file = parsed("gateways: {at: {settings: {key: s3cret}}}\n", &[]).unwrap();
    let span = file.gateways["at"].span;
    let missing = mistake("N006", "`username` is missing".to_owned(), span);
    let printed = file.mistakes(vec![missing]).to_string();
    assert!(printed.contains("--> nyota.yaml:1:12"), "{printed}");
    assert!(!printed.contains("s3cret"), "{printed}");
}

/// What is printed with every key in use.
fn in_use(printed: &str) -> String {
    let lines = printed.lines().map(|line| {
        let key = line.trim_start();
        let indent = line.len() - key.len();
        let used = key
            .strip_prefix('#')
            .filter(|key| key.starts_with(char::is_alphabetic));
        used.map_or(line.to_owned(), |key| {
            format!("{}{key}", " ".repeat(indent))
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_printed_reads_as_the_defaults_commented_out_or_not() {
    let printed = commented(&command());
    let whole = |text: &str| {
        let settings = settings(text, &[], &[]);
        let values = settings.in_force().unwrap().into_iter();
        values
            .map(|setting| (setting.key, setting.value))
            .collect::<Vec<_>>()
    };
    let usual = whole("");
    assert!(usual.len() > 50, "{usual:?}");
    assert_eq!(whole(&printed), usual);
    assert_eq!(whole(&in_use(&printed)), usual);
    for (key, _) in &usual {
        let name = key.rsplit('.').next().unwrap_or(key);
        assert!(printed.contains(&format!("#{name}:")), "{key}");
    }
}

#[test]
fn every_key_that_is_printed_says_what_it_means_and_which_variable_it_has() {
    let printed = commented(&command());
    let keys = printed.split("\n\n").skip(1);
    let mut documented = 0;
    for part in keys {
        let lines: Vec<&str> = part.lines().map(str::trim_start).collect();
        let (key, about) = lines.split_last().unwrap();
        assert!(about.iter().all(|line| line.starts_with('#')), "{part}");
        assert!(about.first().is_some_and(|line| line.len() > 10), "{part}");
        let is_a_map = key.ends_with(" {}") || key.starts_with("#routes:");
        if key.starts_with('#') && !is_a_map {
            let variable = about.last().unwrap();
            assert!(
                variable.contains("NYOTA_") || variable.contains("REDIS_"),
                "{part}"
            );
            documented += 1;
        }
    }
    assert!(documented > 40, "{printed}");
}
