use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;

use super::world::{Node, Noted, add, add_many, job, now, quick, sealer, settled, store, until};
use crate::{
    outbox::Options,
    store::{NewJob, Priority, Store, sqlite::SqliteStore},
};

#[tokio::test]
async fn two_nodes_never_do_one_job_at_the_same_time() {
    let (store, work) = (store().await, Noted::taking(10));
    add_many(&*store, 100).await;
    let nodes = [(); 2].map(|()| Node::start(&store, &work, quick()));
    settled(&*store).await;
    for node in nodes {
        node.end().await;
    }
    let mut subjects = work.subjects();
    let runs = subjects.len();
    subjects.sort();
    subjects.dedup();
    assert_eq!((runs, subjects.len()), (100, 100));
    assert_eq!(work.doubled(), [""; 0]);
}

#[tokio::test]
async fn a_job_of_a_node_that_crashed_is_done_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let [one, other] = [(); 2].map(|()| async {
        let store = SqliteStore::open(&path, sealer()).await.unwrap();
        Arc::new(store) as Arc<dyn Store>
    });
    let (one, other) = (one.await, other.await);
    add(&*one, &[job("b1")]).await;
    let (endless, work) = (Noted::taking(600_000), Noted::taking(1));
    let options = Options {
        lease_seconds: 1,
        ..quick()
    };
    let crashing = Node::start(&one, &endless, options.clone());
    until(async || endless.ran_at("b1").is_some()).await;
    // For longer than a lease it is the first node's.
    let node = Node::start(&other, &work, options);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(work.subjects(), [""; 0]);
    crashing.crash();
    settled(&*other).await;
    assert_eq!(work.subjects(), ["b1"]);
    node.end().await;
}

#[tokio::test]
async fn a_day_is_begun_by_one_node() {
    let (store, work) = (store().await, Noted::taking(1));
    let nodes = [(); 4].map(|()| Node::start(&store, &work, quick()));
    until(async || work.days() > 0).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    for node in nodes {
        node.end().await;
    }
    assert_eq!(work.days(), 1);
}

#[tokio::test]
async fn what_is_past_its_time_is_given_up_and_told_and_never_run() {
    let (store, work) = (store().await, Noted::taking(1));
    let over = |subject: &str| NewJob {
        not_after: now() - TimeDelta::seconds(1),
        ..job(subject)
    };
    add(&*store, &[over("b1"), over("b2"), job("b3")]).await;
    let node = Node::start(&store, &work, quick());
    settled(&*store).await;
    node.end().await;
    assert_eq!(work.subjects(), ["b3"]);
    assert_eq!(work.given_up(), ["b1", "b2"]);
}

#[tokio::test]
async fn slow_work_keeps_no_urgent_job_of_its_route_waiting() {
    let (store, work) = (store().await, Noted::taking(60_000));
    add_many(&*store, 50).await;
    let options = quick();
    let room = usize::try_from(options.at_once).unwrap();
    let node = Node::start(&store, &work, options);
    until(async || work.subjects().len() == room).await;
    let urgent = NewJob {
        priority: Priority::Urgent,
        ..job("urgent")
    };
    add(&*store, &[urgent]).await;
    until(async || work.ran_at("urgent").is_some()).await;
    assert_eq!(work.subjects().len(), room + 1);
    node.crash();
}
