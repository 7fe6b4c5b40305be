use chrono::{DateTime, Utc};

use super::{resolve::Unresolved, write::told_of};
use crate::{
    payment::bill::{self, BillEvent, advance},
    store::{BillState, JobKind, MoneyDeed, Store},
};

/// Where a bill is that a person cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelAsked {
    /// It had never left, and is cancelled.
    Cancelled,
    /// The gateway is asked to cancel it.
    Requested,
}

/// Cancels a bill that can be paid, and keeps who did it and why. Where the gateway has it, it is asked
/// by the outbox.
pub async fn cancel(
    store: &dyn Store,
    id: &str,
    (provider, (who, why)): (&str, (&str, &str)),
    now: DateTime<Utc>,
) -> Result<CancelAsked, Unresolved> {
    let mut transaction = store.write().await?;
    let bill = transaction.bills().get(id).await?;
    let bill = bill.ok_or_else(|| Unresolved::NoBill(id.to_owned()))?;
    if bill.state == BillState::CancelRequested {
        return Err(bill_is(id, bill.state));
    }
    let asked = if bill::end(&mut *transaction, &bill, BillEvent::Cancelled, now).await? {
        CancelAsked::Cancelled
    } else if advance(&mut *transaction, id, BillEvent::CancelAsked, now).await? {
        let mut job = told_of(JobKind::CancelBill, id, now);
        provider.clone_into(&mut job.route);
        transaction.jobs().add(&job).await?;
        CancelAsked::Requested
    } else {
        return Err(bill_is(id, bill.state));
    };
    let deed = MoneyDeed {
        subject: id.to_owned(),
        deed: "cancelled".to_owned(),
        who: who.to_owned(),
        why: why.to_owned(),
        at: now,
    };
    transaction.audit().note(&deed).await?;
    transaction.commit().await?;
    Ok(asked)
}

fn bill_is(id: &str, state: BillState) -> Unresolved {
    Unresolved::Bill {
        id: id.to_owned(),
        state,
    }
}
