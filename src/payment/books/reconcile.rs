use chrono::{DateTime, Utc};

use super::take::take;
use crate::{
    payment::{
        judgement::Rules,
        told::{CodeMeaning, Reconciled},
    },
    store::{Finding, PaymentSource, StoreError, Transaction},
};

/// What a day's list came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many of its payments we knew as they are told.
    pub known: u32,
    /// How many no notice had told of.
    pub rebuilt: u32,
    /// How many we know otherwise.
    pub differ: u32,
    /// For the operator; empty where there is nothing to say.
    pub notes: Vec<String>,
}

/// Compares the gateway's list of a day with ours, and makes the payments that no notice told of.
/// Nothing is ever undone by a list.
pub async fn reconcile(
    transaction: &mut dyn Transaction,
    provider: &str,
    told: &Reconciled,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Compared, StoreError> {
    let mut compared = Compared::default();
    let asked = transaction
        .reconciliations()
        .by_request(&told.request)
        .await?;
    let Some(asked) = asked else {
        let note = format!("request {} for a day's payments is not ours", told.request);
        compared.notes.push(note);
        return Ok(compared);
    };
    let codes = &told.codes;
    let there = codes.meaning == CodeMeaning::Success;
    transaction
        .reconciliations()
        .answer(asked.id, &codes.text, there.then_some(now))
        .await?;
    if !there {
        let day = asked.asked.day;
        compared
            .notes
            .push(format!("no payments of {day}: {codes}"));
        return Ok(compared);
    }
    for (place, row) in (0..).zip(&told.rows) {
        let mut row = row.clone();
        if row.sp_code.is_empty() {
            row.sp_code.clone_from(&asked.asked.sp_code);
        }
        let row = (&row, PaymentSource::Reconciliation);
        let taken = take(transaction, provider, row, rules, now).await?;
        match taken.finding {
            Finding::Known => compared.known += 1,
            Finding::Rebuilt => compared.rebuilt += 1,
            Finding::Differs => compared.differ += 1,
        }
        transaction
            .reconciliations()
            .find(asked.id, place, &taken.payment, taken.finding)
            .await?;
        compared.notes.extend(taken.note);
    }
    Ok(compared)
}
