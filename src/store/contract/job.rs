use futures_util::future::join_all;

use super::world::{add, at, at_most, job};
use crate::store::{Job, JobKind, NewJob, Priority, Store};

pub(super) async fn claim(store: &dyn Store, seconds: i64, limit: u32) -> Vec<Job> {
    let mut tx = store.write().await.unwrap();
    tx.jobs().give_up_overdue(at(seconds)).await.unwrap();
    let claim = at_most(limit);
    let jobs = tx.jobs().claim(&claim, at(seconds)).await.unwrap();
    tx.commit().await.unwrap();
    jobs
}

/// How many jobs are open and how many were given up.
pub(super) async fn counts(store: &dyn Store) -> (u64, u64) {
    let mut tx = store.read().await.unwrap();
    let open = tx.jobs().open().await.unwrap();
    (open, tx.jobs().given_up().await.unwrap())
}

pub(super) fn subjects(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.subject.as_str()).collect()
}

pub(crate) async fn two_claims_at_once_never_get_one_job(store: &dyn Store) {
    let jobs: Vec<_> = (0..40).map(|number| job(&number.to_string())).collect();
    add(store, &jobs).await;
    let claims = (0..10).map(|_| claim(store, 1, 5));
    let claimed: Vec<_> = join_all(claims).await.into_iter().flatten().collect();
    let mut ids: Vec<_> = claimed.iter().map(|job| job.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((claimed.len(), ids.len()), (40, 40));
}

pub(crate) async fn urgent_jobs_go_first_and_then_the_oldest(store: &dyn Store) {
    let with = |subject: &str, priority, seconds| NewJob {
        priority,
        run_at: at(seconds),
        ..job(subject)
    };
    let jobs = [
        with("low", Priority::Low, -9),
        with("normal, later", Priority::Normal, 2),
        with("normal", Priority::Normal, 1),
        with("urgent", Priority::Urgent, 3),
        with("urgent, to come", Priority::Urgent, 5),
    ];
    add(store, &jobs).await;
    let first = claim(store, 4, 2).await;
    assert_eq!(subjects(&first), ["urgent", "normal"]);
    let rest = claim(store, 4, 9).await;
    assert_eq!(subjects(&rest), ["normal, later", "low"]);
}

pub(crate) async fn a_job_is_taken_back_unless_someone_runs_it(store: &dyn Store) {
    add(store, &[job("c1"), job("c2")]).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs()
        .cancel(JobKind::SubmitBill, "c1", at(1))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(subjects(&claim(store, 1, 9).await), ["c2"]);
    let mut tx = store.write().await.unwrap();
    tx.jobs()
        .cancel(JobKind::SubmitBill, "c2", at(2))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(store).await, (1, 0));
}

pub(crate) async fn a_job_is_not_claimed_before_its_time(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    assert!(claim(store, -1, 9).await.is_empty());
    let claimed = claim(store, 0, 9).await;
    let [claimed] = claimed.as_slice() else {
        panic!("not one job: {claimed:?}");
    };
    assert_eq!(
        (claimed.kind, claimed.subject.as_str()),
        (JobKind::SubmitBill, "b1")
    );
    assert_eq!((claimed.attempts, claimed.not_after), (1, at(3600)));
}

pub(crate) async fn a_second_job_of_one_kind_and_subject_is_the_same(store: &dyn Store) {
    let mut again = job("b1");
    again.priority = Priority::Urgent;
    let mut other_kind = job("b1");
    other_kind.kind = JobKind::TellScheme;
    other_kind.route = "scheme".to_owned();
    add(store, &[job("b1"), again, other_kind]).await;
    assert_eq!(counts(store).await, (2, 0));
    claim(store, 1, 9).await;
    add(store, &[job("b1")]).await;
    assert!(claim(store, 2, 9).await.is_empty());
}

pub(crate) async fn a_done_job_is_gone_and_can_be_added_again(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    let claimed = claim(store, 1, 9).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs().done(&claimed[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(store).await, (0, 0));
    add(store, &[job("b1")]).await;
    assert_eq!(claim(store, 2, 9).await[0].attempts, 1);
}

pub(crate) async fn a_retried_job_comes_back_at_its_time(store: &dyn Store) {
    add(store, &[job("b1")]).await;
    let claimed = claim(store, 1, 9).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs()
        .retry(&claimed[0], at(5), "no answer")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(claim(store, 4, 9).await.is_empty());
    assert_eq!(claim(store, 5, 9).await[0].attempts, 2);
}

pub(crate) async fn a_job_past_its_time_is_given_up(store: &dyn Store) {
    let mut late = job("late");
    late.not_after = at(10);
    add(store, &[late, job("b1")]).await;
    let claimed = claim(store, 11, 9).await;
    assert_eq!(subjects(&claimed), ["b1"]);
    assert_eq!(counts(store).await, (1, 1));
    let mut tx = store.write().await.unwrap();
    tx.jobs()
        .give_up(&claimed[0], "refused", at(12))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(store).await, (0, 2));
    assert!(claim(store, 100, 9).await.is_empty());
}

pub(crate) async fn a_job_that_was_given_up_begins_anew_when_added(store: &dyn Store) {
    let mut late = job("b1");
    late.not_after = at(10);
    add(store, &[late]).await;
    assert!(claim(store, 11, 9).await.is_empty());
    let mut again = job("b1");
    again.run_at = at(20);
    add(store, &[again]).await;
    assert_eq!(counts(store).await, (1, 0));
    assert!(claim(store, 19, 9).await.is_empty());
    let claimed = claim(store, 20, 9).await;
    assert_eq!((claimed[0].attempts, claimed[0].not_after), (1, at(3600)));
}

pub(crate) async fn a_waiting_job_is_woken_and_a_leased_one_left_alone(store: &dyn Store) {
    let mut waiting = job("b1");
    waiting.run_at = at(100);
    add(store, &[waiting, job("b2")]).await;
    claim(store, 1, 9).await;
    let mut tx = store.write().await.unwrap();
    for subject in ["b1", "b2", "nothing"] {
        let kind = JobKind::SubmitBill;
        tx.jobs().wake(kind, subject, at(2)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(subjects(&claim(store, 2, 9).await), ["b1"]);
}

pub(crate) async fn the_next_job_is_told_also_while_it_runs(store: &dyn Store) {
    let next = async || store.read().await.unwrap().jobs().next().await.unwrap();
    assert_eq!(next().await, None);
    let later = NewJob {
        run_at: at(9),
        ..job("later")
    };
    add(store, &[job("first"), later]).await;
    let first = next().await;
    assert!(first.is_some_and(|first| first < at(9)));
    let claimed = claim(store, 1, 1).await;
    assert_eq!(next().await, first);
    let mut tx = store.write().await.unwrap();
    tx.jobs().done(&claimed[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(next().await, Some(at(9)));
}
