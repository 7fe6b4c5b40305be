use super::fresh;
use crate::{
    model::Currency,
    store::{
        Account, Store,
        contract::world::{posting, tzs},
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
        "UPDATE ledger SET posted_at = 1 WHERE reference = 'p1'",
        "DELETE FROM ledger",
        "DELETE FROM ledger WHERE reference = 'p1'",
    ] {
        let refused = sqlx::query(sql).execute(&store.writer).await.unwrap_err();
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

#[tokio::test]
async fn every_table_of_ours_is_strict() {
    let store = fresh().await;
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND NOT strict AND name NOT GLOB '*sqlite_*'
            AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&store.writer)
    .await
    .unwrap();
    assert_eq!(loose, [""; 0]);
}

#[tokio::test]
async fn a_commit_is_on_disk_and_foreign_keys_hold_on_every_connection() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let store = super::SqliteStore::open(&path, super::sealer(1))
        .await
        .unwrap();
    let of = async |pool: &sqlx::SqlitePool, pragma: &'static str| -> String {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}"
        ));
        sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
    };
    assert_eq!(of(&store.writer, "synchronous").await, "2", "FULL");
    for pool in [&store.writer, &store.readers] {
        assert_eq!(of(pool, "journal_mode").await, "wal");
        assert_eq!(of(pool, "foreign_keys").await, "1");
    }
}

#[test]
fn every_migration_file_is_in_the_program() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(super::super::schema::MIGRATIONS.iter().count(), files);
}
