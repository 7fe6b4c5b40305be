mod faults;
mod plans;
mod rules;

use std::sync::Arc;

use super::PostgresStore;
use crate::store::{Address, Keys, Options, Sealer, contract, postgres_server::PostgresServer};

fn sealer(fill: u8) -> Arc<Sealer> {
    Arc::new(Sealer::new(&Keys::one(1, [fill; 32], [fill; 32])))
}

/// As they are, but for a machine that is busy with other tests.
fn patient() -> Options {
    Options {
        acquire_millis: 30_000,
        statement_millis: 30_000,
        idle_millis: 30_000,
        connect_millis: 30_000,
        ..Options::default()
    }
}

async fn open_at(url: &str, options: &Options, fill: u8) -> crate::store::Result<PostgresStore> {
    let Some(Address::Postgres(address)) = Address::parse(url) else {
        panic!("{url} is no address of Postgres");
    };
    PostgresStore::open(&address, options, sealer(fill)).await
}

async fn fresh() -> PostgresStore {
    let url = PostgresServer::shared().database().await;
    open_at(&url, &patient(), 1).await.unwrap()
}

async fn two() -> (PostgresStore, PostgresStore) {
    let url = PostgresServer::shared().database().await;
    // At once, on an empty database.
    let options = patient();
    let opened = futures_util::future::join(open_at(&url, &options, 1), open_at(&url, &options, 1));
    let (one, other) = opened.await;
    (one.unwrap(), other.unwrap())
}

contract::every_behaviour!(fresh);
contract::every_behaviour_of_two!(two);
