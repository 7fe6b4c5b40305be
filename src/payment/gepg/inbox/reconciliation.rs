//! A day's payments as the gateway has them.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    payment::{books, gepg::PROVIDER, judgement::Rules, told::Reconciled},
    store::{StoreError, Transaction, Verdict},
};

/// Compares them with ours, and makes those that no notice told of.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    reconciled: &Reconciled,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let compared = books::reconcile(transaction, PROVIDER, reconciled, rules, now).await?;
    let mut notes = compared.notes;
    if compared.rebuilt > 0 {
        let unheard = compared.rebuilt;
        notes.insert(
            0,
            format!("{unheard} payments of a reconciled day were never notified"),
        );
    }
    Ok(Record {
        verdict: Verdict::Taken,
        note: notes.join("; "),
    })
}
