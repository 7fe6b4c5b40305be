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
    Arc::new(Sealer::new(&Keys {
        id: 1,
        sealing: [fill; 32],
        index: [fill; 32],
    }))
}

async fn fresh() -> SqliteStore {
    SqliteStore::temporary(sealer(1)).await.unwrap()
}

contract::every_behaviour!(fresh);
