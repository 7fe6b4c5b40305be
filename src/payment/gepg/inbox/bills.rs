//! Control numbers: what a `gepgBillSubResp` does to our bills.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    model::ControlNumber,
    payment::{
        books::{self, Attached},
        gepg::{
            codes::{self, Class},
            message::{BillAnswer, BillResponse},
        },
        judgement::Rules,
        told::{CodeMeaning, Codes, Numbered},
    },
    store::{StoreError, Transaction, Verdict},
};

/// Records every answer of a response.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    response: &BillResponse,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Repeated;
    for answer in &response.answers {
        match books::number(transaction, &told(answer), rules, now).await? {
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

fn told(answer: &BillAnswer) -> Numbered {
    Numbered {
        bill: answer.bill.clone(),
        number: ControlNumber::parse(&answer.number).ok(),
        group_number: None,
        succeeded: answer.succeeded,
        codes: meaning(&answer.codes),
    }
}

fn meaning(codes: &codes::Codes) -> Codes {
    Codes {
        text: codes.to_string(),
        meaning: match codes.class() {
            Class::Success => CodeMeaning::Success,
            Class::Known => CodeMeaning::AlreadyOurs,
            Class::Information => CodeMeaning::Information,
            Class::Retry => CodeMeaning::BackOff,
            Class::Paid => CodeMeaning::Settled,
            Class::Configuration => CodeMeaning::Configuration,
            Class::Permanent => CodeMeaning::Rejected,
        },
    }
}
