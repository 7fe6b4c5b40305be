use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{
    model::local_day,
    store::{JobKind, NewJob, Priority, Store, StoreError},
};

/// What is done once a day, and from which hour of the local day on.
const DAILY: [(JobKind, i64); 2] = [
    // When few dial.
    (JobKind::Retention, 3),
    // When the gateway has closed the day before.
    (JobKind::Reconcile, 5),
];

/// The days that this node knows to be begun, so that it need not ask the store each time.
#[derive(Debug, Default)]
pub(super) struct Daily {
    begun: [Option<NaiveDate>; DAILY.len()],
}

impl Daily {
    /// Whether this node does not know whether a day is begun.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        let known = DAILY.iter().zip(&self.begun);
        known
            .into_iter()
            .any(|((_, hour), begun)| *begun != Some(day(now, *hour)))
    }

    /// Adds the day's jobs where their hour has come and no node has added them.
    pub(super) async fn begin(
        &mut self,
        store: &dyn Store,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for ((kind, hour), begun) in DAILY.into_iter().zip(&mut self.begun) {
            let day = day(now, hour);
            if *begun != Some(day) {
                begin_day(store, &job_of(kind, day, now), now).await?;
                *begun = Some(day);
            }
        }
        Ok(())
    }
}

fn day(now: DateTime<Utc>, hour: i64) -> NaiveDate {
    local_day(now - TimeDelta::hours(hour))
}

/// In one transaction, so that a day that is begun has its job.
async fn begin_day(store: &dyn Store, job: &NewJob, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    let kind = job.kind.as_str();
    let begins = transaction
        .schedules()
        .begin(kind, &job.subject, now)
        .await?;
    if begins {
        transaction.jobs().add(job).await?;
    }
    transaction.commit().await
}

fn job_of(kind: JobKind, day: NaiveDate, now: DateTime<Utc>) -> NewJob {
    NewJob {
        kind,
        subject: day.to_string(),
        route: kind.route(),
        run_at: now,
        // The next day's does the rest.
        not_after: now + TimeDelta::days(1),
        priority: Priority::Low,
    }
}
