//! What a family's credit pays of its next bill.

use chrono::{DateTime, Utc};

use super::Billing;
use crate::{
    model::Amount,
    payment::{
        bill::{self, BillEvent},
        books::scheme_told_of,
    },
    store::{Account, Bill, NewBill, Posting, StoreError, Transaction},
};

impl Billing {
    /// Writes the bill down with its submission. The credit of its family is deducted from it; what
    /// credit pays wholly is settled at once, and nothing is submitted.
    pub(super) async fn make(
        &self,
        transaction: &mut dyn Transaction,
        mut new: NewBill,
        before: Option<Bill>,
        now: DateTime<Utc>,
    ) -> Result<Bill, StoreError> {
        let party = new.key.party();
        let currency = new.amount.currency;
        let credit = transaction.ledger().credit_of(&party, currency).await?;
        let covers = credit >= new.amount.minor;
        let taken = credit.clamp(0, new.amount.minor);
        if !covers {
            new.amount.minor -= taken;
            new.credit = taken;
        }
        let bill = transaction.bills().make(&new).await?;
        if bill.made.id != new.id {
            return Ok(bill);
        }
        if taken > 0 {
            take_credit(transaction, &new, taken, now).await?;
            if let Some(before) = before {
                bill::advance(transaction, &before.made.id, BillEvent::Released, now).await?;
            }
        }
        if covers {
            return covered(transaction, bill, now).await;
        }
        let job = self.submission_job(&new, now);
        transaction.jobs().add(&job).await?;
        Ok(bill)
    }
}

async fn take_credit(
    transaction: &mut dyn Transaction,
    bill: &NewBill,
    minor: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let posting = Posting {
        reference: format!("{} credit", bill.id),
        debit: Account::MemberCredit,
        credit: Account::ContributionsDue,
        amount: Amount {
            minor,
            currency: bill.amount.currency,
        },
        posted_at: now,
        bill: Some(bill.id.clone()),
        payment: None,
        party: Some(bill.key.party()),
    };
    transaction.ledger().post(&posting).await.map(drop)
}

/// Paid by credit alone: the scheme is told as of any payment.
async fn covered(
    transaction: &mut dyn Transaction,
    mut bill: Bill,
    now: DateTime<Utc>,
) -> Result<Bill, StoreError> {
    let id = bill.made.id.clone();
    bill::advance(transaction, &id, BillEvent::Covered, now).await?;
    bill.state = BillEvent::Covered.leads_to();
    let job = scheme_told_of(&bill, &id, now);
    transaction.jobs().add(&job).await?;
    Ok(bill)
}
