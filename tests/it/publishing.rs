//! Menus that are published while nodes serve: new dialogues begin with them, old ones go on, and a
//! service that is switched off ends its turns with a text.

use std::{fs, path::Path, process::Output, time::Duration};

use crate::support::{
    demo::{Demo, Home},
    phone::Phone,
    postgres_server::PostgresServer,
    redis::Redis,
    until,
};

const PHONE: &str = "+255700000078";
const OTHER_PHONE: &str = "+255700000079";
const THIRD_PHONE: &str = "+255700000080";
const OLD: &str = "Check membership";
const NEW: &str = "Look up membership";

/// A folder whose menus are its own, to be changed.
fn home_with_menus() -> Home {
    let home = Home::new();
    let menus = home.path().join("menus");
    fs::remove_file(&menus).unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("menus/chf"),
        &menus.join("chf"),
    );
    home
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Replaces a text in a file of the set.
fn edit(home: &Path, file: &str, from: &str, to: &str) {
    let path = home.join("menus/chf").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(&path, text.replace(from, to)).unwrap();
}

/// Another folder with files of its own, on the database of `home`.
struct Beside {
    home: Home,
    database: String,
}

impl Beside {
    fn of(home: &Path) -> Self {
        let database = format!("sqlite:{}", home.join("data/nyota.db").display());
        Self {
            home: home_with_menus(),
            database,
        }
    }

    fn environment(&self) -> [(&str, &str); 1] {
        [("DATABASE_URL", &self.database)]
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        self.home.run(arguments, &self.environment()).await
    }

    /// Runs it; it must end as fine.
    async fn fine(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        let printed = printed(&output);
        assert_eq!(output.status.code(), Some(0), "{printed}{output:?}");
        printed
    }
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What is printed, its times and editions masked.
fn masked(printed: &str) -> String {
    let words = |line: &str| {
        let words = line.split(' ').map(|word| {
            let hash = word.trim_end_matches(['.', ':']);
            let is_hash = hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_day = word.starts_with("20") && word.matches('-').count() == 2;
            let is_time = word.len() >= 5 && word.as_bytes().get(2) == Some(&b':');
            if is_hash {
                word.replace(hash, "EDITION")
            } else if is_day {
                "DAY".to_owned()
            } else if is_time {
                "TIME".to_owned()
            } else {
                word.to_owned()
            }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    printed.lines().map(words).collect::<Vec<_>>().join("\n")
}

/// Dials until the first page says `part`.
async fn begins_with(phone: &mut Phone, part: &str) {
    until(part, async || {
        // One phone may begin no more than sixty dialogues in ten minutes.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let page = phone.dial().await;
        page.text.contains(part).then_some(())
    })
    .await;
}

#[tokio::test]
async fn two_nodes_follow_what_is_published_and_an_open_dialogue_goes_on() {
    let home = home_with_menus();
    let desk = Beside::of(home.path());
    let one = home.start(&[]).await;
    let other = home_with_menus();
    let environment = [("DATABASE_URL", desk.database.as_str())];
    let other = other.start(&environment).await;
    let mut open = Phone::new(&one.address, PHONE);
    assert!(open.dial_in_english().await.text.contains(OLD));

    // The folder beside is as it was but for one text.
    let publish = ["menu", "publish", "--why", "plainer words", "--by", "asha"];
    edit(desk.home.path(), "chf.en.yaml", OLD, NEW);
    let told = desk.fine(&publish).await;
    assert!(told.contains("chf: 1 text changed in en"), "{told}");

    // Each a phone of its own: whose language is known would press a key of the home page, and be offered
    // to go on with what she began there.
    for (node, number) in [(&one, OTHER_PHONE), (&other, THIRD_PHONE)] {
        let mut phone = Phone::new(&node.address, number);
        phone.dial_in_english().await;
        begins_with(&mut phone, NEW).await;
    }
    // Her dialogue goes on where she is, with the words it began with.
    let help = open.press("4").await;
    assert!(!help.last, "{help:?}");
    assert!(open.press("0").await.text.contains(OLD));
    // A redial begins anew.
    assert!(open.dial().await.text.contains(NEW));
    assert!(one.end(Duration::from_secs(20)).await.success());
    assert!(other.end(Duration::from_secs(20)).await.success());
}

#[tokio::test]
async fn what_was_published_outlives_a_restart_with_other_files_and_is_rolled_back() {
    let home = home_with_menus();
    let desk = Beside::of(home.path());
    let demo = home.start(&[]).await;
    edit(desk.home.path(), "chf.en.yaml", OLD, NEW);
    desk.fine(&["menu", "publish", "--why", "plainer words", "--by", "asha"])
        .await;
    let (home, _) = demo.end_and_tell().await;
    let demo = home.start(&[]).await;
    let mut phone = Phone::new(&demo.address, PHONE);
    assert!(phone.dial_in_english().await.text.contains(NEW));
    let back = ["menu", "rollback", "--why", "the old words", "--by", "asha"];
    desk.fine(&back).await;
    begins_with(&mut phone, OLD).await;
    let list = desk.fine(&["menu", "list"]).await;
    insta::assert_snapshot!(masked(&list));
    let (_, said) = demo.end_and_tell().await;
    let differ = "The files differ from what is served; `nyota menu publish` makes them current.";
    assert!(said.contains(differ), "{said}");
}

#[tokio::test]
async fn diff_names_what_differs_and_who_is_there() {
    let home = home_with_menus();
    let desk = Beside::of(home.path());
    let demo = home.start(&[]).await;
    let same = desk.run(&["menu", "diff"]).await;
    // The profiles are the same files; the folder beside has one set less.
    assert_eq!(same.status.code(), Some(0), "{}", printed(&same));
    let mut phone = Phone::new(&demo.address, PHONE);
    phone.dial_in_english().await;
    edit(desk.home.path(), "chf.en.yaml", OLD, NEW);
    edit(
        desk.home.path(),
        "renewal.yaml",
        "within: 10m",
        "within: 20m",
    );
    until("the caller in the journal", async || {
        let told = printed(&desk.run(&["menu", "diff"]).await);
        told.contains("caller is").then_some(())
    })
    .await;
    let differs = desk.run(&["menu", "diff"]).await;
    assert_eq!(differs.status.code(), Some(1));
    insta::assert_snapshot!(masked(&printed(&differs)));
}

#[tokio::test]
async fn files_with_mistakes_are_not_published() {
    let home = home_with_menus();
    let desk = Beside::of(home.path());
    let demo = home.start(&[]).await;
    edit(desk.home.path(), "chf.yaml", "open: cover", "open: nowhere");
    let refused = desk.run(&["menu", "publish"]).await;
    assert_eq!(refused.status.code(), Some(1));
    let printed = printed(&refused);
    assert!(printed.starts_with("M027 "), "{printed}");
    assert!(
        printed.ends_with("Nothing was published: the files have mistakes.\n"),
        "{printed}"
    );
    drop(demo);
}

#[tokio::test]
async fn a_service_that_is_switched_off_says_so_at_once_and_comes_back() {
    let home = home_with_menus();
    let desk = Beside::of(home.path());
    let demo = home.start(&[]).await;
    let mut open = Phone::new(&demo.address, PHONE);
    open.dial_in_english().await;
    let mut quiet = Phone::new(&demo.address, OTHER_PHONE);
    let before = quiet.dial_in_english().await;
    let off = [
        "menu",
        "off",
        "chf",
        "--text",
        "sw=Imefungwa.",
        "--text",
        "en=Closed until noon.",
        "--why",
        "registry away",
        "--by",
        "asha",
    ];
    let told = desk.fine(&off).await;
    insta::assert_snapshot!(masked(&told));
    is_off(&demo).await;
    // An input is not stepped, in the caller's language.
    let page = open.press("1").await;
    assert_eq!(
        (page.text.as_str(), page.last),
        ("Closed until noon.", true)
    );
    // The repeat of a turn before it gets its own bytes.
    assert_eq!(quiet.call().await, before);
    // A begin of who is known, and of who is not.
    let begun = open.dial().await;
    assert_eq!(
        (begun.text.as_str(), begun.last),
        ("DEMO Closed until noon.", true)
    );
    let list = desk.fine(&["menu", "list"]).await;
    assert!(list.contains("chf is OFF since "), "{list}");
    desk.fine(&["menu", "on", "chf", "--by", "asha"]).await;
    let mut stranger = Phone::new(&demo.address, "+255700000080");
    until("the service", async || {
        (!stranger.dial().await.last).then_some(())
    })
    .await;
    // What was answered while it was off is answered the same.
    assert_eq!(open.call().await, begun);
    assert!(open.dial().await.text.contains(OLD));
    let again = desk.run(&["menu", "on", "chf"]).await;
    assert_eq!(again.status.code(), Some(1));
}

/// Waits until a stranger is told that the service is off.
async fn is_off(demo: &Demo) {
    let mut stranger = Phone::new(&demo.address, "+255700000081");
    until("a service that is off", async || {
        let page = stranger.dial().await;
        (page.last && page.text == "DEMO Imefungwa.").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_switch_that_cannot_be_served_is_refused() {
    let home = home_with_menus();
    let desk = Beside::of(home.path());
    let _demo = home.start(&[]).await;
    for (arguments, code) in [
        (
            &["menu", "off", "chf", "--text", "en=Closed.", "--why", "x"][..],
            1,
        ),
        (&["menu", "off", "chf", "--text", "sw=", "--why", "x"], 1),
        (
            &["menu", "off", "nobody", "--text", "sw=A", "--why", "x"],
            2,
        ),
        (&["menu", "off", "chf", "--text", "closed", "--why", "x"], 2),
        (
            &[
                "menu", "off", "chf", "--text", "sw=A", "--why", "x", "--until", "soon",
            ],
            2,
        ),
        (&["menu", "rollback", "--why", "x"], 2),
        (&["menu", "rollback", "9999", "--why", "x"], 2),
        (&["menu", "on", "chf"], 1),
    ] {
        let output = desk.run(arguments).await;
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {output:?}");
    }
}

#[tokio::test]
async fn nodes_on_one_postgres_do_not_take_turns_and_a_dialogue_outlives_a_restart() {
    let database = PostgresServer::shared().database().await;
    let redis = Redis::start().await;
    let (one, other) = (home_with_menus(), home_with_menus());
    edit(other.path(), "chf.en.yaml", OLD, NEW);
    let keys = one.data().join("nyota.keys").display().to_string();
    let sessions = redis.url();
    let environment = [
        ("DATABASE_URL", database.as_str()),
        ("REDIS_URL", &sessions),
        ("NYOTA_KEYS_FILE", &keys),
    ];
    let first = one.clone().start(&environment).await;
    let mut open = Phone::new(&first.address, PHONE);
    assert!(open.dial_in_english().await.text.contains(OLD));
    let mut phone = Phone::new(&first.address, OTHER_PHONE);
    phone.dial_in_english().await;
    // The other's files were never published, so it offers them and the first follows.
    let second = other.clone().start(&environment).await;
    begins_with(&mut phone, NEW).await;
    // The first's were: it serves what is current.
    first.kill().await;
    let first = one.clone().start(&environment).await;
    phone.move_to(&first.address);
    assert!(phone.dial().await.text.contains(NEW));
    // What was begun goes on, on either.
    open.move_to(&first.address);
    assert!(!open.press("4").await.last);
    open.move_to(&second.address);
    assert!(open.press("0").await.text.contains(OLD));
}
