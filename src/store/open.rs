use std::sync::Arc;

use super::{
    Address, Options, Result, Sealer, Store, postgres::PostgresStore, sqlite::SqliteStore,
};

/// Whether the server at the address answers and has the database, before anything is made for it.
/// A file needs none.
pub async fn reach(address: &Address, options: &Options) -> Result<()> {
    match address {
        Address::Sqlite(_) => Ok(()),
        Address::Postgres(server) => PostgresStore::reach(server, options).await,
    }
}

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
