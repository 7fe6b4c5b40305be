//! Money: what a payment notice does to our payments, bills and ledger.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    payment::{books, gepg::PROVIDER, judgement::Rules, told::Paid},
    store::{Finding, PaymentSource, StoreError, Transaction, Verdict},
};

/// Records every payment of a notice.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    paid: &Paid,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Repeated;
    for payment in &paid.entries {
        let told = (payment, PaymentSource::Notice);
        let taken = books::take(transaction, PROVIDER, told, rules, now).await?;
        if taken.finding != Finding::Known {
            verdict = Verdict::Taken;
        }
        notes.extend(taken.note);
    }
    if paid.miscounts() {
        verdict = Verdict::Taken;
        notes.push("it has another number of payments than it says".to_owned());
    }
    let note = notes.join("; ");
    Ok(Record { verdict, note })
}
