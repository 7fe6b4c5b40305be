use futures_util::future::join_all;

use super::world::at;
use crate::store::Store;

async fn begin(store: &dyn Store, job: &str, period: &str) -> bool {
    let mut tx = store.write().await.unwrap();
    let begins = tx.schedules().begin(job, period, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    begins
}

pub(crate) async fn a_period_is_begun_once(store: &dyn Store) {
    assert!(begin(store, "retention", "2026-03-02").await);
    assert!(!begin(store, "retention", "2026-03-02").await);
    assert!(begin(store, "retention", "2026-03-03").await);
    assert!(begin(store, "another", "2026-03-02").await);
}

pub(crate) async fn of_two_that_begin_a_period_at_once_one_does(store: &dyn Store) {
    let all = (0..8).map(|_| begin(store, "retention", "2026-03-02"));
    let begun = join_all(all).await.into_iter().filter(|begins| *begins);
    assert_eq!(begun.count(), 1);
}
