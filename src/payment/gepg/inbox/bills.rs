//! Control numbers: what an answer to submitted bills does to them.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    payment::{
        books::{self, Attached},
        judgement::Rules,
        told::Numbered,
    },
    store::{StoreError, Transaction, Verdict},
};

/// Records every answer of a response.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    answers: &[Numbered],
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Repeated;
    for answer in answers {
        match books::number(transaction, answer, rules, now).await? {
            Attached::Moved => verdict = Verdict::Taken,
            Attached::Known => {}
            Attached::Noted(note) => {
                verdict = Verdict::Taken;
                notes.push(note);
            }
        }
    }
    let note = notes.join("; ");
    Ok(Record { verdict, note })
}
