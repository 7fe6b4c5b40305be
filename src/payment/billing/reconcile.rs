//! Asking the gateway for what was paid on a day.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::Billing;
use crate::{
    payment::{
        ReconcileDay, SubmitError,
        told::{CodeMeaning, Codes},
    },
    store::{JobKind, NewJob, NewReconciliation, Priority, StoreError},
};

/// For how long a day is left alone that is not ready.
const PATIENCE: Duration = Duration::from_mins(30);

/// How far asking for a day came: what its job does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reconciling {
    /// The gateway sends them, or has. Where they do not come, the next day asks again.
    Over,
    /// The day is not ready.
    Later {
        /// What is waited for, in few words.
        why: String,
        /// After how long to look again.
        after: Duration,
    },
    /// No answer: asked again with the same id.
    Failed(String),
    /// The gateway will not answer for this day: a person must look.
    Refused(String),
}

impl Billing {
    /// Adds a job for each service provider and each of the days before `today`.
    pub async fn plan_reconciliations(&self, today: NaiveDate) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut transaction = self.store.write().await?;
        for sp_code in self.provider.sp_codes() {
            for days in 1..=self.options.reconcile_days {
                let day = today.checked_sub_days(Days::new(days.into()));
                let day = day.unwrap_or(today);
                let job = NewJob {
                    kind: JobKind::Reconcile,
                    subject: format!("{sp_code} {day}"),
                    route: self.provider.name().to_owned(),
                    run_at: now,
                    // The next day asks again.
                    not_after: now + TimeDelta::hours(22),
                    priority: Priority::Low,
                };
                transaction.jobs().add(&job).await?;
            }
        }
        transaction.commit().await
    }

    /// Asks for one day of one service provider, named as the job's subject is, until its payments
    /// are there: what the outbox does for a job [`JobKind::Reconcile`]. `random` names a request.
    pub async fn reconcile(&self, subject: &str, random: u128) -> Result<Reconciling, StoreError> {
        let named = subject.split_once(' ');
        let day = named.and_then(|(sp_code, day)| Some((sp_code, day.parse().ok()?)));
        let Some((sp_code, day)) = day else {
            let why = "its subject is no service provider and day".to_owned();
            return Ok(Reconciling::Refused(why));
        };
        let now = self.clock.now();
        let newest = self.newest_request(sp_code, day).await?;
        let request = match newest {
            Some((_, Some(answered))) if now - answered < TimeDelta::hours(12) => {
                return Ok(Reconciling::Over);
            }
            // Not answered: the same request again.
            Some((request, None)) => request,
            Some((_, Some(_))) | None => self.new_request(sp_code, day, random).await?,
        };
        let asked = ReconcileDay {
            request: request.clone(),
            sp_code: sp_code.to_owned(),
            day,
        };
        Ok(match self.provider.reconcile(&asked).await {
            Ok(codes) => follow(&codes),
            Err(error @ SubmitError::Unknown { .. }) => Reconciling::Failed(error.to_string()),
            Err(error @ SubmitError::Configuration { .. }) => {
                let why = error.to_string();
                tracing::error!(why, "the payment gateway refuses our settings: {why}");
                Reconciling::Failed(why)
            }
        })
    }

    async fn newest_request(
        &self,
        sp_code: &str,
        day: NaiveDate,
    ) -> Result<Option<(String, Option<DateTime<Utc>>)>, StoreError> {
        let mut transaction = self.store.read().await?;
        let provider = self.provider.name();
        let newest = transaction
            .reconciliations()
            .newest(provider, sp_code, day)
            .await?;
        Ok(newest.map(|it| (it.asked.request, it.answered_at)))
    }

    /// A request with an id of digits, stored before it is sent: its answer may overtake ours.
    async fn new_request(
        &self,
        sp_code: &str,
        day: NaiveDate,
        random: u128,
    ) -> Result<String, StoreError> {
        let now = self.clock.now();
        let request = format!("{}{:06}", now.format("%Y%m%d%H%M%S"), random % 1_000_000);
        let new = NewReconciliation {
            provider: self.provider.name().to_owned(),
            sp_code: sp_code.to_owned(),
            day,
            request: request.clone(),
            asked_at: now,
        };
        let mut transaction = self.store.write().await?;
        transaction.reconciliations().ask(&new).await?;
        transaction.commit().await?;
        Ok(request)
    }
}

/// What the acknowledgement of a request means; the payments come by a call of the gateway's.
fn follow(codes: &Codes) -> Reconciling {
    match codes.meaning {
        CodeMeaning::Success | CodeMeaning::AlreadyOurs | CodeMeaning::Information => {
            Reconciling::Over
        }
        CodeMeaning::NotReady => Reconciling::Later {
            why: format!("the day is not ready: {codes}"),
            after: PATIENCE,
        },
        CodeMeaning::BackOff | CodeMeaning::Configuration => {
            Reconciling::Failed(format!("the gateway answered {codes}"))
        }
        CodeMeaning::BadDate
        | CodeMeaning::Settled
        | CodeMeaning::Cancelled
        | CodeMeaning::Expired
        | CodeMeaning::Rejected
        | CodeMeaning::Unknown => {
            Reconciling::Refused(format!("the gateway will not answer for this day: {codes}"))
        }
    }
}
