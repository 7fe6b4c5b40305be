use super::{
    job::{claim, counts},
    world::{LEASE, add, at, job},
};
use crate::store::{Job, Store};

const OVER: i64 = 1 + LEASE.num_seconds();

/// Renews the lease of the job, and ends it in each of the three ways, with the lease it was claimed
/// with.
async fn end_in_every_way(store: &dyn Store, held: &Job) {
    let mut tx = store.write().await.unwrap();
    tx.jobs().renew(held, at(9 * OVER)).await.unwrap();
    tx.jobs().done(held).await.unwrap();
    tx.jobs().retry(held, at(0), "late").await.unwrap();
    tx.jobs().give_up(held, "late", at(0)).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn a_leased_job_comes_back_when_the_lease_is_over(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    let first = claim(store, 1, 9).await;
    assert!(claim(store, OVER - 1, 9).await.is_empty());
    let second = claim(store, OVER, 9).await;
    assert_eq!(first[0].id, second[0].id);
    assert_ne!(first[0].lease, second[0].lease);
    assert_eq!(second[0].attempts, 2);
}

pub(crate) async fn a_renewed_lease_lasts_as_long_as_was_said(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    let held = claim(store, 1, 9).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs().renew(&held[0], at(OVER + 20)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(claim(store, OVER + 19, 9).await.is_empty());
    assert_eq!(claim(store, OVER + 20, 9).await.len(), 1);
}

pub(crate) async fn an_old_lease_changes_nothing(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    let old = claim(store, 1, 9).await;
    let new = claim(store, OVER, 9).await;
    end_in_every_way(store, &old[0]).await;
    assert_eq!(counts(store).await, (1, 0));
    assert!(claim(store, OVER + 1, 9).await.is_empty());
    let mut tx = store.write().await.unwrap();
    tx.jobs().done(&new[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(store).await, (0, 0));
}

pub(crate) async fn an_old_lease_does_not_end_the_next_job_of_its_subject(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    let old = claim(store, 1, 9).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs().done(&old[0]).await.unwrap();
    tx.commit().await.unwrap();
    add(store, &[job("b1")]).await;
    let next = claim(store, 2, 9).await;
    end_in_every_way(store, &old[0]).await;
    assert_eq!(counts(store).await, (1, 0));
    assert_eq!(next.len(), 1);
}

pub(crate) async fn a_held_job_is_not_given_up_by_its_time(store: &dyn Store) {
    let mut short = job("b1");
    short.not_after = at(10);
    add(store, &[short]).await;
    let held = claim(store, 9, 9).await;
    assert!(claim(store, 11, 9).await.is_empty());
    assert_eq!(counts(store).await, (1, 0));
    let mut tx = store.write().await.unwrap();
    tx.jobs().done(&held[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(store).await, (0, 0));
}
