use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{
    full::{SECRETS, fill},
    world::{at, job, keys, message, phone, posting, sealer, tzs},
};
use crate::{
    model::Currency,
    store::{
        Account, Keys, Posting, Sealer, Store,
        backup::{BackupError, Copied, restore, write},
        sqlite::SqliteStore,
    },
};

/// A folder for backups, gone with the test.
struct Shelf {
    folder: TempDir,
}

impl Shelf {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn backup(&self, store: &dyn Store, name: &str) -> (PathBuf, Copied) {
        let path = self.path(name);
        let copied = write(store, &sealer(), &path, at(0), |_, _| {}).await;
        (path, copied.unwrap())
    }
}

async fn other() -> SqliteStore {
    SqliteStore::temporary(sealer().into()).await.unwrap()
}

async fn put_back(store: &dyn Store, path: &Path) -> Result<Copied, BackupError> {
    restore(store, &sealer(), path, |_, _| {}).await
}

/// Tables and rows; not the sequences, which not every engine keeps for every table.
fn tables_and_rows(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().skip(1);
    let lines = lines.filter(|line| !line.contains("sha256"));
    lines
        .map(|line| match line.split_once(",\"last\"") {
            Some((table, _)) => table.to_owned(),
            None => line.to_owned(),
        })
        .collect()
}

/// The names of the tables in which there is something, and of those in which there is nothing.
async fn full_and_empty(store: &dyn Store) -> (Vec<String>, Vec<String>) {
    let mut tx = store.read().await.unwrap();
    let tables = tx.copies().tables().await.unwrap();
    let (mut full, mut empty) = (Vec::new(), Vec::new());
    for table in tables {
        let rows = tx.copies().rows(&table, None, 1).await.unwrap();
        let names = if rows.is_empty() {
            &mut empty
        } else {
            &mut full
        };
        names.push(table.name);
    }
    (full, empty)
}

async fn is_empty(store: &dyn Store) -> bool {
    full_and_empty(store).await.0.is_empty()
}

pub(crate) async fn a_backup_fills_a_database_of_the_other_engine_with_the_same(store: &dyn Store) {
    let shelf = Shelf::new();
    fill(store).await;
    let nothing: Vec<String> = Vec::new();
    assert_eq!(
        full_and_empty(store).await.1,
        nothing,
        "`fill` forgets a table"
    );
    let (first, copied) = shelf.backup(store, "first").await;
    assert_eq!(
        fs::metadata(&first).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let other = other().await;
    assert_eq!(put_back(&other, &first).await.unwrap(), copied);
    let (second, again) = shelf.backup(&other, "second").await;
    assert_eq!(tables_and_rows(&first), tables_and_rows(&second));
    assert_eq!(copied, again);
    assert!(
        copied.tables >= 16 && copied.rows >= copied.tables,
        "{copied:?}"
    );
    assert_eq!(fs::read_dir(shelf.folder.path()).unwrap().count(), 2);
}

pub(crate) async fn a_backup_of_the_other_engine_fills_this_one_with_the_same(store: &dyn Store) {
    let shelf = Shelf::new();
    let other = other().await;
    fill(&other).await;
    let (first, copied) = shelf.backup(&other, "first").await;
    assert_eq!(put_back(store, &first).await.unwrap(), copied);
    let (second, _) = shelf.backup(store, "second").await;
    assert_eq!(tables_and_rows(&first), tables_and_rows(&second));
}

pub(crate) async fn sequences_and_balances_go_on_after_a_restore(store: &dyn Store) {
    let shelf = Shelf::new();
    let other = other().await;
    fill(&other).await;
    let (backup, _) = shelf.backup(&other, "backup").await;
    put_back(store, &backup).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let mut ledger = tx.ledger();
    let balance = ledger
        .balance(Account::GatewayClearing, Currency::TZS)
        .await;
    assert_eq!(balance.unwrap(), 3_000_000);
    drop(ledger);
    let posting = Posting {
        credit: Account::Suspense,
        ..posting("p2", tzs(1))
    };
    assert!(tx.ledger().post(&posting).await.unwrap());
    let queued = tx.messages().queue(&message("later", &phone(1))).await;
    assert!(queued.unwrap().is_some());
    tx.jobs().add(&job("b3")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    let claimed = tx.jobs().claim(&super::world::at_most(9), at(2)).await;
    let ids: Vec<i64> = claimed.unwrap().iter().map(|job| job.id).collect();
    assert_eq!(
        ids,
        [4],
        "the number of a job that is gone is not given again"
    );
}

pub(crate) async fn a_backup_is_restored_into_an_empty_database_only(store: &dyn Store) {
    let shelf = Shelf::new();
    fill(store).await;
    let (backup, _) = shelf.backup(store, "backup").await;
    let before = tables_and_rows(&backup);
    let refused = put_back(store, &backup).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotEmpty(_)), "{refused}");
    let (after, _) = shelf.backup(store, "after").await;
    assert_eq!(before, tables_and_rows(&after));
}

pub(crate) async fn a_backup_that_is_not_as_it_was_written_changes_nothing(store: &dyn Store) {
    let shelf = Shelf::new();
    let other = other().await;
    fill(&other).await;
    let (backup, _) = shelf.backup(&other, "backup").await;
    let good = fs::read_to_string(&backup).unwrap();
    let schema = good.split_once("\"schema\":").unwrap().1;
    let schema = format!("\"schema\":{}", schema.split_once(',').unwrap().0);
    let end = good.trim_end().rfind('\n').unwrap() + 1;
    let without_end = good.get(..end).unwrap().to_owned();
    for (damaged, why) in [
        (good.replace("p1", "p2"), "(SHA-256)"),
        (good.replacen("\n[", "\n[0,", 1), "a row of its table"),
        (good.replace(&schema, "\"schema\":9000"), "(SHA-256)"),
        (good.get(..good.len() / 2).unwrap().to_owned(), "cut off"),
        (good.trim_end().to_owned(), "cut off"),
        (good.clone() + "{}\n", "is not the last"),
        (without_end, "cut off"),
        (String::new(), "is no backup"),
        ("{\"nyota_backup\":2}\n".to_owned(), "is no backup"),
    ] {
        fs::write(&backup, &damaged).unwrap();
        let refused = put_back(store, &backup).await.unwrap_err().to_string();
        assert!(refused.contains(why), "{why}: {refused}");
    }
    fs::write(&backup, &good).unwrap();
    let mut index = keys();
    index.add(&mut rand::rng()).unwrap();
    for stranger in [
        Keys::one(1, [2; 32], [1; 32]),
        Keys::one(1, [1; 32], [2; 32]),
        Keys::one(2, [1; 32], [1; 32]),
    ] {
        let stranger = Sealer::new(&stranger);
        let refused = restore(store, &stranger, &backup, |_, _| {}).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, BackupError::OtherKeys { .. }),
            "{refused}"
        );
    }
    assert!(is_empty(store).await);
    // One key more does not matter.
    restore(store, &Sealer::new(&index), &backup, |_, _| {})
        .await
        .unwrap();
}

pub(crate) async fn a_restore_that_fails_leaves_the_database_empty(store: &dyn Store) {
    let shelf = Shelf::new();
    let other = other().await;
    fill(&other).await;
    let (backup, _) = shelf.backup(&other, "backup").await;
    // Whole and in order, but for a rule of the database: written by someone with the keys.
    let good = fs::read_to_string(&backup).unwrap();
    let broken = good.replace("\"gateway_clearing\"", "\"contributions_due\"");
    assert_ne!(good, broken);
    fs::write(&backup, signed(&broken)).unwrap();
    let refused = put_back(store, &backup).await.unwrap_err();
    assert!(matches!(refused, BackupError::Store(_)), "{refused}");
    assert!(is_empty(store).await);
    fs::write(&backup, signed(&good)).unwrap();
    put_back(store, &backup).await.unwrap();
}

/// The text with an end that fits it.
fn signed(text: &str) -> String {
    use sha2::{Digest, Sha256};

    use crate::store::keys::hex;

    let text = text.trim_end();
    let (lines, end) = text.split_at(text.rfind('\n').unwrap() + 1);
    let digest: [u8; 32] = Sha256::digest(lines).into();
    let mut end: serde_json::Value = serde_json::from_str(end).unwrap();
    end["sha256"] = hex(&digest).into();
    end["mac"] = hex(&sealer().mac("backup", &[&digest])).into();
    format!("{lines}{end}\n")
}

pub(crate) async fn a_backup_shows_nothing_that_is_sealed(store: &dyn Store) {
    let shelf = Shelf::new();
    fill(store).await;
    let (backup, _) = shelf.backup(store, "backup").await;
    let text = fs::read_to_string(&backup).unwrap();
    assert!(text.contains("gepgPmtSpInfo"));
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is in clear");
    }
    for key in ["0101010101010101", "AQEBAQEBAQEB"] {
        assert!(!text.contains(key), "a key is in it");
    }
}
