use super::{fresh, open_at, patient};
use crate::{
    model::Currency,
    store::{
        Account, Store, StoreError,
        contract::world::{posting, tzs},
        postgres_server::PostgresServer,
    },
};

#[tokio::test]
async fn the_ledger_is_neither_changed_nor_shortened() {
    let store = fresh().await;
    let mut tx = store.write().await.unwrap();
    let posting = posting("p1", tzs(300));
    tx.ledger().post(&posting).await.unwrap();
    tx.commit().await.unwrap();
    for sql in [
        "UPDATE ledger SET minor = 1",
        "UPDATE ledger SET posted_at = now() WHERE reference = 'p1'",
        "DELETE FROM ledger",
        "DELETE FROM ledger WHERE reference = 'p1'",
        "TRUNCATE ledger",
    ] {
        let refused = sqlx::query(sql).execute(&store.pool).await.unwrap_err();
        let why = refused.to_string();
        assert!(why.contains("the ledger is only added to"), "{sql}: {why}");
    }
    let mut tx = store.read().await.unwrap();
    let balance = tx
        .ledger()
        .balance(Account::GatewayClearing, Currency::TZS)
        .await;
    assert_eq!(balance.unwrap(), 30_000);
}

#[test]
fn every_migration_file_is_in_the_program() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(super::super::schema::MIGRATIONS.iter().count(), files);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let url = PostgresServer::shared().database().await;
    let store = open_at(&url, &patient(), 1).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations VALUES (9001, 'later', now(), true, '', 1)";
    sqlx::query(newer).execute(&store.pool).await.unwrap();
    let refused = open_at(&url, &patient(), 1).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 9001, known } if known < 9001),
        "{refused}"
    );
}

#[tokio::test]
async fn other_keys_than_those_it_was_made_with_are_refused() {
    let url = PostgresServer::shared().database().await;
    open_at(&url, &patient(), 1).await.unwrap();
    let refused = open_at(&url, &patient(), 2).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a stored database cannot be read: it was made with other keys than those in the key file"
    );
    open_at(&url, &patient(), 1).await.unwrap();
}
