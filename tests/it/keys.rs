//! The key that seals the database is changed while members are served, and nothing is lost by it.

use std::{fs, process::Output};

use crate::support::{
    demo::{Demo, Home},
    phone::{Phone, control_number},
};

const FINE: Option<i32> = Some(0);
const PROBLEMS: Option<i32> = Some(1);
const USED_WRONGLY: Option<i32> = Some(2);

const PHONE: &str = "+255713345678";

fn printed(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(err)
}

/// Runs a command on the keys, which must end so; gives what it printed, in which no key stands.
async fn keys(home: &Home, arguments: &[&str], ends: Option<i32>) -> String {
    let command = [&["keys"], arguments].concat();
    let output = home.run(&command, &[]).await;
    let printed = printed(&output);
    assert_eq!(output.status.code(), ends, "{arguments:?}: {printed}");
    let file = fs::read_to_string(home.data().join("nyota.keys")).unwrap_or_default();
    for key in file.split_whitespace().filter(|word| word.len() == 64) {
        assert!(!printed.contains(key), "{arguments:?} prints a key");
    }
    printed
}

/// A renewal that is paid, and its SMS.
async fn renew(demo: &Demo, member: &str) {
    let records = demo.records().await;
    let mut caller = Phone::new(&demo.address, PHONE);
    caller.dial().await;
    caller.press_all(&["1", "2", member, "1"]).await;
    let number = control_number(&records.sms(PHONE, "namba ya malipo").await);
    caller.pay(&number).await;
    records.sms(PHONE, "uanachama HAI").await;
    records.settled().await;
}

#[tokio::test]
async fn a_key_is_changed_in_steps_and_everything_stays_readable() {
    let demo = Demo::start().await;
    renew(&demo, "400000042").await;
    let before = demo.records().await.inbox(PHONE).await;
    let home = demo.kill().await;
    assert!(keys(&home, &["add"], FINE).await.contains("Key 2"));
    keys(&home, &["use", "2"], FINE).await;
    // It is still needed: what the first key sealed is everywhere.
    let kept = keys(&home, &["drop", "1"], PROBLEMS).await;
    assert!(
        kept.contains("Key 1 is kept") && kept.contains("callers"),
        "{kept}"
    );
    let demo = home.start(&[]).await;
    let mut caller = Phone::new(&demo.address, PHONE);
    caller.skip_dials(5);
    let page = caller.dial().await;
    assert!(
        page.text.contains("Karibu"),
        "her language is known: {}",
        page.text
    );
    // While it serves.
    let done = demo.run(&["keys", "reseal"]).await;
    assert_eq!(done.status.code(), FINE, "{}", printed(&done));
    let home = demo.kill().await;
    let listed = keys(&home, &["list"], FINE).await;
    assert!(listed.contains("key 2   seals and opens"), "{listed}");
    let (_, values) = listed.split_once("Values").unwrap();
    assert!(!values.contains("key 1 "), "{listed}");
    keys(&home, &["drop", "1"], FINE).await;
    let demo = home.start(&[]).await;
    assert_eq!(demo.records().await.inbox(PHONE).await, before);
    let page = Phone::new(&demo.address, PHONE).dial_in("another").await;
    assert!(page.text.contains("Karibu"), "{}", page.text);
}

#[tokio::test]
async fn a_key_that_is_not_there_is_neither_used_nor_dropped() {
    let home = Demo::start().await.kill().await;
    let file = fs::read(home.data().join("nyota.keys")).unwrap();
    for (arguments, why) in [
        (["use", "7"], "there is no key 7"),
        (["drop", "7"], "there is no key 7"),
        (["drop", "1"], "key 1 is kept"),
    ] {
        let ends = if arguments == ["drop", "1"] {
            PROBLEMS
        } else {
            USED_WRONGLY
        };
        let said = keys(&home, &arguments, ends).await;
        assert!(said.to_lowercase().contains(why), "{said}");
    }
    assert_eq!(fs::read(home.data().join("nyota.keys")).unwrap(), file);
}

#[tokio::test]
async fn keys_may_stand_in_the_environment_and_not_in_a_file_too() {
    let home = Demo::start().await.kill().await;
    let path = home.data().join("nyota.keys");
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let given = [("NYOTA_KEYS", text.as_str())];
    let listed = home.run(&["keys", "list"], &given).await;
    assert_eq!(listed.status.code(), FINE, "{}", printed(&listed));
    assert!(printed(&listed).contains("Keys in the environment"));
    let added = home.run(&["keys", "add"], &given).await;
    assert_eq!(added.status.code(), USED_WRONGLY);
    assert!(printed(&added).contains("no command can change"));
    let both = [given[0], ("NYOTA_KEYS_FILE", "other.keys")];
    let refused = home.run(&["serve"], &both).await;
    assert_eq!(refused.status.code(), USED_WRONGLY);
    assert!(printed(&refused).contains("are both set"));
    assert!(!path.exists() && !home.path().join("other.keys").exists());
}

#[tokio::test]
async fn a_question_about_keys_makes_neither_keys_nor_a_database() {
    let home = Home::new();
    for arguments in [&["list"][..], &["reseal"], &["drop", "1"], &["add"]] {
        let said = keys(&home, arguments, USED_WRONGLY).await;
        assert!(said.starts_with("nyota: "), "{said}");
    }
    assert!(!home.data().exists());
}
