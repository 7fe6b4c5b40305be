use std::time::Duration;

use futures_util::future::join_all;
use sqlx::{Connection, PgConnection};

use super::{
    NO_DETAILS, OTHER, an_enquiry_is_refused_in_truth, in_time, is_acknowledged_once, lines,
    notice, renewal_goes_through,
};
use crate::support::{
    chaos::{Chaos, Weather},
    demo::{Demo, Home},
    gepg,
    phone::Phone,
    postgres_server::PostgresServer,
    records::Records,
};

/// A node whose store is a database of Postgres behind a proxy, and a payment that is to come.
struct World {
    chaos: Chaos,
    demo: Demo,
    _home: Home,
    records: Records,
    notice: Vec<u8>,
}

impl World {
    /// In a new database of this server.
    async fn in_a_database_of(server: &PostgresServer) -> (Self, String) {
        let direct = server.database().await;
        let (before, rest) = direct.rsplit_once(':').unwrap();
        let (port, database) = rest.split_once('/').unwrap();
        let chaos = Chaos::before(port.parse().unwrap()).await;
        let spoilt = format!("{before}:{}/{database}", chaos.port());
        let home = Home::new();
        let demo = home.clone().start(&[("DATABASE_URL", &spoilt)]).await;
        let records = Records::at(&direct, &home.data().join("nyota.keys")).await;
        let notice = notice(&demo, &home, &records).await;
        let world = Self {
            chaos,
            demo,
            _home: home,
            records,
            notice,
        };
        (world, direct)
    }

    /// What needs no store is served, what would write is refused, and it is not ready.
    async fn is_without_its_store(&self, fault: &str) {
        let mut phone = Phone::new(&self.demo.address, OTHER);
        phone.skip_dials(rand::random_range(1_000..1_000_000));
        // Nothing is known of her: she is greeted as new.
        let page = in_time(phone.dial()).await;
        assert!(
            !page.last && page.text.contains("Choose language"),
            "{fault}: {page:?}"
        );
        let page = in_time(phone.press("2")).await;
        assert!(page.text.contains("Welcome to CHF"), "{fault}: {page:?}");
        let page = in_time(phone.press("4")).await;
        assert!(!page.last, "{fault}: {page:?}");
        in_time(phone.press("00")).await;
        an_enquiry_is_refused_in_truth(&mut phone).await;
        let status = gepg::status_of_post(&self.demo.address, self.notice.clone()).await;
        assert_eq!(status, 503, "{fault}");
        let (status, parts) = self.demo.ready().await;
        assert_eq!(status, 503, "{fault}");
        assert!(parts.starts_with("not ready\nstore: "), "{fault}: {parts}");
    }

    /// All that was refused is done now, once.
    async fn recovers(&self) {
        self.demo.is_ready().await;
        is_acknowledged_once(&self.demo, &self.records, &self.notice).await;
        renewal_goes_through(&self.demo, &self.records).await;
    }
}

#[tokio::test]
async fn whatever_becomes_of_its_connections_a_node_refuses_in_truth_and_recovers() {
    let (world, _) = World::in_a_database_of(PostgresServer::shared()).await;
    let logged = lines(&world.demo);
    for weather in [
        Weather::Reset,
        Weather::Ended,
        Weather::BlackHole,
        Weather::HalfClosed,
        Weather::CutShort(3),
        Weather::Garbled,
        Weather::SlowAnswers(Duration::from_secs(6)),
    ] {
        world.chaos.set(weather);
        world.is_without_its_store(&format!("{weather:?}")).await;
        assert_eq!(world.records.books().await, [0, 0, 0]);
        world.chaos.set(Weather::Fair);
        world.demo.is_ready().await;
    }
    world.recovers().await;
    let logged = lines(&world.demo) - logged;
    assert!(logged < 400, "{logged} lines:\n{}", world.demo.said());
}

#[tokio::test]
async fn a_postgres_that_stops_and_comes_back_is_used_again() {
    let server = PostgresServer::start();
    let (world, _) = World::in_a_database_of(&server).await;
    server.stop();
    world.is_without_its_store("stopped").await;
    server.start_again();
    world.demo.is_ready().await;
    server.pause();
    world.is_without_its_store("paused").await;
    server.resume();
    world.recovers().await;
}

#[tokio::test]
async fn a_postgres_that_can_only_be_read_is_read() {
    let (world, direct) = World::in_a_database_of(PostgresServer::shared()).await;
    let name = direct.rsplit_once('/').unwrap().1.to_owned();
    let mut phone = Phone::new(&world.demo.address, OTHER);
    phone.dial_in_english().await;
    world.records.settled().await;
    let mut admin = PgConnection::connect(&direct).await.unwrap();
    let only_read = |on: &str| {
        format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = {on};
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
    };
    run(&mut admin, "SET default_transaction_read_only = off").await;
    run(&mut admin, &only_read("on")).await;
    phone.skip_dials(10);
    let page = in_time(phone.dial()).await;
    assert!(page.text.contains("Welcome to CHF"), "{page:?}");
    an_enquiry_is_refused_in_truth(&mut phone).await;
    let status = gepg::status_of_post(&world.demo.address, world.notice.clone()).await;
    assert_eq!(status, 503);
    let (status, parts) = world.demo.ready().await;
    assert_eq!(
        (status, parts.as_str()),
        (503, "not ready\nstore: fails\nsessions: answers\n")
    );
    run(&mut admin, &only_read("off")).await;
    world.recovers().await;
}

#[tokio::test]
async fn callers_of_a_store_that_is_locked_are_greeted_as_new_in_time() {
    let (world, direct) = World::in_a_database_of(PostgresServer::shared()).await;
    let mut locker = PgConnection::connect(&direct).await.unwrap();
    run(
        &mut locker,
        "BEGIN; LOCK TABLE callers, effects IN ACCESS EXCLUSIVE MODE",
    )
    .await;
    let dials = (0..40).map(|index| {
        let mut phone = Phone::new(&world.demo.address, &format!("+2557000010{index:02}"));
        async move { in_time(phone.dial()).await }
    });
    for page in join_all(dials).await {
        assert!(page.text.contains("Choose language"), "{page:?}");
    }
    run(&mut locker, "ROLLBACK").await;
    world.recovers().await;
}

#[tokio::test]
async fn a_postgres_without_a_free_connection_costs_truth_nothing() {
    // Room for the node and for us, once nobody holds the others any more.
    let server = PostgresServer::start_with(&["max_connections=24"]);
    let (world, direct) = World::in_a_database_of(&server).await;
    let mut hogs = Vec::new();
    while let Ok(hog) = PgConnection::connect(&direct).await {
        hogs.push(hog);
    }
    let dialogues = (0..24).map(|index| {
        let mut phone = Phone::new(&world.demo.address, &format!("+2557000010{index:02}"));
        async move {
            let page = in_time(phone.dial()).await;
            assert!(page.text.contains("Choose language"), "{page:?}");
            in_time(phone.press("2")).await;
            in_time(phone.press("1")).await;
            in_time(phone.press("400000042")).await
        }
    });
    for page in join_all(dialogues).await {
        let own = page.text.contains("Neema M.") || page.text.contains("We will send it by SMS");
        assert!(own || page.text.contains("not available now"), "{page:?}");
    }
    drop(hogs);
    world.recovers().await;
}

#[tokio::test]
async fn a_payment_whose_commit_was_not_heard_is_posted_once() {
    let (world, _) = World::in_a_database_of(PostgresServer::shared()).await;
    world.records.settled().await;
    world.chaos.set(Weather::AnswerLost(b"COMMIT"));
    let status = gepg::status_of_post(&world.demo.address, world.notice.clone()).await;
    assert_eq!(status, 503);
    world.chaos.set(Weather::Fair);
    world.recovers().await;
}

#[tokio::test]
async fn a_question_whose_commit_was_not_heard_is_asked_once_and_answered() {
    let (world, _) = World::in_a_database_of(PostgresServer::shared()).await;
    let mut phone = Phone::new(&world.demo.address, OTHER);
    phone.dial_in_english().await;
    phone.press("1").await;
    world.records.settled().await;
    world.chaos.set(Weather::AnswerLost(b"COMMIT"));
    let mut asking = phone.clone();
    let asked = tokio::spawn(async move { in_time(asking.press("400000042")).await });
    world.chaos.caught().await;
    world.chaos.set(Weather::Fair);
    let page = asked.await.unwrap();
    // Which commit it was depends: the question's, the count of what she asked, one of the outbox.
    let promised = page.text.contains("We will send it by SMS");
    let told_now = page.text.contains("Neema M.");
    assert!(promised || told_now || page.text == NO_DETAILS, "{page:?}");
    if promised {
        world.records.sms(OTHER, "Neema M.").await;
    }
    world.records.settled().await;
    let told = world.records.inbox(OTHER).await.len();
    assert_eq!(told, usize::from(promised), "{page:?}");
    phone.type_in("400000042");
    assert_eq!(phone.call().await, page);
}

async fn run(connection: &mut PgConnection, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}
