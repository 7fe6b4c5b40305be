use std::time::Duration;

use futures_util::{FutureExt, future::join_all};

use super::world::{at, phone};
use crate::{
    model::Language,
    store::{Store, StoreError},
};

async fn remember(store: &dyn Store, language: Language) {
    let mut tx = store.write().await.unwrap();
    tx.callers()
        .remember_language(&phone(1), language, at(0))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn language(store: &dyn Store) -> Option<Language> {
    let mut tx = store.read().await.unwrap();
    tx.callers().language(&phone(1)).await.unwrap()
}

pub(crate) async fn what_is_committed_lasts_and_what_is_dropped_is_undone(store: &dyn Store) {
    remember(store, Language::SWAHILI).await;
    let mut tx = store.write().await.unwrap();
    tx.callers()
        .remember_language(&phone(1), Language::FRENCH, at(1))
        .await
        .unwrap();
    let inside = tx.callers().language(&phone(1)).await.unwrap();
    assert_eq!(inside, Some(Language::FRENCH));
    drop(tx);
    assert_eq!(language(store).await, Some(Language::SWAHILI));
}

pub(crate) async fn a_read_sees_one_moment_and_does_not_wait_for_a_writer(store: &dyn Store) {
    remember(store, Language::SWAHILI).await;
    let mut before = store.read().await.unwrap();
    before.callers().language(&phone(1)).await.unwrap();
    let mut writing = store.write().await.unwrap();
    writing
        .callers()
        .remember_language(&phone(1), Language::FRENCH, at(1))
        .await
        .unwrap();
    assert_eq!(language(store).await, Some(Language::SWAHILI));
    writing.commit().await.unwrap();
    let still = before.callers().language(&phone(1)).await.unwrap();
    assert_eq!(still, Some(Language::SWAHILI));
    assert_eq!(language(store).await, Some(Language::FRENCH));
}

pub(crate) async fn a_read_writes_nothing(store: &dyn Store) {
    let mut tx = store.read().await.unwrap();
    let refused = tx
        .callers()
        .remember_language(&phone(1), Language::FRENCH, at(0))
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::Database { .. }), "{refused}");
    drop(tx);
    assert_eq!(language(store).await, None);
}

pub(crate) async fn writers_take_turns(store: &dyn Store) {
    let writers = (0..24_i64).map(|writer| async move {
        let mut tx = store.write().await.unwrap();
        let mut turns = tx.messages();
        let message = super::world::message(&writer.to_string(), &phone(1));
        let id = turns.queue(&message).await.unwrap();
        drop(turns);
        tokio::time::sleep(Duration::from_millis(1)).await;
        tx.commit().await.unwrap();
        id
    });
    let mut ids = join_all(writers).await;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 24);
    assert!(ids.iter().all(Option::is_some));
}

pub(crate) async fn a_write_that_was_not_waited_for_holds_up_nobody(store: &dyn Store) {
    for _ in 0..20 {
        // Polled once and dropped, as a turn does whose time is over.
        drop(store.write().now_or_never());
        let mut tx = store.write().await.unwrap();
        let queued = super::world::message("once", &phone(1));
        let writing = tx.messages().queue(&queued).now_or_never();
        drop(writing);
        drop(tx);
    }
    remember(store, Language::SWAHILI).await;
    assert_eq!(language(store).await, Some(Language::SWAHILI));
}
