//! The demo on Postgres: the same program, told so by `DATABASE_URL`.

use sqlx::{Connection, PgConnection};

use crate::support::{demo::Home, phone::Phone, postgres_server::PostgresServer};

fn with_password(url: &str) -> String {
    url.replace("nyota@", "nyota:s3cret@")
}

#[tokio::test]
async fn two_nodes_that_start_at_once_on_an_empty_database_both_serve() {
    let url = with_password(&PostgresServer::shared().database().await);
    let postgres = [("DATABASE_URL", url.as_str())];
    // One key file for both, as an operator copies it.
    let keys = tempfile::tempdir().unwrap();
    let keys = keys.path().join("nyota.keys");
    let environment = [postgres[0], ("NYOTA_KEYS_FILE", keys.to_str().unwrap())];
    let (one, other) = futures_util::future::join(
        Home::new().start(&environment),
        Home::new().start(&environment),
    )
    .await;
    for node in [&one, &other] {
        let page = Phone::new(&node.address, "+255700000001").dial().await;
        assert!(page.text.contains("DEMO"), "{}", page.text);
    }
    for node in [one, other] {
        let (home, said) = node.end_and_tell().await;
        assert!(said.contains("postgres://nyota@127.0.0.1:"), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
        assert!(!home.data().join("nyota.db").exists());
    }
}

#[tokio::test]
async fn migrate_makes_the_tables_and_refuses_those_of_a_newer_version() {
    let url = PostgresServer::shared().database().await;
    let postgres = [("DATABASE_URL", url.as_str())];
    let home = Home::new();
    let made = home.run(&["migrate"], &postgres).await;
    assert!(made.status.success(), "{made:?}");
    let newer = "INSERT INTO _sqlx_migrations VALUES (9001, 'later', now(), true, '', 1)";
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::query(newer).execute(&mut connection).await.unwrap();
    let refused = home.run(&["migrate"], &postgres).await;
    assert_eq!(refused.status.code(), Some(2));
    let complained = String::from_utf8(refused.stderr).unwrap();
    assert!(
        complained.contains("newer version of nyota (migration 9001)"),
        "{complained}"
    );
}
