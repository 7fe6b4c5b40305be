use std::{fs, path::Path};

use super::sealer;
use crate::store::{
    Store,
    contract::full::{SECRETS, plant},
    sqlite::SqliteStore,
};

/// All that lies in the folder: the database, its log, its index.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).unwrap();
    files
        .flat_map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_phone_name_or_text_can_be_read_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let store = SqliteStore::open(&path, sealer(1)).await.unwrap();
    let mut tx = store.write().await.unwrap();
    plant(&mut *tx).await;
    tx.commit().await.unwrap();
    let open = bytes_in(folder.path());
    store.close().await;
    let closed = bytes_in(folder.path());
    for bytes in [open, closed] {
        for clear in ["gepgPmtSpInfo", "chf.home", "africastalking"] {
            assert!(holds(&bytes, clear), "{clear} should be in clear");
        }
        for secret in SECRETS {
            assert!(!holds(&bytes, secret), "{secret} is in clear");
        }
    }
}
