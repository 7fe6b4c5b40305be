use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, watch};

use super::world::{Noted, add, job, quick};
use crate::{
    model::{Clock as _, FixedClock, SystemChance},
    outbox::{Outbox, World},
    store::{Store as _, memory::MemoryStore},
};

fn leased_until(store: &MemoryStore, subject: &str) -> DateTime<Utc> {
    let rows = store.rows();
    let mut jobs = rows.jobs.values();
    let job = jobs.find(|job| job.subject == subject);
    job.unwrap().leased_until
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_whole_where_its_claim_had_to_wait_for_another_writer() {
    let store = MemoryStore::new();
    let due = job("b1");
    let clock = Arc::new(FixedClock::new(due.run_at));
    add(&store, &[due]).await;
    let other = store.write().await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let world = World {
        store: Arc::new(store.clone()),
        work: Noted::taking(60_000),
        clock: Arc::clone(&clock) as _,
        chance: Arc::new(SystemChance),
        bell: Arc::<Notify>::default(),
    };
    let options = quick();
    let lease = TimeDelta::seconds(options.lease_seconds.into());
    let running = tokio::spawn(Outbox::new(world, options).run(stopped));
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    clock.advance(TimeDelta::seconds(12));
    drop(other);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(leased_until(&store, "b1"), clock.now() + lease);
    stop.send_replace(true);
    running.abort();
}
