use std::time::Duration;

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    OTHER, PHONE, an_enquiry_is_refused_in_truth, in_time, is_acknowledged_once, lines, notice,
    renewal_goes_through,
};
use crate::support::{
    demo::{Demo, Home},
    gepg,
    phone::Phone,
};

/// Another process that has the database to itself.
struct Locker(SqliteConnection);

impl Locker {
    async fn lock(home: &Home) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(home.data().join("nyota.db"))
            .busy_timeout(Duration::from_mins(1));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let begin = sqlx::query("BEGIN IMMEDIATE");
        begin.execute(&mut connection).await.unwrap();
        Self(connection)
    }

    async fn unlock(mut self) {
        let rollback = sqlx::query("ROLLBACK");
        rollback.execute(&mut self.0).await.unwrap();
    }
}

/// Pages that need nothing written are shown; what must be written is refused in truth.
async fn reads_are_served_and_writes_refused(demo: &Demo) {
    let mut phone = Phone::new(&demo.address, OTHER);
    phone.skip_dials(10);
    let page = in_time(phone.dial()).await;
    assert!(page.text.contains("Welcome to CHF"), "{page:?}");
    an_enquiry_is_refused_in_truth(&mut phone).await;
    phone.dial().await;
    let page = in_time(phone.press_all(&["4", "00", "3"])).await;
    assert!(page.text.contains("CHF payments"), "{page:?}");
}

async fn a_caller_who_chose_english(demo: &Demo) {
    Phone::new(&demo.address, OTHER).dial_in_english().await;
}

#[tokio::test]
async fn a_database_that_another_process_holds_keeps_no_turn_waiting_past_its_time() {
    let home = Home::new();
    let demo = home.clone().start(&[]).await;
    let records = demo.records().await;
    let notice = notice(&demo, &home, &records).await;
    a_caller_who_chose_english(&demo).await;
    let logged = lines(&demo);

    let locker = Locker::lock(&home).await;
    reads_are_served_and_writes_refused(&demo).await;
    let status = gepg::status_of_post(&demo.address, notice.clone()).await;
    assert_eq!(status, 503);
    assert_eq!(records.books().await, [0, 0, 0]);
    let (status, parts) = demo.ready().await;
    assert_eq!(status, 503);
    assert!(parts.starts_with("not ready\nstore: "), "{parts}");
    locker.unlock().await;

    demo.is_ready().await;
    is_acknowledged_once(&demo, &records, &notice).await;
    renewal_goes_through(&demo, &records).await;
    let logged = lines(&demo) - logged;
    assert!(logged < 40, "{logged} lines:\n{}", demo.said());
}

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_claims_nothing_and_is_recovered_from() {
    let home = Home::new();
    let demo = home.clone().start_on_a_small_disk().await;
    let records = demo.records().await;
    let notice = notice(&demo, &home, &records).await;
    a_caller_who_chose_english(&demo).await;
    records.settled().await;

    demo.limit_files("1").await;
    let logged = lines(&demo);
    reads_are_served_and_writes_refused(&demo).await;
    for _ in 0..20 {
        let status = gepg::status_of_post(&demo.address, notice.clone()).await;
        assert_eq!(status, 503);
    }
    assert_eq!(records.books().await, [0, 0, 0]);
    assert_eq!(
        records.inbox(PHONE).await.len(),
        1,
        "the control number only"
    );
    let (status, parts) = demo.ready().await;
    assert_eq!(
        (status, parts.as_str()),
        (503, "not ready\nstore: fails\nsessions: answers\n")
    );
    let logged = lines(&demo) - logged;
    assert!(logged < 60, "{logged} lines:\n{}", demo.said());
    assert!(
        demo.said()
            .contains("could not be kept; it will come again")
    );

    demo.limit_files("unlimited").await;
    demo.is_ready().await;
    is_acknowledged_once(&demo, &records, &notice).await;
    renewal_goes_through(&demo, &records).await;
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_refused_at_the_start() {
    let home = Home::new();
    let demo = home.clone().start(&[]).await;
    demo.end(Duration::from_mins(1)).await;
    // Rights of files would not keep root from it.
    let file = home.data().join("nyota.db");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let refused = home.run(&["serve"], &[]).await;
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("nyota.db cannot be served"), "{said}");
}
