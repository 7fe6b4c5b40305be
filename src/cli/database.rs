use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use crate::{
    config::Settings,
    store::{self, Address, KeySource, Keys, Sealer, Store},
};

/// Where a demo's file would be, where its database is none.
const DATA: &str = "data/nyota.db";

/// Where a database is, and its keys.
#[derive(Clone, Debug)]
pub struct Database {
    /// The database.
    pub address: Address,
    /// Its keys.
    pub keys: KeySource,
    /// How Postgres is used, where it is one.
    pub postgres: store::Options,
}

impl Database {
    /// As the settings say.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            address: settings.database()?,
            keys: settings.keys()?,
            postgres: settings.sections.postgres.clone(),
        })
    }

    /// A file of SQLite with its keys beside it.
    pub fn in_file(path: &Path) -> Self {
        Self {
            address: Address::Sqlite(path.to_owned()),
            keys: KeySource::beside(path),
            postgres: store::Options::default(),
        }
    }

    /// The folder of what the demo keeps beside it.
    pub(super) fn folder(&self) -> PathBuf {
        let file = self.address.file().unwrap_or(Path::new(DATA));
        file.parent().unwrap_or(Path::new(".")).to_owned()
    }

    /// Opens it with its keys; both are made where they are missing.
    pub(super) async fn open(&self) -> anyhow::Result<(Arc<dyn Store>, Arc<Sealer>)> {
        // Before keys are made: what refuses to start leaves nothing behind.
        let reached = store::reach(&self.address, &self.postgres).await;
        reached.with_context(|| self.refusal())?;
        let keys = self.keys.load_or_make(&mut rand::rng())?;
        self.open_with(&keys, &self.postgres).await
    }

    /// Opens it for a command that fills it: it is made where it is missing, its keys are not.
    pub(super) async fn open_to_fill(&self) -> anyhow::Result<(Arc<dyn Store>, Arc<Sealer>)> {
        self.open_with(&self.keys.load()?, &self.patient()).await
    }

    /// Opens it where it is there, with the keys that are there: a question makes neither.
    pub(super) async fn open_existing(&self) -> anyhow::Result<(Arc<dyn Store>, Arc<Sealer>)> {
        let address = &self.address;
        if address.file().is_some_and(|file| !file.is_file()) {
            bail!("there is no database {address}: DATABASE_URL names it");
        }
        self.open_with(&self.keys.load()?, &self.patient()).await
    }

    async fn open_with(
        &self,
        keys: &Keys,
        options: &store::Options,
    ) -> anyhow::Result<(Arc<dyn Store>, Arc<Sealer>)> {
        let sealer = Arc::new(Sealer::new(keys));
        let store = store::open(&self.address, options, Arc::clone(&sealer)).await;
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

    /// A command of an operator may take longer than a turn.
    fn patient(&self) -> store::Options {
        let usual = &self.postgres;
        store::Options {
            acquire_millis: usual.acquire_millis.max(10_000),
            statement_millis: usual.statement_millis.max(120_000),
            idle_millis: usual.idle_millis.max(600_000),
            ..usual.clone()
        }
    }
}
