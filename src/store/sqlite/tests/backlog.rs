//! However many jobs wait, the next is found at once.

use std::time::{Duration, Instant};

use sqlx::AssertSqlSafe;

use super::fresh;
use crate::store::{
    Claim, NewJob, Priority, Rate, Store,
    contract::world::{add, at, at_most, job},
    sqlite::SqliteStore,
};

/// How many wait. `NYOTA_BACKLOG=1000000` makes it a million.
#[expect(
    clippy::disallowed_methods,
    reason = "a test that is run by hand in full"
)]
fn backlog() -> u32 {
    let number = std::env::var("NYOTA_BACKLOG").ok();
    number.map_or(100_000, |number| number.parse().unwrap())
}

/// Fills the outbox with reminders that are due, and with as many that will be tomorrow.
async fn fill(store: &SqliteStore) -> u32 {
    let (number, now) = (backlog(), at(0).timestamp_micros());
    let sql = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {number})
         INSERT INTO jobs (kind, subject, route, priority, run_at, not_after)
         SELECT 'submit_bill', n, 'gepg', 2,
            {now} + CASE n % 2 WHEN 0 THEN 86400000000 ELSE -n END, {now} + 900000000000
         FROM n"
    );
    let filled = sqlx::query(AssertSqlSafe(sql));
    filled.execute(&store.writer).await.unwrap();
    number
}

/// The least of five measurements: what it costs, without what else the machine does.
async fn least(mut measured: impl AsyncFnMut() -> Duration) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..5 {
        least = least.min(measured().await);
    }
    least
}

#[tokio::test]
async fn a_long_backlog_does_not_delay_an_urgent_job() {
    let store = fresh().await;
    let number = fill(&store).await;
    let claim = Claim {
        rate: Some(Rate {
            per_second: 1000,
            burst: 1000,
        }),
        ..at_most(1)
    };
    let mut subjects = Vec::new();
    let took = least(async || {
        let urgent = NewJob {
            priority: Priority::Urgent,
            ..job(&format!("urgent {}", subjects.len()))
        };
        let begun = Instant::now();
        add(&store, &[urgent]).await;
        let mut tx = store.read().await.unwrap();
        assert!(!tx.jobs().any_overdue(at(1)).await.unwrap());
        let routes = tx.jobs().open_routes().await.unwrap();
        assert_eq!(routes[0].urgent_due_at, Some(at(0)));
        drop(tx);
        let mut tx = store.write().await.unwrap();
        let claimed = tx.jobs().claim(&claim, at(1)).await.unwrap();
        tx.commit().await.unwrap();
        subjects.extend(claimed.into_iter().map(|job| job.subject));
        begun.elapsed()
    })
    .await;
    let urgent: Vec<_> = (0..5).map(|number| format!("urgent {number}")).collect();
    assert_eq!(subjects, urgent);
    assert!(
        took < Duration::from_millis(100),
        "{took:?} behind {number}"
    );
}

#[tokio::test]
async fn what_is_overdue_by_the_thousand_does_not_delay_an_urgent_job() {
    let store = fresh().await;
    let number = fill(&store).await;
    let (now, late) = (at(2_000_000), at(1_999_999));
    let urgent = NewJob {
        priority: Priority::Urgent,
        run_at: late,
        not_after: at(9_000_000),
        ..job("urgent")
    };
    add(&store, &[urgent]).await;
    let begun = Instant::now();
    let mut tx = store.write().await.unwrap();
    let overdue = tx.jobs().give_up_overdue(now).await.unwrap();
    let claimed = tx.jobs().claim(&at_most(8), now).await.unwrap();
    tx.commit().await.unwrap();
    let took = begun.elapsed();
    assert_eq!(overdue.len(), crate::store::OVERDUE_AT_ONCE);
    assert_eq!(claimed.len(), 1);
    assert!(took < Duration::from_secs(1), "{took:?} behind {number}");
}
