use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::sealer;
use crate::{
    model::Language,
    store::{
        Store, StoreError,
        contract::world::{at, phone},
        sqlite::SqliteStore,
    },
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn remember(store: &SqliteStore) {
    let mut tx = store.write().await.unwrap();
    tx.callers()
        .remember_language(&phone(1), Language::FRENCH, at(0))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_new_database_and_all_beside_it_are_its_owners_only() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/data");
    let store = SqliteStore::open(&data.join("nyota.db"), sealer(1))
        .await
        .unwrap();
    remember(&store).await;
    assert_eq!(names(&data), ["nyota.db", "nyota.db-shm", "nyota.db-wal"]);
    for name in names(&data) {
        assert_eq!(mode(&data.join(&name)), 0o600, "{name}");
    }
    assert_eq!(mode(&data), 0o700);
    store.close().await;
    assert_eq!(names(&data), ["nyota.db"]);
}

#[tokio::test]
async fn what_was_committed_is_there_after_the_process_without_a_close() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let store = SqliteStore::open(&path, sealer(1)).await.unwrap();
    remember(&store).await;
    // As a killed process leaves them: both files copied while they are open.
    let copy = tempfile::tempdir().unwrap();
    for name in ["nyota.db", "nyota.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let again = SqliteStore::open(&copy.path().join("nyota.db"), sealer(1))
        .await
        .unwrap();
    let mut tx = again.read().await.unwrap();
    let language = tx.callers().language(&phone(1)).await.unwrap();
    assert_eq!(language, Some(Language::FRENCH));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let store = SqliteStore::open(&path, sealer(1)).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations VALUES (9001, 'later', '2030-01-01', 1, x'00', 1)";
    sqlx::query(newer).execute(&store.writer).await.unwrap();
    store.close().await;
    let refused = SqliteStore::open(&path, sealer(1)).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 9001, known } if known < 9001),
        "{refused}"
    );
}

#[tokio::test]
async fn other_keys_than_those_it_was_made_with_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    SqliteStore::open(&path, sealer(1))
        .await
        .unwrap()
        .close()
        .await;
    let refused = SqliteStore::open(&path, sealer(2)).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a stored database cannot be read: it was made with other keys than those in the key file"
    );
    SqliteStore::open(&path, sealer(1)).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let text = "not a database, but someone's file\n".repeat(40);
    fs::write(&path, &text).unwrap();
    let refused = SqliteStore::open(&path, sealer(1)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Database { .. }), "{refused}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_temporary_store_leaves_nothing() {
    let store = SqliteStore::temporary(sealer(1)).await.unwrap();
    let path = store.folder.as_ref().unwrap().path().to_owned();
    remember(&store).await;
    assert!(path.exists());
    drop(store);
    assert!(!path.exists());
}

#[tokio::test]
async fn a_transaction_that_sqlite_undid_by_itself_keeps_no_other_from_beginning() {
    let store = SqliteStore::temporary(sealer(1)).await.unwrap();
    let mut tx = store.writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
    // As it does on a full disk: then there is nothing to roll back.
    sqlx::raw_sql("ROLLBACK").execute(&mut *tx).await.unwrap();
    drop(tx);
    remember(&store).await;
}
