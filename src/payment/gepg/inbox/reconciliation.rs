//! A day's payments as the gateway has them.

use super::Record;
use crate::{
    payment::{gepg::PROVIDER, told::Reconciled},
    store::{StoreError, Transaction, Verdict},
};

/// Says how many of the day's payments we have not heard of. The message is kept whole; nothing is
/// posted from it here.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    reconciled: &Reconciled,
) -> Result<Record, StoreError> {
    let mut unheard = 0_u32;
    for row in &reconciled.rows {
        let known = transaction
            .payments()
            .by_reference(PROVIDER, &row.pay_ref_id)
            .await?;
        unheard += u32::from(known.is_none());
    }
    let note = if unheard == 0 {
        String::new()
    } else {
        format!("{unheard} payments of a reconciled day were never notified")
    };
    Ok(Record {
        verdict: Verdict::Taken,
        note,
    })
}
