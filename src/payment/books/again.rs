use chrono::{DateTime, Utc};

use super::{meeting::Bills, write::Entries};
use crate::{
    payment::{
        judgement::{Before, Reason, Rules, Verdict},
        step::PaymentEvent,
        told::PaidEntry,
    },
    store::{Bill, Booking, NewPayment, PaymentOutcome, StoreError, Transaction},
};

/// Matches the money that waited for this bill or its number.
pub(super) async fn match_again(
    transaction: &mut dyn Transaction,
    bill: &Bill,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let waiting = transaction
        .payments()
        .unmatched(&bill.made.id, bill.number)
        .await?;
    for payment in waiting {
        let told = told_again(&payment.recorded);
        let bills = Bills::of(transaction, &told).await?;
        let verdict = bills.judge(&told, Before::Never, true, rules);
        follow(transaction, (&payment.recorded, &verdict), &bills, now).await?;
    }
    Ok(())
}

/// Does with money that waits in suspense what a verdict says; false where it is to wait on.
pub(super) async fn follow(
    transaction: &mut dyn Transaction,
    (payment, verdict): (&NewPayment, &Verdict),
    bills: &Bills,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (bill, outcome, why) = match verdict {
        Verdict::Settle { bill, .. } => (bill, PaymentOutcome::Settled, String::new()),
        Verdict::Part { bill, .. } => (bill, PaymentOutcome::Part, String::new()),
        Verdict::Credit { bill, why } => (bill, PaymentOutcome::Credit, why.to_string()),
        Verdict::Hold(why) => {
            return hold(transaction, payment, *why, now).await;
        }
        Verdict::Wait(_) | Verdict::Repeat => return Ok(false),
    };
    if !happen(transaction, &payment.id, PaymentEvent::Matched, now).await? {
        return Ok(false);
    }
    let booking = Booking {
        bill: Some(bill.clone()),
        outcome,
        reason: why,
    };
    transaction.payments().book(&payment.id, &booking).await?;
    happen(transaction, &payment.id, PaymentEvent::Posted, now).await?;
    let entries = Entries::of_held(payment, now);
    entries.write(transaction, verdict, bills).await?;
    Ok(true)
}

async fn hold(
    transaction: &mut dyn Transaction,
    payment: &NewPayment,
    why: Reason,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let booking = Booking {
        bill: payment.bill.clone(),
        outcome: PaymentOutcome::Nothing,
        reason: why.to_string(),
    };
    if happen(transaction, &payment.id, PaymentEvent::Held, now).await? {
        transaction.payments().book(&payment.id, &booking).await?;
    }
    Ok(false)
}

/// Lets an event happen to a payment; false where it is not allowed in its state.
pub(super) async fn happen(
    transaction: &mut dyn Transaction,
    id: &str,
    event: PaymentEvent,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    transaction
        .payments()
        .advance(id, &event.leaves(), event.leads_to(), now)
        .await
}

/// A recorded payment as it was told.
pub(super) fn told_again(payment: &NewPayment) -> PaidEntry {
    PaidEntry {
        trx_id: payment.provider_key.clone(),
        sp_code: payment.sp_code.clone(),
        pay_ref_id: payment.gateway_reference.clone(),
        bill: payment.told_bill.clone(),
        number: payment.number,
        group_number: None,
        bill_amount: None,
        paid: Some(payment.paid),
        original_paid: payment.paid.to_decimal(),
        currency: payment.paid.currency.to_string(),
        pay_option: String::new(),
        paid_at: Some(payment.paid_at),
        original_time: payment.told_time.clone(),
        channel: payment.channel.clone(),
        payer_phone: payment.payer.clone(),
        payer_name: String::new(),
        psp: payment.operator.clone(),
        psp_receipt: payment.receipt.clone(),
        account: String::new(),
    }
}
