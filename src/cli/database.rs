use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use crate::{
    config::Settings,
    store::{self, Address, Keys, Sealer, Store},
};

/// Where a database is, and the file with its keys.
#[derive(Clone, Debug)]
pub struct Database {
    /// The database.
    pub address: Address,
    /// Its keys, made where they are missing.
    pub keys: PathBuf,
}

impl Database {
    /// As the settings say.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            address: settings.database()?,
            keys: settings.keys_file()?,
        })
    }

    /// A file of SQLite with its keys beside it.
    pub fn in_file(path: &Path) -> Self {
        Self {
            address: Address::Sqlite(path.to_owned()),
            keys: path.with_extension("keys"),
        }
    }

    /// Opens it with its keys.
    pub(super) async fn open(&self) -> anyhow::Result<(Arc<dyn Store>, Arc<Sealer>)> {
        let keys = Keys::load_or_make(&self.keys, &mut rand::rng())?;
        let sealer = Arc::new(Sealer::new(&keys));
        let options = store::Options::default();
        let store = store::open(&self.address, &options, Arc::clone(&sealer)).await;
        Ok((store.with_context(|| self.refusal())?, sealer))
    }

    /// What an operator reads first; why follows.
    fn refusal(&self) -> String {
        let address = &self.address;
        match address {
            Address::Sqlite(_) => format!("{address} cannot be served"),
            Address::Postgres(_) => format!(
                "DATABASE_URL is set, but {address} cannot be used; see that the server runs, that the database is there and that this user may make tables in it"
            ),
        }
    }
}
