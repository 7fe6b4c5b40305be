use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{Instant, timeout};

use super::{connection::Connection, schema, transaction::PostgresTransaction};
use crate::store::{
    Options, Result, Sealer, Store, Transaction,
    error::{NoAnswer, Tried},
};

const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Without READ WRITE: a server that its operator made read-only stays so.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// A connection that was used within this is not tried before it is used again.
const FRESH: Duration = Duration::from_secs(1);

/// A store in one Postgres database, beside other nodes.
pub struct PostgresStore {
    pub(super) pool: PgPool,
    sealer: Arc<Sealer>,
    /// How long a connection is waited for.
    acquire: Duration,
    /// How long an answer is waited for.
    patience: Duration,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore")
            .field("sealer", &self.sealer)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects, brings the schema up to date and makes sure that `sealer` has the database's keys.
    pub async fn open(
        address: &PgConnectOptions,
        options: &Options,
        sealer: Arc<Sealer>,
    ) -> Result<Self> {
        let mut connection = connect(address, options).await?;
        // A connection of its own, without the limits below: a migration may take long, and so may
        // another node's that this one waits for.
        schema::bring_up_to_date(&mut connection).await?;
        schema::check_keys(&mut connection, &sealer).await?;
        connection.close().await.tried("close a connection")?;
        Ok(Self {
            pool: pool(address.clone(), options),
            sealer,
            acquire: options.acquire(),
            patience: options.answer(),
        })
    }

    /// Whether the server answers and has the database.
    pub async fn reach(address: &PgConnectOptions, options: &Options) -> Result<()> {
        let connection = connect(address, options).await?;
        connection.close().await.tried("close a connection")
    }

    /// Waits for what runs and closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// One that was used a moment ago may have gone since, as all have after a failover. Nothing has
    /// been done in it yet, so another is taken, for as long as one is waited for.
    async fn begin(&self, begin: &'static str, writes: bool) -> Result<Box<dyn Transaction + '_>> {
        let give_up = Instant::now() + self.acquire;
        loop {
            let connection = self.pool.acquire().await.tried("lend a connection")?;
            match Connection::begin(connection, begin, writes, self.patience).await {
                Err(error) if error.may_pass() && Instant::now() < give_up => {}
                lent => return Ok(Box::new(PostgresTransaction::new(lent?, &self.sealer))),
            }
        }
    }
}

async fn connect(address: &PgConnectOptions, options: &Options) -> Result<PgConnection> {
    let connecting = timeout(options.connect(), PgConnection::connect_with(address));
    let connected = connecting.await.map_err(|_| NoAnswer);
    connected.tried("be reached")?.tried("be reached")
}

fn pool(address: PgConnectOptions, options: &Options) -> PgPool {
    let limits = [
        ("statement_timeout", options.statement_millis),
        ("idle_in_transaction_session_timeout", options.idle_millis),
    ];
    let address = address
        .application_name("nyota")
        .options(limits.map(|(name, millis)| (name, millis.to_string())));
    let patience = options.answer();
    PgPoolOptions::new()
        .max_connections(options.connections)
        .acquire_timeout(options.acquire())
        // Both checks end: a server that has gone without a word would keep the connections else.
        .test_before_acquire(false)
        .before_acquire(|connection, used| {
            Box::pin(async move {
                if used.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_release(move |connection, _| {
            Box::pin(async move {
                let answer = timeout(patience, connection.ping()).await;
                answer
                    .map_err(|_| sqlx::Error::PoolTimedOut)?
                    .map(|()| true)
            })
        })
        .connect_lazy_with(address)
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self) -> Result<Box<dyn Transaction + '_>> {
        self.begin(READ, false).await
    }

    async fn write(&self) -> Result<Box<dyn Transaction + '_>> {
        self.begin(WRITE, true).await
    }

    async fn answer(&self) -> Result<()> {
        let mut connection = self.pool.acquire().await.tried("lend a connection")?;
        let touched = timeout(self.patience, schema::touch(&mut connection)).await;
        touched.map_err(|_| NoAnswer).tried("write")?
    }
}
