//! A backup of a demo, put back elsewhere, is the same demo: rehearsed with the real program.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Output};

use crate::support::{
    demo::{Demo, Home},
    phone::{Phone, control_number},
    postgres_server::PostgresServer,
};

const FINE: Option<i32> = Some(0);
const USED_WRONGLY: Option<i32> = Some(2);

const PHONE: &str = "+255713345678";
const MEMBER: &str = "100000014";

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(err)
}

/// What the member reads of her cover.
async fn cover(demo: &Demo, dials: u32) -> String {
    let mut caller = Phone::new(&demo.address, PHONE);
    caller.skip_dials(dials);
    caller.dial().await;
    caller.press_all(&["1", MEMBER]).await.text
}

/// A lapsed member is renewed and paid for.
async fn renew(demo: &Demo) {
    let records = demo.records().await;
    let mut caller = Phone::new(&demo.address, PHONE);
    caller.dial().await;
    caller.press_all(&["1", "2", MEMBER, "1"]).await;
    let number = control_number(&records.sms(PHONE, "namba ya malipo").await);
    caller.pay(&number).await;
    records.sms(PHONE, "uanachama HAI").await;
    records.settled().await;
}

/// A new home with the keys of another.
fn with_keys_of(data: &Path) -> Home {
    let home = Home::new();
    fs::create_dir(home.data()).unwrap();
    fs::copy(data.join("nyota.keys"), home.data().join("nyota.keys")).unwrap();
    home
}

#[tokio::test]
async fn a_demo_that_is_restored_elsewhere_has_the_same_cover_books_and_sms() {
    let demo = Demo::start().await;
    renew(&demo).await;
    let before = cover(&demo, 10).await;
    assert!(before.contains("HAI"), "{before}");
    // While it serves.
    let made = demo.run(&["backup", "all.nyota"]).await;
    assert_eq!(made.status.code(), FINE, "{}", said(&made));
    assert!(
        said(&made).contains("The keys are not in it"),
        "{}",
        said(&made)
    );
    let records = demo.records().await;
    let (books, sms) = (records.books().await, records.inbox(PHONE).await);
    assert_eq!(books.iter().sum::<i64>(), 0);
    assert!(books[0] > 0 && sms.len() >= 3);
    drop(records);
    let old = demo.kill().await;
    let backup = old.path().join("all.nyota");
    assert_eq!(
        fs::metadata(&backup).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let home = with_keys_of(&old.data());
    let restored = home.run(&["restore", backup.to_str().unwrap()], &[]).await;
    assert_eq!(restored.status.code(), FINE, "{}", said(&restored));
    let demo = home.start(&[]).await;
    assert_eq!(cover(&demo, 20).await, before);
    let records = demo.records().await;
    assert_eq!(records.books().await, books);
    assert_eq!(records.inbox(PHONE).await, sms);
    records.settled().await;
}

/// Takes a backup of the old home's database into a new home, and starts it there.
async fn move_to(home: Home, old: &Home) -> Demo {
    let made = old.run(&["backup", "all.nyota"], &[]).await;
    assert_eq!(made.status.code(), FINE, "{}", said(&made));
    let backup = old.path().join("all.nyota");
    let restored = home.run(&["restore", backup.to_str().unwrap()], &[]).await;
    assert_eq!(restored.status.code(), FINE, "{}", said(&restored));
    home.start(&[]).await
}

#[tokio::test]
async fn a_demo_moves_to_postgres_and_back_with_its_cover_books_and_sms() {
    let demo = Demo::start().await;
    renew(&demo).await;
    let before = cover(&demo, 10).await;
    let records = demo.records().await;
    let (books, sms) = (records.books().await, records.inbox(PHONE).await);
    drop(records);
    let old = demo.kill().await;
    let url = PostgresServer::shared().database().await;
    let demo = move_to(with_keys_of(&old.data()).on(&url), &old).await;
    assert_eq!(cover(&demo, 20).await, before);
    let records = demo.records().await;
    assert_eq!(records.books().await, books);
    assert_eq!(records.inbox(PHONE).await, sms);
    drop(records);
    let old = demo.kill().await;
    assert!(!old.data().join("nyota.db").exists());
    let demo = move_to(with_keys_of(&old.data()), &old).await;
    assert_eq!(cover(&demo, 30).await, before);
    let records = demo.records().await;
    assert_eq!(records.books().await, books);
    assert_eq!(records.inbox(PHONE).await, sms);
}

#[tokio::test]
async fn a_backup_is_neither_written_over_a_file_nor_restored_over_a_database() {
    let home = Demo::start().await.kill().await;
    let over = home.run(&["backup", "data/nyota.db"], &[]).await;
    assert_eq!(over.status.code(), USED_WRONGLY);
    assert!(said(&over).contains("there is a file"), "{}", said(&over));
    let made = home.run(&["backup", "all.nyota"], &[]).await;
    assert_eq!(made.status.code(), FINE, "{}", said(&made));
    let over = home.run(&["restore", "all.nyota"], &[]).await;
    assert_eq!(over.status.code(), USED_WRONGLY);
    assert!(said(&over).contains("is not empty"), "{}", said(&over));
}

#[tokio::test]
async fn without_its_keys_a_backup_is_refused_and_nothing_is_made() {
    let old = Demo::start().await.kill().await;
    let made = old.run(&["backup", "all.nyota"], &[]).await;
    assert_eq!(made.status.code(), FINE, "{}", said(&made));
    let backup = old.path().join("all.nyota");
    let backup = backup.to_str().unwrap();
    let home = Home::new();
    let refused = home.run(&["restore", backup], &[]).await;
    assert_eq!(refused.status.code(), USED_WRONGLY);
    assert!(said(&refused).contains("key file"), "{}", said(&refused));
    assert!(!home.data().exists());
    let other = with_keys_of(&Demo::start().await.kill().await.data());
    let refused = other.run(&["restore", backup], &[]).await;
    assert_eq!(refused.status.code(), USED_WRONGLY);
    assert!(
        said(&refused).contains("made with other keys"),
        "{}",
        said(&refused)
    );
    assert!(!other.data().join("nyota.db").exists());
}
