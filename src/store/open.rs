use std::sync::Arc;

use super::{
    Address, Options, Result, Sealer, Store, postgres::PostgresStore, sqlite::SqliteStore,
};

/// Opens the database at the address, on its engine, and brings its schema up to date.
pub async fn open(
    address: &Address,
    options: &Options,
    sealer: Arc<Sealer>,
) -> Result<Arc<dyn Store>> {
    Ok(match address {
        Address::Sqlite(path) => Arc::new(SqliteStore::open(path, sealer).await?),
        Address::Postgres(server) => Arc::new(PostgresStore::open(server, options, sealer).await?),
    })
}
