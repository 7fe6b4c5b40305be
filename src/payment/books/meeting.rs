//! What the store knows of a payment and its bills when it is told.

use super::identity::Identity;
use crate::{
    model::Amount,
    payment::{
        bill,
        judgement::{Before, Known, Rules, Target, Verdict, judge},
        told::PaidEntry,
    },
    store::{Bill, Payment, PaymentSource, StoreError, Transaction},
};

/// How a payment that is told relates to those that were.
pub(super) async fn before(
    transaction: &mut dyn Transaction,
    provider: &str,
    told: &PaidEntry,
    identity: &Identity,
    source: PaymentSource,
) -> Result<(Before, Option<Payment>), StoreError> {
    let known = transaction
        .payments()
        .by_key(provider, &identity.key)
        .await?;
    if let Some(known) = known {
        let same = known.recorded.payload_hash == identity.hash
            || is_of_a_list(&known, source) && is_same_money(&known, told);
        let before = if same {
            Before::Same
        } else {
            Before::Otherwise
        };
        return Ok((before, Some(known)));
    }
    if !told.pay_ref_id.is_empty() && told.number.is_some() {
        let mut payments = transaction.payments();
        let others = payments
            .by_gateway_reference(provider, &told.pay_ref_id)
            .await?;
        let others = others
            .into_iter()
            .filter(|known| known.recorded.number == told.number && is_of_a_list(known, source));
        if let Some(known) = others.into_iter().next() {
            let same = is_same_money(&known, told);
            let before = if same {
                Before::Same
            } else {
                Before::Otherwise
            };
            return Ok((before, Some(known)));
        }
    }
    if !told.psp_receipt.is_empty() {
        let others = transaction.payments().by_receipt(&told.psp_receipt).await?;
        let twin = others.into_iter().find(|known| {
            let recorded = &known.recorded;
            let same_operator = recorded.operator.eq_ignore_ascii_case(&told.psp);
            recorded.provider != provider && same_operator && is_same_money(known, told)
        });
        if twin.is_some() {
            return Ok((Before::ElsewhereToo, twin));
        }
    }
    Ok((Before::Never, None))
}

/// Whether one of the two is out of a day's list, which says less of a payment than its notice.
fn is_of_a_list(known: &Payment, source: PaymentSource) -> bool {
    known.recorded.source == PaymentSource::Reconciliation
        || source == PaymentSource::Reconciliation
}

fn is_same_money(known: &Payment, told: &PaidEntry) -> bool {
    let recorded = &known.recorded;
    told.paid == Some(recorded.paid) && recorded.number == told.number
}

/// The bills that a payment meets.
#[derive(Debug, Default)]
pub(super) struct Bills {
    named: Option<Bill>,
    numbered: Option<Bill>,
    newest: Option<Bill>,
    targets: Vec<Target>,
}

impl Bills {
    pub(super) async fn of(
        transaction: &mut dyn Transaction,
        told: &PaidEntry,
    ) -> Result<Self, StoreError> {
        let named = if told.bill.is_empty() {
            None
        } else {
            transaction.bills().get(&told.bill).await?
        };
        let numbered = match told.number {
            Some(number) => transaction.bills().by_number(number).await?,
            None => None,
        };
        let newest = match named.as_ref().or(numbered.as_ref()) {
            // Another generation matters only where this one is no more.
            Some(bill) if !bill::is_open(bill.state) => {
                let newest = transaction.bills().newest(&bill.made.key).await?;
                newest.filter(|newest| newest.made.id != bill.made.id)
            }
            Some(_) | None => None,
        };
        let mut targets = Vec::new();
        for bill in [&named, &numbered, &newest].into_iter().flatten() {
            targets.push(target(transaction, bill).await?);
        }
        Ok(Self {
            named,
            numbered,
            newest,
            targets,
        })
    }

    pub(super) fn judge(
        &self,
        told: &PaidEntry,
        before: Before,
        keyed: bool,
        rules: &Rules,
    ) -> Verdict {
        let target = |bill: &Option<Bill>| {
            let id = &bill.as_ref()?.made.id;
            self.targets.iter().find(|target| target.id == *id)
        };
        let known = Known {
            before,
            keyed,
            named: target(&self.named),
            numbered: target(&self.numbered),
            newest: target(&self.newest),
        };
        judge(told, &known, rules)
    }

    /// The bill with this id, of those that it meets.
    pub(super) fn get(&self, id: &str) -> Option<&Bill> {
        [&self.named, &self.numbered, &self.newest]
            .into_iter()
            .flatten()
            .find(|bill| bill.made.id == id)
    }

    /// The bill that money belongs to, if only by id and number: held money on it is still its own.
    pub(super) fn of_both(&self) -> Option<&Bill> {
        let (named, numbered) = (self.named.as_ref()?, self.numbered.as_ref()?);
        (named.made.id == numbered.made.id).then_some(named)
    }
}

pub(super) async fn target(
    transaction: &mut dyn Transaction,
    bill: &Bill,
) -> Result<Target, StoreError> {
    let id = bill.made.id.clone();
    let contributed = transaction.ledger().contributed(&id).await?;
    let total = bill.made.total();
    Ok(Target {
        id,
        state: bill.state,
        due: Amount {
            minor: total.minor.saturating_sub(contributed),
            currency: total.currency,
        },
        pay_by: bill.made.pay_by,
        numbered: bill.number.is_some(),
    })
}
