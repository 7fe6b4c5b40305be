use chrono::{DateTime, Utc};

use super::number::number;
use crate::{
    model::ControlNumber,
    payment::{
        judgement::Rules,
        told::{CodeMeaning, Codes, Numbered},
    },
    store::{MoneyDeed, NewBill, Store, StoreError},
};

/// What became of a bill of a predecessor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is ours now, with its control number.
    New,
    /// It was imported before.
    Known,
    /// Its control number is another bill's.
    NumberTaken,
}

/// Takes over a bill with its control number, so that money on it finds its family. Of one family's
/// period the next generation is made.
pub async fn import(
    store: &dyn Store,
    (bill, number_there): (&NewBill, ControlNumber),
    rules: &Rules,
    (who, why): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Imported, StoreError> {
    let mut transaction = store.write().await?;
    if transaction.bills().get(&bill.id).await?.is_some() {
        return Ok(Imported::Known);
    }
    if transaction.bills().by_number(number_there).await?.is_some() {
        return Ok(Imported::NumberTaken);
    }
    let newest = transaction.bills().newest(&bill.key).await?;
    let mut new = bill.clone();
    new.key.generation = newest.map_or(1, |newest| newest.made.key.generation.saturating_add(1));
    transaction.bills().make(&new).await?;
    let told = Numbered {
        bill: new.id.clone(),
        number: Some(number_there),
        group_number: None,
        succeeded: true,
        codes: Codes {
            text: String::new(),
            meaning: CodeMeaning::Success,
        },
    };
    number(&mut *transaction, &told, rules, now).await?;
    let deed = MoneyDeed {
        subject: new.id,
        deed: "taken over from a predecessor".to_owned(),
        who: who.to_owned(),
        why: why.to_owned(),
        at: now,
    };
    transaction.audit().note(&deed).await?;
    transaction.commit().await?;
    Ok(Imported::New)
}
