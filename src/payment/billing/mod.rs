//! Making bills, having them submitted, and having them cancelled.

mod cancel;
mod credit;
mod options;
mod reconcile;
mod submit;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Days, NaiveDate, Utc};

pub use options::Options;
pub use reconcile::Reconciling;

use super::{
    Provider, Wake,
    bill::{self, BillEvent},
    judgement::Rules,
};
use crate::{
    model::{Amount, Clock, Language, MemberNumber, Msisdn, end_of_day, local_day},
    store::{
        Agreed, Bill, BillKey, BillState, JobKind, NewBill, NewJob, Priority, Share, Store,
        StoreError,
    },
};

/// What a bill is asked for: a quote, and who wants it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The scheme's name.
    pub scheme: String,
    /// Whose cover.
    pub member: MemberNumber,
    /// What is the same for all whom it covers, whoever of them asks.
    pub family: String,
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

/// How far a submission or a cancellation came: what its job does next.
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
        if let Some(old) = &ended {
            bill::end(&mut *transaction, old, BillEvent::Ended, now).await?;
        }
        let new = self.new_bill(wanted, generation, random, now);
        let bill = self.make(&mut *transaction, new, ended, now).await?;
        transaction.commit().await?;
        self.wake.bills_and_outbox();
        Ok(bill)
    }

    /// By what the payments of its bills are judged.
    pub fn rules(&self) -> Rules {
        self.options.rules(self.provider.sp_codes())
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
            member: wanted.member,
            phone: wanted.phone.clone(),
            language: wanted.language,
            set: wanted.set.clone(),
            payer: wanted.payer.clone(),
            persons: wanted.persons,
            amount: wanted.amount,
            credit: 0,
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
            member: self.member,
            language: self.language,
            set: self.set.clone(),
            from: self.from,
            to: self.to,
        }
    }

    fn key(&self, generation: u32) -> BillKey {
        BillKey {
            scheme: self.scheme.clone(),
            family: self.family.clone(),
            product: self.product.clone(),
            period: self.period.clone(),
            generation,
        }
    }
}

/// Whether this bill is the one that is wanted: paid already, or open with the same amount.
fn serves(bill: &Bill, wanted: &Wanted, now: DateTime<Utc>) -> bool {
    stands(bill, now) && (!bill::is_open(bill.state) || bill.made.total() == wanted.amount)
}

/// Whether a bill can be paid, or is and what it bought has not ended.
fn stands(bill: &Bill, now: DateTime<Utc>) -> bool {
    match bill.state {
        BillState::Settled => true,
        BillState::Activated => local_day(now) <= bill.made.to,
        BillState::Rejected
        | BillState::Expired
        | BillState::CancelRequested
        | BillState::Cancelled
        | BillState::ClosedWithMoney
        | BillState::Pooled => false,
        BillState::Draft
        | BillState::Queued
        | BillState::Submitted
        | BillState::SubmitUnknown
        | BillState::AwaitingNumber
        | BillState::Payable
        | BillState::PartPaid => !is_over(bill, now),
    }
}

fn is_over(bill: &Bill, now: DateTime<Utc>) -> bool {
    local_day(now) > bill.made.pay_by
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
