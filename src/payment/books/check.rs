use std::collections::BTreeMap;

use crate::{
    model::{Amount, Currency},
    store::{BillPosted, BillState, PaymentPosted, PaymentState, Store, StoreError, Sum},
};

/// Where the books do not agree: a sentence with the ids that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discord(pub String);

impl std::fmt::Display for Discord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many rows are read at once.
const AT_ONCE: u32 = 1000;

/// Proves that the books agree, as of one moment: every account's kept sum is that of its entries,
/// the accounts of each currency add up to nothing, every payment is posted once or waits, and every
/// bill has the contributions that its state says. Reads all of it; gives what does not agree.
pub async fn check(store: &dyn Store) -> Result<Vec<Discord>, StoreError> {
    let mut transaction = store.read().await?;
    let mut found = of_sums(&transaction.audit().sums().await?);
    let mut after = 0;
    loop {
        let rows = transaction.audit().payments_posted(after, AT_ONCE).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        found.extend(rows.iter().filter_map(|(_, payment)| of_payment(payment)));
    }
    after = 0;
    loop {
        let rows = transaction.audit().bills_posted(after, AT_ONCE).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        found.extend(rows.iter().filter_map(|(_, bill)| of_bill(bill)));
    }
    Ok(found)
}

fn of_sums(sums: &[Sum]) -> Vec<Discord> {
    let mut found = Vec::new();
    let mut totals: BTreeMap<String, i128> = BTreeMap::new();
    for sum in sums {
        let (rows, kept) = (said(sum.rows, sum.currency), said(sum.kept, sum.currency));
        if sum.rows != sum.kept {
            let account = &sum.account;
            let text = format!("{account}: its entries add up to {rows}, and {kept} is kept");
            found.push(Discord(text));
        }
        *totals.entry(sum.currency.to_string()).or_default() += i128::from(sum.rows);
    }
    let unbalanced = totals.into_iter().filter(|(_, total)| *total != 0);
    found.extend(unbalanced.map(|(currency, total)| {
        Discord(format!(
            "the accounts in {currency} add up to {total} minor units, not to nothing"
        ))
    }));
    found
}

/// Where its money must be by the state that it is in.
fn of_payment(payment: &PaymentPosted) -> Option<Discord> {
    let came = payment.paid.minor.max(0);
    let left = came.saturating_sub(payment.refunded);
    let held = match payment.state {
        PaymentState::Unmatched | PaymentState::Quarantined => left,
        PaymentState::Posted
        | PaymentState::SchemeTold
        | PaymentState::SmsSent
        | PaymentState::Reversed => 0,
        PaymentState::Received
        | PaymentState::Verified
        | PaymentState::Recorded
        | PaymentState::Matched => {
            return Some(Discord(format!(
                "payment {} was left {}",
                payment.id,
                payment.state.as_str()
            )));
        }
    };
    if (payment.cleared, payment.held) == (left, held) {
        return None;
    }
    let currency = payment.paid.currency;
    Some(Discord(format!(
        "payment {} is {} with {}: {} of it is in the ledger and {} in suspense",
        payment.id,
        payment.state.as_str(),
        said(left, currency),
        said(payment.cleared, currency),
        said(payment.held, currency)
    )))
}

/// What its contributions must be by the state that it is in.
fn of_bill(posted: &BillPosted) -> Option<Discord> {
    let (total, contributed) = (posted.total, posted.contributed);
    let agrees = match posted.state {
        BillState::Settled | BillState::Activated => contributed == total,
        BillState::PartPaid => posted.credit < contributed && contributed < total,
        // What credit pays of it is set aside while it can be paid.
        BillState::Draft
        | BillState::Queued
        | BillState::Submitted
        | BillState::SubmitUnknown
        | BillState::AwaitingNumber
        | BillState::Pooled
        | BillState::Payable
        | BillState::CancelRequested => contributed == posted.credit,
        BillState::Rejected
        | BillState::Expired
        | BillState::Cancelled
        | BillState::ClosedWithMoney => contributed == 0,
    };
    (!agrees).then(|| {
        Discord(format!(
            "bill {} is {} and costs {total} minor units, of which {contributed} were contributed",
            posted.id,
            posted.state.as_str()
        ))
    })
}

fn said(minor: i64, currency: Currency) -> String {
    format!("{currency} {}", Amount { minor, currency }.to_decimal())
}
