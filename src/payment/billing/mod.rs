//! Making bills and having them submitted.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Days, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Provider, SubmitError, Submitted, Wake,
    bill::{self, BillEvent},
    gepg::record_numbers,
    told::Numbered,
};
use crate::{
    model::{Amount, Clock, Language, MemberNumber, Msisdn, end_of_day, local_day},
    store::{
        Agreed, Bill, BillKey, BillState, JobKind, NewBill, NewJob, Priority, Share, Store,
        StoreError, Transaction,
    },
};

/// How bills are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many days a bill can be paid after the day it is made.
    #[schemars(range(min = 1))]
    pub days_to_pay: u32,
    /// After how many seconds without a control number the same bill is submitted again.
    #[schemars(range(min = 1))]
    pub ask_again_seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            days_to_pay: 30,
            ask_again_seconds: 120,
        }
    }
}

/// What a bill is asked for: a quote, and who wants it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The scheme's name.
    pub scheme: String,
    /// Whose cover.
    pub member: MemberNumber,
    /// Which product.
    pub product: String,
    /// What makes two quotes the same while nobody pays.
    pub period: String,
    /// Who asks: the control number and the news of its payment go there.
    pub phone: Msisdn,
    /// In which language she is told.
    pub language: Language,
    /// In the words of which menu set.
    pub set: String,
    /// The member's whole name, for the gateway.
    pub payer: String,
    /// How many persons it covers.
    pub persons: u32,
    /// How much.
    pub amount: Amount,
    /// First day of the cover, if paid by then.
    pub from: NaiveDate,
    /// Last day of the cover.
    pub to: NaiveDate,
}

/// How far a submission came: what its job does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is left to do: the bill has its number, or has come to its end.
    Over,
    /// The gateway has the bill: to be submitted again after this time, unless its number came.
    Awaited(Duration),
    /// No answer: the same bill is to be submitted again, later each time.
    Unanswered(String),
    /// The gateway refuses our settings: a person must act, the bill waits.
    Halted(String),
}

/// Bills of one payment provider.
#[derive(Debug)]
pub struct Billing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    provider: Arc<dyn Provider>,
    wake: Wake,
    options: Options,
}

impl Billing {
    /// Bills that are submitted to `provider`.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        provider: Arc<dyn Provider>,
        wake: Wake,
        options: Options,
    ) -> Self {
        Self {
            store,
            clock,
            provider,
            wake,
            options,
        }
    }

    /// The bill for what is wanted: the open one, or else the next generation of it, written down
    /// together with its submission. One that is paid and whose cover lasts is given as it is.
    /// Whose phone is given it gets the news of its payment. `random` names a new bill.
    pub async fn bill_for(&self, wanted: &Wanted, random: u128) -> Result<Bill, StoreError> {
        let now = self.clock.now();
        let mut transaction = self.store.write().await?;
        let newest = transaction.bills().newest(&wanted.key(1)).await?;
        let (generation, ended) = match newest {
            None => (1, None),
            Some(bill) if serves(&bill, wanted, now) => {
                transaction
                    .bills()
                    .share(&bill.made.id, &wanted.share())
                    .await?;
                transaction.commit().await?;
                return Ok(bill);
            }
            Some(bill) => (bill.made.key.generation.saturating_add(1), Some(bill)),
        };
        if let Some(old) = ended {
            bill::advance(&mut *transaction, &old.made.id, BillEvent::Ended, now).await?;
        }
        let new = self.new_bill(wanted, generation, random, now);
        let bill = transaction.bills().make(&new).await?;
        let job = self.submission_job(&new, now);
        transaction.jobs().add(&job).await?;
        transaction.commit().await?;
        self.wake.bills_and_outbox();
        Ok(bill)
    }

    /// The bill that a phone was given for what it agreed to, in whatever state.
    pub async fn given(&self, phone: &Msisdn, agreed: &Agreed) -> Result<Option<Bill>, StoreError> {
        self.store.read().await?.bills().given(phone, agreed).await
    }

    /// The same, unless it can neither be paid any more nor is.
    pub async fn standing(
        &self,
        phone: &Msisdn,
        agreed: &Agreed,
    ) -> Result<Option<Bill>, StoreError> {
        let given = self.given(phone, agreed).await?;
        Ok(given.filter(|bill| stands(bill, self.clock.now())))
    }

    /// Submits a bill and moves it on: what the outbox does for a job [`JobKind::SubmitBill`].
    ///
    /// # Errors
    /// The store could not be read or written, and the job is to be tried again.
    pub async fn submit(&self, id: &str) -> Result<Progress, StoreError> {
        let Some(bill) = self.awaiting(id).await? else {
            return Ok(Progress::Over);
        };
        let (event, progress) = match self.provider.submit(&bill).await {
            Ok(Submitted::Accepted) => (Some(BillEvent::Taken), self.awaited()),
            Ok(Submitted::Numbered(answers)) => return self.take_numbers(id, &answers).await,
            Ok(Submitted::Rejected(codes)) => {
                tracing::warn!(
                    bill = id,
                    codes,
                    "the payment gateway refused bill {id}: {codes}"
                );
                (Some(BillEvent::Refused), Progress::Over)
            }
            Err(error @ SubmitError::Unknown { .. }) => (
                Some(BillEvent::Unanswered),
                Progress::Unanswered(error.to_string()),
            ),
            Err(error @ SubmitError::Configuration { .. }) => {
                (None, Progress::Halted(error.to_string()))
            }
        };
        self.record(id, event, progress).await
    }

    /// The bill if it still wants a number; one whose time is over is ended.
    async fn awaiting(&self, id: &str) -> Result<Option<Bill>, StoreError> {
        let now = self.clock.now();
        let bill = self.store.read().await?.bills().get(id).await?;
        let Some(bill) = bill.filter(|bill| bill::wants_number(bill.state)) else {
            return Ok(None);
        };
        if !is_over(&bill, now) {
            return Ok(Some(bill));
        }
        let mut transaction = self.store.write().await?;
        bill::advance(&mut *transaction, id, BillEvent::Ended, now).await?;
        transaction.commit().await?;
        self.wake.bills();
        Ok(None)
    }

    /// Moves the bill. Its number may have overtaken the answer, so what is left to do is decided by
    /// where it then is.
    async fn record(
        &self,
        id: &str,
        event: Option<BillEvent>,
        progress: Progress,
    ) -> Result<Progress, StoreError> {
        let mut transaction = self.store.write().await?;
        if let Some(event) = event {
            bill::advance(&mut *transaction, id, event, self.clock.now()).await?;
        }
        let left = wants_number(&mut *transaction, id).await?;
        transaction.commit().await?;
        self.wake.bills();
        Ok(if left { progress } else { Progress::Over })
    }

    /// The numbers came in place of the acknowledgement.
    async fn take_numbers(&self, id: &str, answers: &[Numbered]) -> Result<Progress, StoreError> {
        let mut transaction = self.store.write().await?;
        record_numbers(&mut *transaction, answers, self.clock.now()).await?;
        let left = wants_number(&mut *transaction, id).await?;
        transaction.commit().await?;
        self.wake.bills();
        Ok(if left { self.awaited() } else { Progress::Over })
    }

    fn awaited(&self) -> Progress {
        Progress::Awaited(Duration::from_secs(self.options.ask_again_seconds))
    }

    fn new_bill(
        &self,
        wanted: &Wanted,
        generation: u32,
        random: u128,
        now: DateTime<Utc>,
    ) -> NewBill {
        let today = local_day(now);
        NewBill {
            id: bill::bill_id(random),
            key: wanted.key(generation),
            phone: wanted.phone.clone(),
            language: wanted.language,
            set: wanted.set.clone(),
            payer: wanted.payer.clone(),
            persons: wanted.persons,
            amount: wanted.amount,
            from: wanted.from,
            to: wanted.to,
            pay_by: today
                .checked_add_days(Days::new(self.options.days_to_pay.into()))
                .unwrap_or(today),
            made_at: now,
        }
    }
}

impl Wanted {
    fn share(&self) -> Share {
        Share {
            phone: self.phone.clone(),
            language: self.language,
            set: self.set.clone(),
            from: self.from,
            to: self.to,
        }
    }

    fn key(&self, generation: u32) -> BillKey {
        BillKey {
            scheme: self.scheme.clone(),
            member: self.member,
            product: self.product.clone(),
            period: self.period.clone(),
            generation,
        }
    }
}

/// Whether this bill is the one that is wanted: paid already, or open with the same amount.
fn serves(bill: &Bill, wanted: &Wanted, now: DateTime<Utc>) -> bool {
    stands(bill, now) && (!bill::is_open(bill.state) || bill.made.amount == wanted.amount)
}

/// Whether a bill can be paid, or is and what it bought has not ended.
fn stands(bill: &Bill, now: DateTime<Utc>) -> bool {
    match bill.state {
        BillState::Settled => true,
        BillState::Activated => local_day(now) <= bill.made.to,
        BillState::Rejected | BillState::Expired => false,
        BillState::Queued
        | BillState::SubmitUnknown
        | BillState::AwaitingNumber
        | BillState::Payable => !is_over(bill, now),
    }
}

fn is_over(bill: &Bill, now: DateTime<Utc>) -> bool {
    local_day(now) > bill.made.pay_by
}

async fn wants_number(transaction: &mut dyn Transaction, id: &str) -> Result<bool, StoreError> {
    let bill = transaction.bills().get(id).await?;
    Ok(bill.is_some_and(|bill| bill::wants_number(bill.state)))
}

impl Billing {
    /// The job outlives the bill's last day by one, so that it ends the bill before it is given up.
    fn submission_job(&self, bill: &NewBill, now: DateTime<Utc>) -> NewJob {
        NewJob {
            kind: JobKind::SubmitBill,
            subject: bill.id.clone(),
            route: self.provider.name().to_owned(),
            run_at: now,
            not_after: end_of_day(bill.pay_by) + chrono::TimeDelta::days(1),
            priority: Priority::Urgent,
        }
    }
}

#[cfg(test)]
mod tests;
