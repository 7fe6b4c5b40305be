//! Control numbers: what an answer to submitted bills does to them.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    model::{ControlNumber, local_day},
    payment::{
        bill::{BillEvent, advance},
        told::{CodeMeaning, Numbered},
    },
    store::{Bill, JobKind, StoreError, Transaction, Verdict},
};

/// What one answer did.
enum Effect {
    /// It moved the bill.
    Moved,
    /// It was known already.
    Known,
    /// Nothing, and someone must look; why.
    Noted(String),
}

/// Records every answer of a response.
pub(in crate::payment) async fn take(
    transaction: &mut dyn Transaction,
    answers: &[Numbered],
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Repeated;
    for answer in answers {
        match take_one(transaction, answer, now).await? {
            Effect::Moved => verdict = Verdict::Taken,
            Effect::Known => {}
            Effect::Noted(note) => {
                verdict = Verdict::Taken;
                notes.push(note);
            }
        }
    }
    let note = notes.join("; ");
    Ok(Record { verdict, note })
}

async fn take_one(
    transaction: &mut dyn Transaction,
    answer: &Numbered,
    now: DateTime<Utc>,
) -> Result<Effect, StoreError> {
    let Some(bill) = transaction.bills().get(&answer.bill).await? else {
        return Ok(Effect::Noted("a bill that is not ours".to_owned()));
    };
    // A duplicate of our own with its number is as good as the first.
    let is_good = answer.succeeded || answer.codes.meaning == CodeMeaning::AlreadyOurs;
    match answer.number {
        Some(number) if is_good => attach(transaction, &bill, number, now).await,
        None if answer.succeeded => Ok(Effect::Noted(format!(
            "bill {} succeeded without a control number",
            bill.made.id
        ))),
        Some(_) | None => refuse(transaction, &bill, answer, now).await,
    }
}

/// Gives the bill its number. It becomes payable if it was waiting for it and its time is not over.
async fn attach(
    transaction: &mut dyn Transaction,
    bill: &Bill,
    number: ControlNumber,
    now: DateTime<Utc>,
) -> Result<Effect, StoreError> {
    let id = &bill.made.id;
    if bill.number == Some(number) {
        return Ok(Effect::Known);
    }
    if !transaction.bills().assign_number(id, number).await? {
        return Ok(Effect::Noted(format!(
            "bill {id} got a second control number, or another bill's"
        )));
    }
    let in_time = local_day(now) <= bill.made.pay_by;
    let event = if in_time {
        BillEvent::Numbered
    } else {
        BillEvent::Ended
    };
    if !advance(transaction, id, event, now).await? {
        let state = bill.state.as_str();
        return Ok(Effect::Noted(format!(
            "bill {id} got its control number when it was {state}"
        )));
    }
    transaction
        .jobs()
        .wake(JobKind::SubmitBill, id, now)
        .await?;
    Ok(Effect::Moved)
}

/// The gateway did not give a number. Only what will never work ends the bill; anything else is
/// submitted again by the bill's own job.
async fn refuse(
    transaction: &mut dyn Transaction,
    bill: &Bill,
    answer: &Numbered,
    now: DateTime<Utc>,
) -> Result<Effect, StoreError> {
    let id = &bill.made.id;
    let codes = &answer.codes;
    match codes.meaning {
        CodeMeaning::Rejected
        | CodeMeaning::Unknown
        | CodeMeaning::Expired
        | CodeMeaning::Cancelled
        | CodeMeaning::BadDate => {
            let refused = advance(transaction, id, BillEvent::Refused, now).await?;
            transaction
                .jobs()
                .wake(JobKind::SubmitBill, id, now)
                .await?;
            Ok(if refused {
                Effect::Noted(format!("bill {id} was refused with {codes}"))
            } else {
                Effect::Known
            })
        }
        CodeMeaning::AlreadyOurs => Ok(Effect::Known),
        CodeMeaning::Success
        | CodeMeaning::Information
        | CodeMeaning::BackOff
        | CodeMeaning::NotReady
        | CodeMeaning::Configuration
        | CodeMeaning::Settled => Ok(Effect::Noted(format!(
            "bill {id} has no number yet: {codes}"
        ))),
    }
}
