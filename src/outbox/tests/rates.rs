use std::time::Duration;

use tokio::time::Instant;

use super::world::{Node, Noted, add, add_many, job, quick, settled, store};
use crate::{
    outbox::Options,
    store::{NewJob, Rate},
};

fn at_rate(per_second: u32, burst: u32) -> Options {
    let mut options = quick();
    let rate = Rate { per_second, burst };
    options.rates.insert("gepg".to_owned(), rate);
    options
}

#[tokio::test]
async fn a_rate_holds_over_two_nodes() {
    let (store, work) = (store().await, Noted::taking(0));
    add_many(&*store, 20).await;
    let begun = Instant::now();
    let nodes = [(); 2].map(|()| Node::start(&store, &work, at_rate(10, 5)));
    settled(&*store).await;
    let took = begun.elapsed();
    for node in nodes {
        node.end().await;
    }
    // Five at once, and fifteen at ten a second.
    assert!(took >= Duration::from_millis(1490), "{took:?}");
    assert_eq!(work.subjects().len(), 20);
}

#[tokio::test]
async fn a_route_at_its_rate_keeps_no_other_route_waiting() {
    let (store, work) = (store().await, Noted::taking(0));
    add_many(&*store, 50).await;
    let other = NewJob {
        route: "scheme".to_owned(),
        ..job("other")
    };
    add(&*store, &[other]).await;
    let node = Node::start(&store, &work, at_rate(1, 1));
    super::world::until(async || work.ran_at("other").is_some()).await;
    assert!(work.subjects().len() < 40, "{:?}", work.subjects());
    node.end().await;
}
