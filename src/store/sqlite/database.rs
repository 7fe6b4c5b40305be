use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Connection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::TempDir;

use super::{schema, transaction::SqliteTransaction};
use crate::store::{Result, Sealer, Store, Transaction, error::Tried, private};

/// How long a transaction waits for a connection, and a statement for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

/// A store in one SQLite file.
pub struct SqliteStore {
    pub(super) writer: SqlitePool,
    pub(super) readers: SqlitePool,
    sealer: Arc<Sealer>,
    /// Of a temporary store: removed when it goes.
    pub(super) folder: Option<TempDir>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("sealer", &self.sealer)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the database, brings its schema up to date and makes sure that `sealer` has its keys. A
    /// file that is not there is made with mode 0600, its folder with 0700.
    pub async fn open(path: &Path, sealer: Arc<Sealer>) -> Result<Self> {
        if let Some(folder) = path.parent().filter(|path| !path.as_os_str().is_empty()) {
            private::make_folder(folder).tried("make its folder")?;
        }
        Self::open_file(path, sealer, SqliteSynchronous::Full, None).await
    }

    /// A store in a file of its own that goes with it: for transcripts and tests. It is the same
    /// engine in the same modes, since SQLite in memory lets readers wait for writers.
    pub async fn temporary(sealer: Arc<Sealer>) -> Result<Self> {
        let folder = tempfile::tempdir().tried("make a temporary folder")?;
        let path = folder.path().join("nyota.db");
        Self::open_file(&path, sealer, SqliteSynchronous::Off, Some(folder)).await
    }

    async fn open_file(
        path: &Path,
        sealer: Arc<Sealer>,
        synchronous: SqliteSynchronous,
        folder: Option<TempDir>,
    ) -> Result<Self> {
        // SQLite gives the files beside it, -wal and -shm, the mode of this one.
        private::make_file(path).tried("make its file")?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .synchronous(synchronous);
        let store = Self {
            writer: writer(options.clone()).await.tried("be opened")?,
            readers: pool(READERS).connect_lazy_with(options.pragma("query_only", "ON")),
            sealer,
            folder,
        };
        schema::bring_up_to_date(&store.writer).await?;
        schema::check_keys(&store.writer, &store.sealer).await?;
        Ok(store)
    }

    /// Waits for what runs and closes the file, so that nothing is left beside it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    pool(1)
        .connect_with(options.journal_mode(SqliteJournalMode::Wal))
        .await
}

/// Connections to a file in this process do not go stale, so they are neither tested nor retired. One
/// is replaced where it still counts a transaction: SQLite undoes some by itself, as on a full disk,
/// and then it cannot be undone again and no other begun.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .before_acquire(|connection, _| {
            let free = !connection.is_in_transaction();
            Box::pin(async move { Ok(free) })
        })
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn Transaction + '_>> {
        let transaction = self.readers.begin().await.tried("begin to read")?;
        Ok(Box::new(SqliteTransaction::new(transaction, &self.sealer)))
    }

    async fn write(&self) -> Result<Box<dyn Transaction + '_>> {
        // The lock at once: a transaction that read first could not get it later.
        let transaction = self
            .writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .tried("begin to write")?;
        Ok(Box::new(SqliteTransaction::new(transaction, &self.sealer)))
    }

    /// A file is one node's own.
    fn is_shared(&self) -> bool {
        false
    }

    async fn answer(&self) -> Result<()> {
        schema::touch(&self.writer).await
    }
}
