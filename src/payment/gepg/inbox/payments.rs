//! Money: what a `gepgPmtSpInfo` does to our payments, bills and ledger.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    model::{Amount, ControlNumber, Currency, Msisdn},
    payment::{
        books,
        gepg::{
            PROVIDER,
            message::{PaidBill, PaymentNotice},
            time,
        },
        judgement::Rules,
        told::PaidEntry,
    },
    store::{Finding, PaymentSource, StoreError, Transaction, Verdict},
};

/// Records every payment of a notice.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    notice: &PaymentNotice,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Repeated;
    for payment in &notice.payments {
        let told = entry(payment);
        let told = (&told, PaymentSource::Notice);
        let taken = books::take(transaction, PROVIDER, told, rules, now).await?;
        if taken.finding != Finding::Known {
            verdict = Verdict::Taken;
        }
        notes.extend(taken.note);
    }
    let note = notes.join("; ");
    Ok(Record { verdict, note })
}

fn entry(payment: &PaidBill) -> PaidEntry {
    let currency = Currency::parse(&payment.currency);
    let paid = currency.and_then(|currency| Amount::parse_decimal(&payment.paid, currency).ok());
    PaidEntry {
        trx_id: payment.transaction.clone(),
        sp_code: payment.sp_code.clone(),
        pay_ref_id: payment.reference.clone(),
        bill: payment.bill.clone(),
        number: ControlNumber::parse(&payment.number).ok(),
        group_number: None,
        bill_amount: None,
        paid,
        original_paid: payment.paid.clone(),
        currency: payment.currency.clone(),
        pay_option: String::new(),
        paid_at: time::read(&payment.paid_at),
        original_time: payment.paid_at.clone(),
        channel: payment.channel.clone(),
        payer_phone: Msisdn::parse(&payment.payer.phone).ok(),
        payer_name: payment.payer.name.clone(),
        psp: payment.operator.clone(),
        psp_receipt: payment.receipt.clone(),
        account: payment.account.clone(),
    }
}
