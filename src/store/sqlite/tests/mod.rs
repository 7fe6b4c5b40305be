mod backlog;
mod files;
mod plans;
mod rules;
mod secrets;
mod upgrade;

use std::sync::Arc;

use super::SqliteStore;
use crate::store::{Keys, Sealer, contract};

fn sealer(fill: u8) -> Arc<Sealer> {
    Arc::new(Sealer::new(&Keys::one(1, [fill; 32], [fill; 32])))
}

async fn fresh() -> SqliteStore {
    SqliteStore::temporary(sealer(1)).await.unwrap()
}

/// Two on one file, which goes with the first.
async fn two() -> (SqliteStore, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let mut one = SqliteStore::open(&path, sealer(1)).await.unwrap();
    one.folder = Some(folder);
    let other = SqliteStore::open(&path, sealer(1)).await.unwrap();
    (one, other)
}

contract::every_behaviour!(fresh);
contract::every_behaviour_of_two!(two);
