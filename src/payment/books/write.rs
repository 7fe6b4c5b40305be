//! What a verdict writes: entries of the ledger, the bill's move, its flag, and jobs.

use chrono::{DateTime, TimeDelta, Utc};

use super::meeting::Bills;
use crate::{
    model::Amount,
    payment::{
        bill::{self, BillEvent, advance},
        judgement::{Reason, Verdict, Way},
    },
    store::{
        Account, Bill, JobKind, NewJob, NewPayment, Posting, Priority, StoreError, Transaction,
    },
};

/// For how long the scheme is told of a payment, and its payer, before a person must.
const TELL_FOR: TimeDelta = TimeDelta::days(30);

/// The entries that a payment makes, from the account where its money lies.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    payment: &'a NewPayment,
    /// Where its money comes from.
    from: Account,
    /// What their references begin with: each is posted once.
    reference: String,
    now: DateTime<Utc>,
}

impl<'a> Entries<'a> {
    /// Of money that comes now.
    pub(super) fn of_new(payment: &'a NewPayment, now: DateTime<Utc>) -> Self {
        Self {
            payment,
            from: Account::GatewayClearing,
            reference: payment.id.clone(),
            now,
        }
    }

    /// Of money that waited in suspense.
    pub(super) fn of_held(payment: &'a NewPayment, now: DateTime<Utc>) -> Self {
        Self {
            payment,
            from: Account::Suspense,
            reference: format!("{} found", payment.id),
            now,
        }
    }

    pub(super) async fn write(
        &self,
        transaction: &mut dyn Transaction,
        verdict: &Verdict,
        bills: &Bills,
    ) -> Result<(), StoreError> {
        let paid = self.payment.paid.minor;
        let bill = match verdict {
            Verdict::Settle { bill, .. }
            | Verdict::Part { bill, .. }
            | Verdict::Credit { bill, .. } => bills.get(bill),
            Verdict::Hold(_) | Verdict::Wait(_) | Verdict::Repeat => None,
        };
        let Some(bill) = bill else {
            let waits = self.entry("", self.from, Account::Suspense, paid);
            return post(transaction, &waits).await;
        };
        match verdict {
            Verdict::Settle { over, fee, way, .. } => {
                self.settle(transaction, bill, (*over, *fee)).await?;
                self.settled(transaction, bill, way).await
            }
            Verdict::Part { short, .. } => {
                let due = self.entry("", self.from, Account::ContributionsDue, paid);
                post(transaction, &due.of_bill(bill)).await?;
                advance(transaction, &bill.made.id, BillEvent::PartPaid, self.now).await?;
                let flag = format!("short by {}", self.amount(*short).to_decimal());
                transaction.bills().flag(&bill.made.id, &flag).await?;
                self.tell_payer(transaction).await
            }
            Verdict::Credit { why, .. } => self.credit(transaction, bill, *why).await,
            Verdict::Hold(_) | Verdict::Wait(_) | Verdict::Repeat => Ok(()),
        }
    }

    /// The bill's due from where the money lies and from fees, the rest to credit.
    async fn settle(
        &self,
        transaction: &mut dyn Transaction,
        bill: &Bill,
        (over, fee): (i64, i64),
    ) -> Result<(), StoreError> {
        let due = self.payment.paid.minor.saturating_sub(over);
        let contribution = self.entry("", self.from, Account::ContributionsDue, due);
        post(transaction, &contribution.of_bill(bill)).await?;
        let kept = self.entry(" fee", Account::Fees, Account::ContributionsDue, fee);
        post(transaction, &kept.of_bill(bill)).await?;
        let rest = self.entry(" over", self.from, Account::MemberCredit, over);
        post(transaction, &rest.of_party(bill)).await?;
        let flag = if over > 0 {
            format!("overpaid by {}", self.amount(over).to_decimal())
        } else {
            String::new()
        };
        transaction.bills().flag(&bill.made.id, &flag).await
    }

    async fn settled(
        &self,
        transaction: &mut dyn Transaction,
        bill: &Bill,
        way: &Way,
    ) -> Result<(), StoreError> {
        let events: &[BillEvent] = match way {
            Way::Plainly => &[BillEvent::Paid],
            Way::Reopened => &[BillEvent::LateMoney, BillEvent::Reopened],
            Way::FromEarlier => &[BillEvent::Covered],
        };
        for event in events {
            advance(transaction, &bill.made.id, *event, self.now).await?;
        }
        let job = scheme_told_of(bill, &self.payment.id, self.now);
        transaction.jobs().add(&job).await
    }

    /// A bill that could still be paid, but not when this was, ends by it.
    async fn credit(
        &self,
        transaction: &mut dyn Transaction,
        bill: &Bill,
        why: Reason,
    ) -> Result<(), StoreError> {
        let paid = self.payment.paid.minor;
        let credit = self.entry("", self.from, Account::MemberCredit, paid);
        post(transaction, &credit.of_party(bill)).await?;
        if why == Reason::Late {
            if bill::allows(bill.state, BillEvent::Ended) {
                bill::end(transaction, bill, BillEvent::Ended, self.now).await?;
            }
            advance(transaction, &bill.made.id, BillEvent::LateMoney, self.now).await?;
        }
        let flag = format!("payment {}: {why}", self.payment.id);
        transaction.bills().flag(&bill.made.id, &flag).await?;
        self.tell_payer(transaction).await
    }

    async fn tell_payer(&self, transaction: &mut dyn Transaction) -> Result<(), StoreError> {
        let job = told_of(JobKind::TellPayer, &self.payment.id, self.now);
        transaction.jobs().add(&job).await
    }

    fn amount(&self, minor: i64) -> Amount {
        Amount {
            minor,
            currency: self.payment.paid.currency,
        }
    }

    fn entry(&self, what: &str, debit: Account, credit: Account, minor: i64) -> Posting {
        Posting {
            reference: format!("{}{what}", self.reference),
            debit,
            credit,
            amount: self.amount(minor),
            posted_at: self.now,
            bill: None,
            payment: Some(self.payment.id.clone()),
            party: None,
        }
    }
}

/// The job that tells a bill's scheme of what paid it: the payment, or the bill itself where that was
/// credit. It goes by that scheme's own route.
pub(crate) fn scheme_told_of(bill: &Bill, subject: &str, now: DateTime<Utc>) -> NewJob {
    NewJob {
        route: format!("scheme:{}", bill.made.key.scheme),
        ..told_of(JobKind::TellScheme, subject, now)
    }
}

/// The job that tells of a payment or of a bill.
pub(crate) fn told_of(kind: JobKind, subject: &str, now: DateTime<Utc>) -> NewJob {
    NewJob {
        kind,
        subject: subject.to_owned(),
        route: kind.route(),
        run_at: now,
        not_after: now + TELL_FOR,
        priority: Priority::Urgent,
    }
}

impl Posting {
    /// With the bill whose contributions it moves.
    fn of_bill(mut self, bill: &Bill) -> Self {
        self.bill = Some(bill.made.id.clone());
        self
    }

    /// With the family whose credit it moves.
    fn of_party(mut self, bill: &Bill) -> Self {
        self.party = Some(bill.made.key.party());
        self
    }
}

/// An amount that is not above zero is no entry: it is only recorded.
pub(super) async fn post(
    transaction: &mut dyn Transaction,
    posting: &Posting,
) -> Result<(), StoreError> {
    if posting.amount.minor <= 0 {
        return Ok(());
    }
    transaction.ledger().post(posting).await.map(drop)
}
