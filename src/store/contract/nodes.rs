use futures_util::future::join;

use super::{
    job::LEASE,
    world::{add, at, day, job, phone},
};
use crate::store::{JobKind, Store};

/// Claims jobs one by one until there are none, and gives their subjects.
async fn claim_all(store: &dyn Store) -> Vec<String> {
    let mut subjects = Vec::new();
    loop {
        let mut tx = store.write().await.unwrap();
        let claimed = tx
            .jobs()
            .claim(JobKind::SubmitBill, at(1), 1, LEASE)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        if claimed.is_empty() {
            return subjects;
        }
        subjects.extend(claimed.into_iter().map(|job| job.subject));
    }
}

pub(crate) async fn two_nodes_never_claim_one_job(one: &dyn Store, other: &dyn Store) {
    let jobs: Vec<_> = (0..40).map(|number| job(&number.to_string())).collect();
    add(one, &jobs).await;
    let (mut subjects, more) = join(claim_all(one), claim_all(other)).await;
    subjects.extend(more);
    let claimed = subjects.len();
    subjects.sort();
    subjects.dedup();
    assert_eq!((claimed, subjects.len()), (40, 40));
}

/// Asks about ten numbers, from `first` on, and gives how many it may.
async fn ask_ten(store: &dyn Store, first: u32) -> u32 {
    let mut allowed = 0;
    for number in first..first + 10 {
        let mut tx = store.write().await.unwrap();
        let mut enquiries = tx.enquiries();
        let on = day("2026-03-02");
        let may = enquiries.ask(&phone(1), on, &number.to_string(), 10).await;
        allowed += u32::from(may.unwrap());
        drop(enquiries);
        tx.commit().await.unwrap();
    }
    allowed
}

pub(crate) async fn a_write_that_reads_first_is_not_overtaken_by_another_node(
    one: &dyn Store,
    other: &dyn Store,
) {
    let (some, more) = join(ask_ten(one, 0), ask_ten(other, 10)).await;
    assert_eq!(some + more, 10);
}
