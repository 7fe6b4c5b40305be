use chrono::{DateTime, Utc};

use super::BillEvent;
use crate::{
    model::Amount,
    store::{Account, Bill, Posting, StoreError, Transaction},
};

/// Lets an event happen to a bill; false where it is not allowed in the bill's state, and nothing
/// changed.
pub async fn advance(
    transaction: &mut dyn Transaction,
    id: &str,
    event: BillEvent,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    transaction
        .bills()
        .advance(id, &event.leaves(), event.leads_to(), now)
        .await
}

/// Ends an open bill; what was paid on it, and the credit that it took, is its family's credit again.
/// False where it is not open.
pub async fn end(
    transaction: &mut dyn Transaction,
    bill: &Bill,
    event: BillEvent,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let id = &bill.made.id;
    if !advance(transaction, id, event, now).await? {
        return Ok(false);
    }
    let minor = transaction.ledger().contributed(id).await?;
    if minor > 0 {
        let amount = Amount {
            minor,
            currency: bill.made.amount.currency,
        };
        let posting = Posting {
            reference: format!("{id} ended"),
            debit: Account::ContributionsDue,
            credit: Account::MemberCredit,
            amount,
            posted_at: now,
            bill: Some(id.clone()),
            payment: None,
            party: Some(bill.made.key.party()),
        };
        transaction.ledger().post(&posting).await?;
    }
    Ok(true)
}
