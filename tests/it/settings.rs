//! The file of settings, as the running program reads it.

use std::{fs, process::Output};

use crate::support::{demo::Home, phone::Phone};

const PHONE: &str = "+255700000079";
const WAIT: &str = "Umepiga mara nyingi mno.";

fn home_with(settings: &str) -> Home {
    let home = Home::new();
    fs::write(home.path().join("nyota.yaml"), settings).unwrap();
    home
}

fn printed(output: &Output) -> String {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(said).unwrap()
}

#[tokio::test]
async fn a_server_serves_as_its_file_says() {
    let home = home_with("database_url: sqlite:elsewhere/moshi.db\nlimits:\n  phone: 2 in 600 s\n");
    let demo = home.clone().start(&[]).await;
    let mut phone = Phone::new(&demo.address, PHONE);
    let first = phone.dial().await;
    let second = phone.call().await;
    let third = phone.call().await;
    assert!(
        !first.text.starts_with(WAIT) && !second.text.starts_with(WAIT),
        "{second:?}"
    );
    assert!(third.last && third.text.starts_with(WAIT), "{third:?}");
    assert!(home.path().join("elsewhere/moshi.db").is_file());
    assert!(home.path().join("elsewhere/moshi.keys").is_file());
    assert!(!home.data().exists());
}

#[tokio::test]
async fn what_is_printed_is_a_file_that_serves_as_without_it() {
    let printed = Home::new().run(&["config"], &[]).await;
    assert!(printed.status.success());
    let home = home_with(&String::from_utf8(printed.stdout).unwrap());
    let demo = home.clone().start(&[]).await;
    let page = Phone::new(&demo.address, PHONE).dial().await;
    assert!(!page.last, "{page:?}");
    assert!(home.data().join("nyota.db").is_file());
}

#[tokio::test]
async fn mistakes_stop_the_start_before_anything_is_made() {
    let home = home_with("lissen: 127.0.0.1:0\noutbox: {at_once: 0}\nredis_url: sessions\n");
    let refused = home.run(&[], &[("NYOTA_OUTBOX_RATE", "s3cret")]).await;
    assert_eq!(refused.status.code(), Some(2));
    let told = printed(&refused);
    for sentence in [
        "there is no setting `lissen` here\n   --> nyota.yaml:1:1",
        "did you mean `listen`?",
        "at least 1 is expected\n   --> nyota.yaml:2:19",
        "REDIS_URL must be redis://host:port or rediss://host:port, several with commas between them\n   --> nyota.yaml:3:12",
        "NYOTA_OUTBOX_RATE is no setting",
    ] {
        assert!(told.contains(sentence), "{sentence} is not in\n{told}");
    }
    assert!(!told.contains("s3cret"), "{told}");
    assert!(!home.data().exists());
    // What is the same whatever is set still helps.
    let usual = home.run(&["config"], &[]).await;
    assert_eq!(usual.status.code(), Some(0));
}

#[tokio::test]
async fn a_redis_or_a_database_of_the_file_that_is_absent_is_not_replaced() {
    for (settings, says) in [
        (
            "redis_url: redis://:s3cret@127.0.0.1:9\n",
            "that Redis cannot be used",
        ),
        (
            "database_url: postgres://nyota:s3cret@127.0.0.1:9/nyota\n",
            "postgres://nyota@127.0.0.1:9/nyota cannot be used",
        ),
    ] {
        let home = home_with(settings);
        let refused = home.run(&[], &[]).await;
        assert_eq!(refused.status.code(), Some(2));
        let told = printed(&refused);
        assert!(told.contains(says), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
        assert!(!home.data().join("nyota.db").exists());
    }
}

#[tokio::test]
async fn what_is_in_force_is_told_with_what_sets_it_and_without_secrets() {
    let text = "\
redis_url: redis://:s3cret@127.0.0.1:9
menus: menus
gateways:
  at:
    profile: africastalking
    settings: {username: s3cret, api_key: {env: AT_KEY}}
";
    let home = home_with(text);
    let environment = [("NYOTA_OUTBOX_AT_ONCE", "9"), ("AT_KEY", "s3cret")];
    let arguments = ["config", "--check", "--phone-turns", "70"];
    let output = home.run(&arguments, &environment).await;
    let told = printed(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let lines: Vec<String> = told
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "listen 127.0.0.1:0 NYOTA_LISTEN",
        "redis_url redis://:***@127.0.0.1:9 nyota.yaml:1",
        "menus menus nyota.yaml:2",
        "outbox.at_once 9 NYOTA_OUTBOX_AT_ONCE",
        "limits.phone 70 in 60 s --phone-turns",
        "retention.journal 90 default",
        "gateways.at: profile africastalking",
        "username: ***, in the file itself",
        "api_key: ***, from the variable AT_KEY",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line} is not in\n{told}"
        );
    }
    assert!(!told.contains("s3cret"), "{told}");
    let open = home
        .run(
            &["config", "--check", "--listen", "0.0.0.0:80"],
            &environment,
        )
        .await;
    assert_eq!(open.status.code(), Some(1), "{}", printed(&open));
}

#[tokio::test]
async fn a_file_that_is_named_must_be_there() {
    let home = Home::new();
    let refused = home
        .run(&["config", "--check", "--config", "moshi.yaml"], &[])
        .await;
    assert_eq!(refused.status.code(), Some(2));
    let told = printed(&refused);
    assert!(told.contains("moshi.yaml cannot be read"), "{told}");
}
