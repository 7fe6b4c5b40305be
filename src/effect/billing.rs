use super::{Asker, Effects, Pending, bare, enquiry::clip, giving};
use crate::{
    dialogue::Outcome,
    menu::{OutcomeName, Value},
    model::{ControlNumber, MemberNumber, initials, local_day},
    payment::Wanted,
    scheme::{Quote, QuoteStatus},
    store::{Bill, BillState, Payment, PaymentState},
};

/// A caller who waits for her control number looks for it at least this often, in case the news of
/// it was missed.
const LOOK: std::time::Duration = std::time::Duration::from_millis(250);

impl Effects {
    /// Makes the bill that was agreed to, once, and waits for its control number.
    pub(super) async fn bill(&self, asker: Asker<'_>, agreed: &Value) -> Result<Outcome, Pending> {
        let Some(Value::Member(member)) = agreed.field(0) else {
            return Ok(bare(OutcomeName::Refused));
        };
        let quote = self.world.scheme.quote(*member, self.today()).await?;
        let Some(quote) = quote.filter(|quote| as_agreed(quote, agreed)) else {
            // What she would pay is no longer what she was read: she must see it again.
            return Ok(bare(OutcomeName::Refused));
        };
        let wanted = self.wanted(asker, quote);
        let random = rand::random_range(..=u128::MAX);
        let mut bill = self.world.billing.bill_for(&wanted, random).await?;
        loop {
            if let Some(outcome) = ended(&bill) {
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

    fn wanted(&self, asker: Asker<'_>, quote: Quote) -> Wanted {
        Wanted {
            scheme: self.world.scheme.name().to_owned(),
            member: quote.member,
            product: quote.product,
            period: quote.period,
            phone: asker.phone.clone(),
            language: asker.language,
            payer: quote.name,
            persons: quote.persons,
            amount: quote.amount,
            from: quote.from,
            to: quote.to,
        }
    }

    /// The open bills of this phone and its member.
    pub(super) async fn bills(&self, asker: Asker<'_>) -> Result<Outcome, Pending> {
        let member = self.linked_member(asker).await;
        let mut transaction = self.world.store.read().await?;
        let bills = transaction.bills().payable(asker.phone, member).await?;
        let today = self.today();
        let rows: Vec<_> = bills
            .iter()
            .filter(|bill| bill.made.pay_by >= today)
            .filter_map(|bill| Some(bill_value(bill, bill.number?)))
            .collect();
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
        let bill = self
            .world
            .store
            .read()
            .await?
            .bills()
            .by_number(number)
            .await?;
        Ok(bill.map_or(bare(OutcomeName::Foreign), |bill| {
            let open = bill.made.pay_by >= self.today();
            let name = match bill.state {
                BillState::Settled | BillState::Activated => OutcomeName::Paid,
                BillState::Payable if open => OutcomeName::Open,
                BillState::Payable
                | BillState::Queued
                | BillState::SubmitUnknown
                | BillState::AwaitingNumber
                | BillState::Rejected
                | BillState::Expired => OutcomeName::Closed,
            };
            giving(name, bill_value(&bill, number))
        }))
    }

    /// Where the scheme cannot say whose phone it is, what the phone itself asked for is shown.
    async fn linked_member(&self, asker: Asker<'_>) -> Option<MemberNumber> {
        self.world
            .scheme
            .member_of_phone(asker.phone)
            .await
            .ok()
            .flatten()
    }
}

/// Whether a fresh quote is still what was read back: persons, amount, first and last day.
fn as_agreed(quote: &Quote, agreed: &Value) -> bool {
    let same = |index: usize, value: &Value| agreed.field(index) == Some(value);
    let can_be_paid = match quote.status {
        QuoteStatus::Renewable | QuoteStatus::Lapsed | QuoteStatus::Unpaid => true,
        QuoteStatus::Early(_) | QuoteStatus::Suspended => false,
    };
    can_be_paid
        && same(2, &Value::Number(quote.persons.into()))
        && same(3, &Value::Amount(quote.amount))
        && same(4, &Value::Date(quote.from))
        && same(5, &Value::Date(quote.to))
}

/// How a bill's wait for its number has ended, if it has.
fn ended(bill: &Bill) -> Option<Outcome> {
    match (bill.state, bill.number) {
        (BillState::Rejected | BillState::Expired, _) => Some(bare(OutcomeName::Refused)),
        (BillState::Payable | BillState::Settled | BillState::Activated, Some(number)) => {
            Some(giving(OutcomeName::Made, bill_value(bill, number)))
        }
        (
            BillState::Queued
            | BillState::SubmitUnknown
            | BillState::AwaitingNumber
            | BillState::Payable
            | BillState::Settled
            | BillState::Activated,
            _,
        ) => None,
    }
}

/// In the order of `menu`'s record `bill`.
fn bill_value(bill: &Bill, number: ControlNumber) -> Value {
    Value::Record(vec![
        Value::Control(number),
        Value::Amount(bill.made.amount),
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
        PaymentState::Quarantined => OutcomeName::Held,
        PaymentState::Posted => OutcomeName::Received,
        PaymentState::Activated => OutcomeName::Settled,
    }
}
