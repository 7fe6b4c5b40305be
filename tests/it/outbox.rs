//! What the outbox gave up, as an operator sees it and decides about it; and retention by hand.

use std::{path::Path, process::Output, sync::Arc};

use chrono::{DateTime, Duration, Utc};
use nyota::{
    model::{Clock, Msisdn, SystemClock},
    store::{
        JobKind, Keys, MessageState, NewJob, NewMessage, Priority, Sealer, Store,
        sqlite::SqliteStore,
    },
};

use crate::support::{demo::Home, phone::Phone};

const FINE: Option<i32> = Some(0);
const PROBLEMS: Option<i32> = Some(1);
const USED_WRONGLY: Option<i32> = Some(2);
const PHONE: &str = "+255700000077";

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

async fn open(home: &Home) -> SqliteStore {
    let path = home.data().join("nyota.db");
    let keys = Keys::load_or_make(&path.with_extension("keys"), &mut rand::rng()).unwrap();
    SqliteStore::open(&path, Arc::new(Sealer::new(&keys)))
        .await
        .unwrap()
}

fn job(kind: JobKind, subject: &str, not_after: DateTime<Utc>) -> NewJob {
    NewJob {
        kind,
        subject: subject.to_owned(),
        route: "sms:handset".to_owned(),
        run_at: not_after - Duration::hours(1),
        not_after,
        priority: Priority::Normal,
    }
}

/// A database with a bill that was given up two hours ago, a message that was now, and a job that is
/// to run tomorrow.
async fn with_work_given_up() -> Home {
    let home = Home::new();
    std::fs::create_dir(home.data()).unwrap();
    let (store, now) = (open(&home).await, SystemClock.now());
    let mut tx = store.write().await.unwrap();
    let message = NewMessage {
        key: "k".to_owned(),
        to: Msisdn::parse(PHONE).unwrap(),
        text: "Karibu".to_owned(),
        queued_at: now - Duration::hours(2),
        not_after: now - Duration::hours(1),
    };
    let id = tx.messages().queue(&message).await.unwrap().unwrap();
    let mut messages = tx.messages();
    messages
        .advance(id, MessageState::Failed, now)
        .await
        .unwrap();
    drop(messages);
    let (past, to_come) = (now - Duration::hours(3), now + Duration::hours(24));
    let id = id.to_string();
    for job in [
        job(JobKind::SubmitBill, "bill-1", past),
        job(JobKind::SendMessage, &id, now - Duration::hours(1)),
        job(JobKind::TellScheme, "payment-1", to_come),
    ] {
        tx.jobs().add(&job).await.unwrap();
    }
    let two_hours_ago = now - Duration::hours(2);
    tx.jobs().give_up_overdue(two_hours_ago).await.unwrap();
    tx.jobs().give_up_overdue(now).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    home
}

#[tokio::test]
async fn what_was_given_up_is_listed_with_what_to_do() {
    let home = with_work_given_up().await;
    let output = home.run(&["outbox", "list"], &[]).await;
    assert_eq!(output.status.code(), PROBLEMS, "{}", complained(&output));
    let list = printed(&output);
    for part in [
        "2  send_message 1  given up just now (",
        "1  submit_bill bill-1  given up 2 h ago (",
        "by sms:handset, not tried, of use until ",
        "why: its time was over",
        "2 given up, 1 waiting or running.",
        "nyota outbox retry 2 ",
        "nyota outbox drop 2 --why",
    ] {
        assert!(list.contains(part), "{part} is not in\n{list}");
    }
    assert!(!list.contains("payment-1"), "{list}");
    assert!(!list.contains("700000077") && !list.contains("Karibu"));
    let all = printed(&home.run(&["outbox", "list", "--all"], &[]).await);
    assert!(
        all.contains("3  tell_scheme payment-1  waits until "),
        "{all}"
    );
    let bills = [
        "outbox",
        "list",
        "--kind",
        "submit_bill",
        "--format",
        "json",
    ];
    let json = home.run(&bills, &[]).await;
    let jobs: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(jobs.as_array().unwrap().len(), 1);
    assert_eq!(jobs[0]["id"], 1);
    assert_eq!(jobs[0]["state"], "given up");
}

#[tokio::test]
async fn a_message_that_was_given_up_is_sent_when_it_is_tried_again() {
    let home = with_work_given_up().await;
    let output = home.run(&["outbox", "retry", "2"], &[]).await;
    assert_eq!(output.status.code(), FINE, "{}", complained(&output));
    let said = printed(&output);
    assert!(said.starts_with("Job 2 (send_message 1) is tried again, until "));
    let demo = home.start(&[]).await;
    let records = demo.records().await;
    assert_eq!(records.sms(PHONE, "Karibu").await, "Karibu");
}

#[tokio::test]
async fn a_dropped_job_is_gone_and_the_decision_is_kept() {
    let home = with_work_given_up().await;
    let drop = [
        "outbox",
        "drop",
        "1",
        "2",
        "--why",
        "paid at the desk",
        "--by",
        "neema",
    ];
    let output = home.run(&drop, &[]).await;
    assert_eq!(output.status.code(), FINE, "{}", complained(&output));
    assert!(printed(&output).contains("Job 1 (submit_bill bill-1) is dropped."));
    let list = home.run(&["outbox", "list"], &[]).await;
    assert_eq!(list.status.code(), FINE);
    assert_eq!(printed(&list), "0 given up, 1 waiting or running.\n");
    let store = open(&home).await;
    let mut tx = store.read().await.unwrap();
    let decided = tx.decisions().newest(9).await.unwrap();
    let told: Vec<_> = decided
        .iter()
        .map(|decided| [decided.subject.as_str(), &decided.by, &decided.why])
        .collect();
    let why = "paid at the desk";
    assert_eq!(told, [["1", "neema", why], ["bill-1", "neema", why]]);
}

#[tokio::test]
async fn a_job_that_was_not_given_up_is_not_decided_about_nor_those_beside_it() {
    let home = with_work_given_up().await;
    for arguments in [
        &["outbox", "retry", "1", "3", "77"][..],
        &["outbox", "drop", "1", "3", "77", "--why", "w"],
    ] {
        let output = home.run(arguments, &[]).await;
        assert_eq!(output.status.code(), PROBLEMS);
        let complained = complained(&output);
        let why = "nyota: no jobs 3, 77 was given up; `nyota outbox list` shows those that were. \
                   Nothing was changed.";
        assert_eq!(complained.trim(), why);
    }
    let list = printed(&home.run(&["outbox", "list"], &[]).await);
    assert!(list.contains("2 given up, 1 waiting"), "{list}");
}

#[tokio::test]
async fn every_job_that_was_given_up_is_tried_again_at_once() {
    let home = with_work_given_up().await;
    let output = home.run(&["outbox", "retry", "--all"], &[]).await;
    assert_eq!(output.status.code(), FINE);
    assert_eq!(printed(&output).lines().count(), 2);
    let again = home.run(&["outbox", "retry", "--all"], &[]).await;
    assert!(printed(&again).starts_with("No job was given up"));
}

#[tokio::test]
async fn commands_of_the_outbox_that_are_used_wrongly_say_so() {
    let home = Home::new();
    for arguments in [
        &["outbox"][..],
        &["outbox", "retry"],
        &["outbox", "drop", "1"],
        &["outbox", "list", "--kind", "dance"],
        &["outbox", "list"],
        &["retention"],
        &["outbox", "list", "--rates", "sms=0"],
        &["retention", "--keep-days", "ledger=1"],
    ] {
        let output = home.run(arguments, &[]).await;
        assert_eq!(output.status.code(), USED_WRONGLY, "{arguments:?}");
        assert!(!complained(&output).is_empty(), "{arguments:?}");
    }
    assert!(!home.data().exists(), "no command makes a database");
}

async fn database(path: &Path) -> sqlx::SqlitePool {
    let url = format!("sqlite:{}", path.display());
    sqlx::SqlitePool::connect(&url).await.unwrap()
}

async fn journal_of(path: &Path) -> i64 {
    let turns = sqlx::query_scalar("SELECT count(*) FROM journal");
    turns.fetch_one(&database(path).await).await.unwrap()
}

#[tokio::test]
async fn retention_by_hand_says_what_would_go_and_deletes_it() {
    let demo = crate::support::demo::Demo::start().await;
    let mut phone = Phone::new(&demo.address, PHONE);
    phone.dial_in_english().await;
    let home = demo.end_and_tell().await.0;
    let path = home.data().join("nyota.db");
    assert!(journal_of(&path).await > 0);
    let old = sqlx::query("UPDATE journal SET at = at - 91 * 86400000000");
    old.execute(&database(&path).await).await.unwrap();
    let dry = home.run(&["retention", "--dry-run"], &[]).await;
    assert_eq!(dry.status.code(), FINE, "{}", complained(&dry));
    let said = printed(&dry);
    let turns = journal_of(&path).await;
    let line = format!("{:<18}{:>10}{turns:>12}", "journal", 90);
    assert!(said.contains(&line), "{line} is not in\n{said}");
    let keep = [("NYOTA_KEEP_DAYS", "journal=92")];
    home.run(&["retention"], &keep).await;
    assert_eq!(journal_of(&path).await, turns);
    home.run(&["retention"], &[]).await;
    assert_eq!(journal_of(&path).await, 0);
}
