use chrono::{DateTime, Utc};

use super::again::match_again;
use crate::{
    model::{ControlNumber, local_day},
    payment::{
        bill::{self, BillEvent, advance},
        judgement::Rules,
        told::{CodeMeaning, Numbered},
    },
    store::{Bill, JobKind, StoreError, Transaction},
};

/// What an answer about a bill did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attached {
    /// It moved the bill.
    Moved,
    /// It was known already.
    Known,
    /// Someone must look; why.
    Noted(String),
}

/// Does what the gateway says became of a bill that was submitted.
pub async fn number(
    transaction: &mut dyn Transaction,
    told: &Numbered,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Attached, StoreError> {
    let Some(bill) = transaction.bills().get(&told.bill).await? else {
        return Ok(Attached::Noted("a bill that is not ours".to_owned()));
    };
    let ours = told.codes.meaning == CodeMeaning::AlreadyOurs;
    match told.number {
        Some(number) if told.succeeded || ours => {
            attach(transaction, bill, number, rules, now).await
        }
        None if told.succeeded => Ok(Attached::Noted(format!(
            "bill {} succeeded without a control number",
            bill.made.id
        ))),
        Some(_) | None => refuse(transaction, &bill, told, now).await,
    }
}

/// Gives the bill its number. It becomes payable if it was waiting for it and its time is not over.
async fn attach(
    transaction: &mut dyn Transaction,
    mut bill: Bill,
    number: ControlNumber,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Attached, StoreError> {
    let id = bill.made.id.clone();
    if bill.number == Some(number) {
        return Ok(Attached::Known);
    }
    if !transaction.bills().assign_number(&id, number).await? {
        return keep_besides(transaction, &bill, number, now).await;
    }
    bill.number = Some(number);
    let in_time = local_day(now) <= bill.made.pay_by;
    let moved = if in_time {
        advance(transaction, &id, BillEvent::Numbered, now).await?
    } else {
        bill::end(transaction, &bill, BillEvent::Ended, now).await?
    };
    match_again(transaction, &bill, rules, now).await?;
    if !moved {
        let note = format!(
            "bill {id} got its control number when it was {}",
            bill.state.as_str()
        );
        transaction.bills().flag(&id, &note).await?;
        return Ok(Attached::Noted(note));
    }
    transaction
        .jobs()
        .wake(JobKind::SubmitBill, &id, now)
        .await?;
    Ok(Attached::Moved)
}

/// A second number is kept beside the first, so that money on it is found.
async fn keep_besides(
    transaction: &mut dyn Transaction,
    bill: &Bill,
    number: ControlNumber,
    now: DateTime<Utc>,
) -> Result<Attached, StoreError> {
    let id = &bill.made.id;
    let holder = transaction.bills().by_number(number).await?;
    if holder.is_some_and(|holder| holder.made.id == *id) {
        return Ok(Attached::Known);
    }
    let note = if transaction.bills().keep_alias(id, number, now).await? {
        format!("bill {id} got a second control number, and keeps both")
    } else {
        format!("bill {id} got another bill's control number")
    };
    transaction.bills().flag(id, &note).await?;
    Ok(Attached::Noted(note))
}

/// The gateway did not give a number. Only what will never work ends the bill; anything else is
/// submitted again by the bill's own job.
async fn refuse(
    transaction: &mut dyn Transaction,
    bill: &Bill,
    told: &Numbered,
    now: DateTime<Utc>,
) -> Result<Attached, StoreError> {
    let id = &bill.made.id;
    let codes = &told.codes;
    match codes.meaning {
        CodeMeaning::Rejected
        | CodeMeaning::Expired
        | CodeMeaning::Unknown
        | CodeMeaning::Cancelled
        | CodeMeaning::BadDate => {
            let refused = bill::end(transaction, bill, BillEvent::Refused, now).await?;
            transaction
                .jobs()
                .wake(JobKind::SubmitBill, id, now)
                .await?;
            Ok(if refused {
                Attached::Noted(format!("bill {id} was refused with {codes}"))
            } else {
                Attached::Known
            })
        }
        CodeMeaning::AlreadyOurs => Ok(Attached::Known),
        CodeMeaning::Success
        | CodeMeaning::Settled
        | CodeMeaning::BackOff
        | CodeMeaning::Configuration
        | CodeMeaning::NotReady
        | CodeMeaning::Information => Ok(Attached::Noted(format!(
            "bill {id} has no number yet: {codes}"
        ))),
    }
}
