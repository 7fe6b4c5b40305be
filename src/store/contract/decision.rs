use super::{
    job::{claim, counts, subjects},
    world::{add, at, job},
};
use crate::store::{Decision, JobFilter, JobKind, JobRow, JobVerdict, Store};

fn decision(verdict: JobVerdict) -> Decision {
    Decision {
        verdict,
        by: "neema".to_owned(),
        why: "she came to the office".to_owned(),
        at: at(100),
    }
}

/// Adds jobs and gives up those that are named, a second after each other.
async fn given_up(store: &dyn Store, all: &[&str], given_up: &[&str]) {
    let jobs: Vec<_> = all.iter().map(|subject| job(subject)).collect();
    add(store, &jobs).await;
    let claimed = claim(store, 1, 9).await;
    let mut tx = store.write().await.unwrap();
    for (subject, seconds) in given_up.iter().zip(10..) {
        let held = claimed.iter().find(|job| job.subject == *subject).unwrap();
        tx.jobs()
            .give_up(held, "refused", at(seconds))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

async fn list(store: &dyn Store, filter: JobFilter) -> Vec<JobRow> {
    let mut tx = store.read().await.unwrap();
    tx.decisions().jobs(filter).await.unwrap()
}

fn up_to(limit: u32) -> JobFilter {
    JobFilter {
        limit,
        ..JobFilter::default()
    }
}

fn about(rows: &[JobRow]) -> Vec<&str> {
    rows.iter().map(|row| row.subject.as_str()).collect()
}

async fn decide(store: &dyn Store, id: i64, verdict: JobVerdict) -> Option<JobRow> {
    let mut tx = store.write().await.unwrap();
    let decided = tx.decisions().decide(id, &decision(verdict)).await.unwrap();
    tx.commit().await.unwrap();
    decided
}

pub(crate) async fn what_was_given_up_is_listed_the_newest_first(store: &dyn Store) {
    given_up(store, &["b1", "b2", "b3", "b4"], &["b1", "b2", "b3"]).await;
    let rows = list(store, up_to(2)).await;
    assert_eq!(about(&rows), ["b3", "b2"]);
    let row = &rows[0];
    assert_eq!(
        (row.kind, row.route.as_str()),
        (JobKind::SubmitBill, "gepg")
    );
    assert_eq!((row.attempts, row.why.as_str()), (1, "refused"));
    assert_eq!((row.run_at, row.not_after), (at(0), at(3600)));
    assert_eq!(row.given_up_at, Some(at(12)));
    let of = async |kind| {
        let kind = Some(kind);
        list(store, JobFilter { kind, ..up_to(9) }).await.len()
    };
    assert_eq!(of(JobKind::SubmitBill).await, 3);
    assert_eq!(of(JobKind::TellScheme).await, 0);
}

pub(crate) async fn open_jobs_are_listed_behind_those_that_were_given_up(store: &dyn Store) {
    given_up(store, &["b1", "b2"], &["b2"]).await;
    let all = |limit| JobFilter {
        all: true,
        ..up_to(limit)
    };
    let rows = list(store, all(9)).await;
    assert_eq!(about(&rows), ["b2", "b1"]);
    assert_eq!(rows[1].given_up_at, None);
    assert!(rows[1].leased_until > at(1));
    assert_eq!(about(&list(store, all(1)).await), ["b2"]);
    assert_eq!(about(&list(store, up_to(9)).await), ["b2"]);
}

pub(crate) async fn a_job_that_is_to_be_tried_again_begins_anew(store: &dyn Store) {
    given_up(store, &["b1"], &["b1"]).await;
    let id = list(store, up_to(1)).await[0].id;
    let not_after = at(9000);
    let was = decide(store, id, JobVerdict::Retry { not_after }).await;
    assert_eq!(was.unwrap().given_up_at, Some(at(10)));
    assert!(list(store, up_to(9)).await.is_empty());
    assert!(claim(store, 99, 9).await.is_empty());
    let claimed = claim(store, 100, 9).await;
    assert_eq!(subjects(&claimed), ["b1"]);
    assert_eq!((claimed[0].attempts, claimed[0].not_after), (1, not_after));
}

pub(crate) async fn a_dropped_job_is_gone_and_who_dropped_it_is_kept(store: &dyn Store) {
    given_up(store, &["b1", "b2"], &["b1", "b2"]).await;
    let rows = list(store, up_to(9)).await;
    for row in &rows {
        assert_eq!(
            decide(store, row.id, JobVerdict::Drop).await.as_ref(),
            Some(row)
        );
    }
    assert_eq!(counts(store).await, (0, 0));
    let mut tx = store.read().await.unwrap();
    let decided = tx.decisions().newest(1).await.unwrap();
    assert_eq!(decided.len(), 1);
    let last = &decided[0];
    assert_eq!((last.job, last.kind), (rows[1].id, JobKind::SubmitBill));
    assert_eq!(
        [&last.subject, &last.decision, &last.by, &last.why],
        ["b1", "dropped", "neema", "she came to the office"]
    );
    assert_eq!(last.at, at(100));
}

pub(crate) async fn nothing_is_decided_about_a_job_that_was_not_given_up(store: &dyn Store) {
    given_up(store, &["b1"], &[]).await;
    let all = JobFilter {
        all: true,
        ..up_to(1)
    };
    let id = list(store, all).await[0].id;
    assert_eq!(decide(store, id, JobVerdict::Drop).await, None);
    assert_eq!(decide(store, id + 1, JobVerdict::Drop).await, None);
    assert_eq!(counts(store).await, (1, 0));
    let mut tx = store.read().await.unwrap();
    assert!(tx.decisions().newest(9).await.unwrap().is_empty());
}
