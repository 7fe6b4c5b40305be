use super::{Asker, Effects, Pending, bare, enquiry::clip, giving};
use crate::{
    dialogue::Outcome,
    menu::{OutcomeName, Value},
    model::{Amount, ControlNumber, MemberNumber, initials, local_day},
    payment::Wanted,
    scheme::{Quote, QuoteStatus},
    store::{
        Agreed, Bill, BillState, Payment, PaymentOutcome, PaymentState, StoreError, Transaction,
    },
};

/// A caller who waits for her control number looks for it at least this often, in case the news of
/// it was missed.
const LOOK: std::time::Duration = std::time::Duration::from_millis(250);

impl Effects {
    /// Makes the bill that was agreed to, once, and waits for its control number.
    pub(super) async fn bill(&self, asker: Asker<'_>, quote: &Value) -> Result<Outcome, Pending> {
        let Some(agreed) = agreed(quote) else {
            return Ok(bare(OutcomeName::Refused));
        };
        let mut bill = match self.bill_given(asker, &agreed).await? {
            Some(bill) => bill,
            None => match self.bill_made(asker, &agreed).await? {
                Some(bill) => bill,
                None => return Ok(bare(OutcomeName::Changed)),
            },
        };
        loop {
            let due = due(&mut *self.world.store.read().await?, &bill).await?;
            if let Some(outcome) = ended(&bill, due) {
                return Ok(outcome);
            }
            if !asker.on_line {
                return Err(Pending::Awaited("the bill's control number is to come"));
            }
            let news = self.world.wake.bills.notified();
            drop(tokio::time::timeout(LOOK, news).await);
            let id = bill.made.id.clone();
            let newer = self.world.store.read().await?.bills().get(&id).await?;
            bill = newer.ok_or_else(|| Pending::Failed(format!("bill {id} is gone")))?;
        }
    }

    /// The bill that this phone was given before for the same. Who is on the line may ask anew for one
    /// that was refused; who waits for an answer is told what became of hers.
    async fn bill_given(
        &self,
        asker: Asker<'_>,
        agreed: &Agreed,
    ) -> Result<Option<Bill>, StoreError> {
        let billing = &self.world.billing;
        if asker.on_line {
            billing.standing(asker.phone, agreed).await
        } else {
            billing.given(asker.phone, agreed).await
        }
    }

    /// The bill, if what she would pay for is still what she was read: otherwise she must see it
    /// again.
    async fn bill_made(&self, asker: Asker<'_>, agreed: &Agreed) -> Result<Option<Bill>, Pending> {
        let Some(scheme) = self.world.schemes.of_member(asker.set, agreed.member) else {
            return Ok(None);
        };
        let quote = scheme.quote(agreed.member, self.today()).await?;
        let Some(quote) = quote.filter(|quote| as_agreed(quote, agreed)) else {
            return Ok(None);
        };
        let wanted = wanted(asker, (scheme.name(), quote), agreed);
        let random = self.world.chance.draw();
        Ok(Some(self.world.billing.bill_for(&wanted, random).await?))
    }

    /// The open bills that this phone was given or that are its member's.
    pub(super) async fn bills(&self, asker: Asker<'_>) -> Result<Outcome, Pending> {
        let member = self.linked_member(asker).await;
        let mut transaction = self.world.store.read().await?;
        let bills = transaction.bills().payable(asker.phone, member).await?;
        let today = self.today();
        let mut rows = Vec::new();
        for bill in bills.iter().filter(|bill| bill.made.pay_by >= today) {
            if let Some(number) = bill.number {
                let due = due(&mut *transaction, bill).await?;
                rows.push(bill_value(bill, number, due));
            }
        }
        Ok(if rows.is_empty() {
            bare(OutcomeName::Nothing)
        } else {
            giving(OutcomeName::Found, Value::List(rows))
        })
    }

    /// The last payment of this phone or its member.
    pub(super) async fn last_payment(&self, asker: Asker<'_>) -> Result<Outcome, Pending> {
        let member = self.linked_member(asker).await;
        let mut transaction = self.world.store.read().await?;
        let payment = transaction.payments().last(asker.phone, member).await?;
        let shown = payment.and_then(|payment| {
            let number = payment.recorded.number?;
            Some(giving(
                payment_outcome(&payment),
                payment_value(&payment, number),
            ))
        });
        Ok(shown.unwrap_or(bare(OutcomeName::Nothing)))
    }

    /// Whether a control number is the scheme's, for whom and how much.
    pub(super) async fn find_bill(
        &self,
        asker: Asker<'_>,
        number: ControlNumber,
    ) -> Result<Outcome, Pending> {
        if !self.within_budget(asker, &format!("bill {number}")).await? {
            return Ok(bare(OutcomeName::Limited));
        }
        let mut transaction = self.world.store.read().await?;
        let bill = transaction.bills().by_number(number).await?;
        let due = match &bill {
            Some(bill) => Some(due(&mut *transaction, bill).await?),
            None => None,
        };
        let found = bill.zip(due);
        Ok(found.map_or(bare(OutcomeName::Foreign), |(bill, due)| {
            let open = bill.made.pay_by >= self.today();
            let name = match bill.state {
                BillState::Settled | BillState::Activated => OutcomeName::Paid,
                BillState::Payable | BillState::PartPaid if open => OutcomeName::Open,
                BillState::Draft
                | BillState::Queued
                | BillState::Submitted
                | BillState::SubmitUnknown
                | BillState::AwaitingNumber
                | BillState::Pooled
                | BillState::Payable
                | BillState::PartPaid
                | BillState::Rejected
                | BillState::Expired
                | BillState::CancelRequested
                | BillState::Cancelled
                | BillState::ClosedWithMoney => OutcomeName::Closed,
            };
            giving(name, bill_value(&bill, number, due))
        }))
    }

    /// Where the scheme cannot say whose phone it is, what the phone itself asked for is shown.
    async fn linked_member(&self, asker: Asker<'_>) -> Option<MemberNumber> {
        self.world
            .schemes
            .member_of_phone(asker.set, asker.phone)
            .await
            .ok()
            .flatten()
    }
}

fn wanted(asker: Asker<'_>, (scheme, quote): (&str, Quote), agreed: &Agreed) -> Wanted {
    Wanted {
        scheme: scheme.to_owned(),
        member: quote.member,
        family: quote.family,
        product: quote.product,
        period: quote.period,
        phone: asker.phone.clone(),
        language: asker.language,
        set: asker.set.to_owned(),
        payer: quote.name,
        persons: quote.persons,
        amount: quote.amount,
        // Cover that begins on the day of payment begins later than agreed when it is paid later.
        from: agreed.from,
        to: agreed.to,
    }
}

/// What the quote that was read back says, in the order of `menu`'s record `quote`.
fn agreed(quote: &Value) -> Option<Agreed> {
    let Value::Record(fields) = quote else {
        return None;
    };
    let [
        Value::Member(member),
        _name,
        Value::Number(persons),
        Value::Amount(amount),
        Value::Date(from),
        Value::Date(to),
        ..,
    ] = fields.as_slice()
    else {
        return None;
    };
    Some(Agreed {
        member: *member,
        persons: u32::try_from(*persons).ok()?,
        amount: *amount,
        from: *from,
        to: *to,
    })
}

/// Whether a fresh quote is still what was read back. Days that count from the payment were read as
/// of that day, and move on with the day until it is paid.
fn as_agreed(quote: &Quote, agreed: &Agreed) -> bool {
    let days = match quote.status {
        QuoteStatus::Renewable => (quote.from, quote.to) == (agreed.from, agreed.to),
        QuoteStatus::Lapsed | QuoteStatus::Unpaid => {
            quote.from >= agreed.from && quote.to >= agreed.to
        }
        QuoteStatus::Early(_) | QuoteStatus::Suspended => false,
    };
    days && quote.persons == agreed.persons && quote.amount == agreed.amount
}

/// How a bill's wait for its number has ended, if it has.
fn ended(bill: &Bill, due: Amount) -> Option<Outcome> {
    match bill.state {
        BillState::Rejected
        | BillState::Expired
        | BillState::CancelRequested
        | BillState::Cancelled
        | BillState::ClosedWithMoney => Some(bare(OutcomeName::Refused)),
        // Its number is not offered again: who pays it a second time has paid for nothing.
        BillState::Settled | BillState::Activated => Some(bare(OutcomeName::Paid)),
        BillState::Payable | BillState::PartPaid => bill
            .number
            .map(|number| giving(OutcomeName::Made, bill_value(bill, number, due))),
        BillState::Draft
        | BillState::Queued
        | BillState::Submitted
        | BillState::SubmitUnknown
        | BillState::AwaitingNumber
        | BillState::Pooled => None,
    }
}

/// What is still to be paid of a bill that can be: less than it costs where a part came.
async fn due(transaction: &mut dyn Transaction, bill: &Bill) -> Result<Amount, StoreError> {
    if bill.state != BillState::PartPaid {
        return Ok(bill.made.amount);
    }
    let contributed = transaction.ledger().contributed(&bill.made.id).await?;
    let total = bill.made.total();
    Ok(Amount {
        minor: total.minor.saturating_sub(contributed),
        currency: total.currency,
    })
}

/// In the order of `menu`'s record `bill`.
fn bill_value(bill: &Bill, number: ControlNumber, due: Amount) -> Value {
    Value::Record(vec![
        Value::Control(number),
        Value::Amount(due),
        Value::Text(clip(&initials(&bill.made.payer), 9)),
        Value::Date(bill.made.from),
        Value::Date(bill.made.to),
        Value::Date(bill.made.pay_by),
    ])
}

/// In the order of `menu`'s record `payment`.
fn payment_value(payment: &Payment, number: ControlNumber) -> Value {
    Value::Record(vec![
        Value::Amount(payment.recorded.paid),
        Value::Date(local_day(payment.recorded.paid_at)),
        Value::Control(number),
    ])
}

fn payment_outcome(payment: &Payment) -> OutcomeName {
    match payment.state {
        PaymentState::SmsSent | PaymentState::SchemeTold => match payment.recorded.outcome {
            PaymentOutcome::Settled => OutcomeName::Settled,
            PaymentOutcome::Part => OutcomeName::Received,
            PaymentOutcome::Credit | PaymentOutcome::Nothing => OutcomeName::Held,
        },
        PaymentState::Posted => match payment.recorded.outcome {
            PaymentOutcome::Settled | PaymentOutcome::Part => OutcomeName::Received,
            PaymentOutcome::Credit | PaymentOutcome::Nothing => OutcomeName::Held,
        },
        PaymentState::Received
        | PaymentState::Verified
        | PaymentState::Recorded
        | PaymentState::Matched
        | PaymentState::Unmatched
        | PaymentState::Quarantined
        | PaymentState::Reversed => OutcomeName::Held,
    }
}

#[cfg(test)]
mod tests;
