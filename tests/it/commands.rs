//! The commands, as a shell runs them: what they print and how they end.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Output,
};

use crate::support::{demo::Home, phone::Phone};

const FINE: Option<i32> = Some(0);
const PROBLEMS: Option<i32> = Some(1);
const USED_WRONGLY: Option<i32> = Some(2);

fn in_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn broken() -> String {
    let folder = in_package("tests/menus/broken/m026_unknown_screen");
    folder.to_str().unwrap().to_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs `serve` with settings that it cannot serve: it says why in a sentence, ends as used wrongly
/// and leaves no data.
async fn assert_refuses(arguments: &[&str], environment: &[(&str, &str)], why: &str) {
    let home = Home::new();
    let output = home.run(arguments, environment).await;
    let complained = complained(&output);
    assert_eq!(output.status.code(), USED_WRONGLY, "{complained}");
    assert!(complained.starts_with("nyota: "), "{complained}");
    assert!(complained.contains(why), "{complained}");
    assert!(!home.data().exists());
}

#[tokio::test]
async fn check_finds_nothing_in_our_menus_and_profiles() {
    let output = Home::new().run(&["check"], &[]).await;
    assert_eq!(output.status.code(), FINE, "{}", printed(&output));
    assert!(printed(&output).contains("0 errors, 0 warnings"));
}

#[tokio::test]
async fn check_shows_each_mistake_with_its_place_and_says_that_there_are_some() {
    let output = Home::new().run(&["check", &broken()], &[]).await;
    assert_eq!(output.status.code(), PROBLEMS);
    let printed = printed(&output);
    assert!(printed.starts_with("M026 "), "{printed}");
    assert!(printed.contains("chf/chf.yaml:24:40"), "{printed}");
    assert!(
        printed.contains("1 file checked: 1 error, 0 warnings."),
        "{printed}"
    );
}

#[tokio::test]
async fn check_names_the_way_to_read_more_once() {
    let output = Home::new().run(&["check", &broken()], &[]).await;
    let printed = printed(&output);
    let hint = "More on one of these: nyota check --explain M026\n";
    assert_eq!(printed.matches(hint).count(), 1, "{printed}");
    let fine = Home::new().run(&["check"], &[]).await;
    assert!(!self::printed(&fine).contains("--explain"));
}

#[tokio::test]
async fn a_problem_is_explained_by_its_code() {
    let home = Home::new();
    let output = home.run(&["check", "--explain", "m014"], &[]).await;
    assert_eq!(output.status.code(), FINE);
    assert!(printed(&output).starts_with("M014\n\nError. A screen is longer"));
    let output = home.run(&["check", "--explain", "M41"], &[]).await;
    assert_eq!(output.status.code(), USED_WRONGLY);
    let printed = printed(&output);
    assert!(printed.contains("Did you mean M041?"), "{printed}");
    assert!(
        printed.contains("\n  M001 The file is no YAML"),
        "{printed}"
    );
}

#[tokio::test]
async fn check_reports_mistakes_in_transcripts_and_vectors() {
    let home = Home::new();
    let folder = home.path().join("mine");
    fs::create_dir_all(folder.join("africastalking")).unwrap();
    fs::create_dir_all(folder.join("transcripts")).unwrap();
    let profile = in_package("gateways/africastalking.yaml");
    fs::copy(profile, folder.join("africastalking.yaml")).unwrap();
    fs::write(
        folder.join("africastalking/wrong.json"),
        r#"[{"name": "a", "chanel": "ussd"}]"#,
    )
    .unwrap();
    fs::write(folder.join("transcripts/wrong.yaml"), "transcript: T\n").unwrap();
    let output = home.run(&["check", "mine"], &[]).await;
    assert_eq!(output.status.code(), PROBLEMS);
    let printed = printed(&output);
    for part in ["africastalking/wrong.json:1:", "T004 ", "3 files checked: "] {
        assert!(printed.contains(part), "{part} is not in\n{printed}");
    }
}

#[tokio::test]
async fn check_reports_to_editors_in_json() {
    let arguments = ["check", "--format", "json", &broken()];
    let output = Home::new().run(&arguments, &[]).await;
    assert_eq!(output.status.code(), PROBLEMS);
    let reports: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(reports.as_array().unwrap().len(), 1);
    assert_eq!(reports[0]["code"], "M026");
}

#[tokio::test]
async fn a_command_that_is_used_wrongly_ends_with_two() {
    let home = Home::new();
    for arguments in [
        &["dance"][..],
        &["check", "--format", "xml"],
        &["check", "nowhere"],
        &["test", "nowhere"],
        &["dial"],
        &["dial", "hello"],
    ] {
        let output = home.run(arguments, &[]).await;
        assert_eq!(output.status.code(), USED_WRONGLY, "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_transcript_that_fails_shows_both_sides() {
    let home = Home::new();
    let transcript = home.path().join("wrong.yaml");
    let text = "transcript: A page that is another\nlanguage: en\nsteps:\n  \
        - dial: \"*152*00#\"\n  - see: |\n      Welcome to nowhere\n";
    fs::write(&transcript, text).unwrap();
    let output = home.run(&["test", transcript.to_str().unwrap()], &[]).await;
    assert_eq!(output.status.code(), PROBLEMS);
    let printed = printed(&output);
    for part in [
        "FAILED",
        "Welcome to nowhere",
        "Welcome to CHF",
        "0 passed, 1 failed",
    ] {
        assert!(printed.contains(part), "{part} is not in\n{printed}");
    }
}

#[tokio::test]
async fn dial_runs_through_its_keys_and_prints_each_page() {
    let arguments = ["dial", "*152*00#", "--keys", "2 1 070707081"];
    let output = Home::new().run(&arguments, &[]).await;
    assert_eq!(output.status.code(), FINE, "{}", complained(&output));
    let printed = printed(&output);
    let pages = [
        "dial *152*00#",
        "DEMO CHF: chagua lugha",
        "> 2",
        "Welcome to CHF",
        "> 1",
    ];
    let mut rest = printed.as_str();
    for part in pages
        .into_iter()
        .chain(["9 digits", "> 070707081", "Asha J."])
    {
        let (_, after) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part}:\n{printed}"));
        rest = after;
    }
}

#[tokio::test]
async fn dial_reaches_the_demo_that_runs() {
    let demo = Home::new().start(&[]).await;
    let mut phone = Phone::new(&demo.address, "+255700000009");
    phone.dial_in_english().await;
    let listen = demo.address.trim_start_matches("http://");
    let arguments = ["dial", "*152*00#", "--keys", "1"];
    let output = Home::new()
        .run(&arguments, &[("NYOTA_LISTEN", listen)])
        .await;
    assert_eq!(output.status.code(), FINE, "{}", complained(&output));
    // The language that this phone has chosen there.
    assert!(printed(&output).contains("DEMO Welcome to CHF"));
}

#[tokio::test]
async fn a_live_service_is_refused() {
    assert_refuses(&["serve", "--live"], &[], "--live cannot be served").await;
}

#[tokio::test]
async fn a_database_of_another_kind_is_refused() {
    let url = "mysql://user:secret@localhost/nyota";
    assert_refuses(
        &["serve"],
        &[("DATABASE_URL", url)],
        "must be sqlite:PATH or postgres://",
    )
    .await;
    let output = Home::new().run(&["serve"], &[("DATABASE_URL", url)]).await;
    assert!(!complained(&output).contains("secret"));
}

#[tokio::test]
async fn a_postgres_that_does_not_answer_is_refused_without_its_password() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let url = format!("postgres://nyota:s3cret@{address}/moshi");
    let shown = format!("postgres://nyota@{address}/moshi cannot be used");
    for command in ["serve", "migrate"] {
        let postgres = [("DATABASE_URL", url.as_str())];
        assert_refuses(&[command], &postgres, &shown).await;
        let output = Home::new().run(&[command], &postgres).await;
        assert!(!complained(&output).contains("s3cret"));
        assert!(complained(&output).contains("see that the server runs"));
    }
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_refused() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("redis://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let redis = [("REDIS_URL", address.as_str())];
    assert_refuses(&["serve"], &redis, "that Redis cannot be used").await;
}

#[tokio::test]
async fn what_is_no_redis_is_refused() {
    let redis = [("REDIS_URL", "localhost:6379")];
    assert_refuses(&["serve"], &redis, "REDIS_URL must be").await;
}

#[tokio::test]
async fn an_address_that_others_reach_is_refused() {
    let open = [("NYOTA_LISTEN", "0.0.0.0:0")];
    assert_refuses(&["serve"], &open, "loopback only").await;
}

#[tokio::test]
async fn an_address_that_another_program_has_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let listen = [("NYOTA_LISTEN", address.as_str())];
    assert_refuses(&["serve"], &listen, "cannot be listened on").await;
}
