//! What the engine says when its server is away, slow, full or read-only.

use std::time::{Duration, Instant};

use super::{fresh, open_at, patient};
use crate::store::{
    Options, Promised, Store, StoreError, Transaction,
    contract::world::{add, intent, job, key, message, phone},
    postgres::PostgresStore,
    postgres_server::PostgresServer,
};

/// As it is with one connection, but answers are waited for no longer than 1.3 s.
fn hasty() -> Options {
    Options {
        connections: 1,
        statement_millis: 300,
        connect_millis: 30_000,
        ..Options::default()
    }
}

async fn one_kept(store: &PostgresStore) {
    let mut tx = store.write().await.unwrap();
    tx.effects().intend(&intent(0)).await.unwrap();
    tx.commit().await.unwrap();
}

/// Tries until it can write, as a node does that goes on by itself.
async fn until_it_writes(store: &PostgresStore) {
    for _ in 0..200 {
        if let Ok(mut tx) = store.write().await
            && tx.effects().intend(&intent(9)).await.is_ok()
            && tx.commit().await.is_ok()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it writes no more");
}

fn error_of<T>(result: Result<T, StoreError>) -> StoreError {
    match result {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error,
    }
}

async fn ask(tx: &mut dyn Transaction) -> StoreError {
    error_of(tx.effects().get(key(0)).await)
}

#[tokio::test]
async fn who_finds_no_connection_is_told_so_at_once_and_the_next_finds_one() {
    let url = PostgresServer::shared().database().await;
    open_at(&url, &patient(), 1).await.unwrap();
    let options = Options {
        connections: 2,
        acquire_millis: 300,
        ..patient()
    };
    let store = open_at(&url, &options, 1).await.unwrap();
    // Under load a first connection may take longer than the limit.
    until_it_writes(&store).await;
    let held = [store.read().await, store.write().await].map(Result::unwrap);
    let begun = Instant::now();
    let refused = error_of(store.write().await);
    assert!(refused.may_pass(), "{refused:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(held);
    until_it_writes(&store).await;
}

#[tokio::test]
async fn a_server_that_stops_is_told_of_and_found_again() {
    let server = PostgresServer::start();
    let url = server.database().await;
    let store = open_at(&url, &patient(), 1).await.unwrap();
    one_kept(&store).await;
    let mut before = store.read().await.unwrap();
    server.stop();
    let lost = ask(&mut *before).await;
    assert!(lost.may_pass(), "{lost:?}");
    drop(before);
    let away = error_of(store.write().await);
    assert!(away.may_pass(), "{away:?}");
    server.start_again();
    until_it_writes(&store).await;
    let mut tx = store.read().await.unwrap();
    assert!(tx.effects().get(key(0)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_server_that_hangs_keeps_nobody_and_gives_its_connections_back() {
    let server = PostgresServer::start();
    let url = server.database().await;
    let store = open_at(&url, &hasty(), 1).await.unwrap();
    until_it_writes(&store).await;
    let mut tx = store.read().await.unwrap();
    server.pause();
    let begun = Instant::now();
    let hung = ask(&mut *tx).await;
    assert!(hung.may_pass(), "{hung:?}");
    drop(tx);
    assert!(error_of(store.write().await).may_pass());
    assert!(begun.elapsed() < Duration::from_secs(20));
    server.resume();
    until_it_writes(&store).await;
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_neither_yes_nor_no() {
    let server = PostgresServer::start();
    let url = server.database().await;
    let store = open_at(&url, &hasty(), 1).await.unwrap();
    until_it_writes(&store).await;
    let mut tx = store.write().await.unwrap();
    tx.effects().intend(&intent(0)).await.unwrap();
    server.pause();
    let unknown = error_of(tx.commit().await);
    assert!(matches!(unknown, StoreError::Unknown { .. }), "{unknown:?}");
    assert!(unknown.may_pass());
    server.resume();
    // It had been heard: who looks by the key finds it, or what he writes instead counts.
    until_it_writes(&store).await;
    let mut tx = store.read().await.unwrap();
    assert!(tx.effects().get(key(0)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_commit_after_a_statement_that_failed_is_refused() {
    let store = fresh().await;
    let mut tx = store.write().await.unwrap();
    tx.effects().intend(&intent(0)).await.unwrap();
    let mut other = crate::store::contract::world::bill("b1", 1);
    tx.bills().make(&other).await.unwrap();
    other.key.generation = 2;
    assert!(tx.bills().make(&other).await.is_err());
    let refused = error_of(tx.commit().await);
    assert!(
        matches!(refused, StoreError::Database { .. }),
        "{refused:?}"
    );
    assert!(!refused.may_pass());
    let mut tx = store.read().await.unwrap();
    assert!(tx.effects().get(key(0)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_server_that_is_read_only_still_reads_and_passes() {
    let server = PostgresServer::start();
    let url = server.database().await;
    let store = open_at(&url, &patient(), 1).await.unwrap();
    one_kept(&store).await;
    server
        .run("ALTER SYSTEM SET default_transaction_read_only = on")
        .await;
    server.run("SELECT pg_reload_conf()").await;
    let refused = loop {
        let mut tx = store.write().await.unwrap();
        match tx.messages().queue(&message("k", &phone(1))).await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => break error,
        }
    };
    assert!(refused.may_pass(), "{refused:?}");
    let mut tx = store.read().await.unwrap();
    assert!(tx.effects().get(key(0)).await.unwrap().is_some());
    drop(tx);
    server
        .run("ALTER SYSTEM RESET default_transaction_read_only")
        .await;
    server.run("SELECT pg_reload_conf()").await;
    until_it_writes(&store).await;
}

#[tokio::test]
async fn a_write_that_is_dropped_half_way_holds_nothing() {
    let url = PostgresServer::shared().database().await;
    let options = Options {
        connections: 2,
        ..patient()
    };
    let store = open_at(&url, &options, 1).await.unwrap();
    one_kept(&store).await;
    add(&store, &[job("b1")]).await;
    for _ in 0..20 {
        let mut tx = store.write().await.unwrap();
        tx.effects().get(key(0)).await.unwrap();
        // One waits for the row that is held, and neither is waited for.
        let waiting = async {
            let mut tx = store.write().await.unwrap();
            tx.effects().get(key(0)).await.unwrap();
        };
        let waited = tokio::time::timeout(Duration::from_millis(5), waiting).await;
        assert!(waited.is_err(), "the row was not held");
        drop(tx);
    }
    let mut tx = store.write().await.unwrap();
    let promised = tx.effects().promise(key(0), intent(0).asked_at).await;
    assert!(matches!(promised.unwrap(), Promised::Yes));
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_refused_without_its_password() {
    let server = PostgresServer::start();
    let url = server.url("nyota").replace("nyota@", "nyota:s3cret@");
    for absent in [true, false] {
        // First the database is not there, then the server.
        let refused = error_of(open_at(&url, &patient(), 1).await);
        let told = format!("{refused:?} {refused}");
        assert!(
            told.contains("be reached") && !told.contains("s3cret"),
            "{told}"
        );
        if absent {
            server.stop();
        }
    }
}
