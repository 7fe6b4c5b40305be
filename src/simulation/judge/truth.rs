use super::Judge;
use crate::{
    dialogue::{Effect, Outcome, State},
    effect::witness,
    menu::{Operation, OutcomeName, Value},
    model::EffectKey,
    simulation::register::Person,
    store::{Bill, BillState, memory::Rows},
};

fn bare(name: OutcomeName) -> Outcome {
    Outcome::Call { name, value: None }
}

impl Judge {
    /// With what an effect may have ended, as its line was told.
    pub(super) fn outcomes(
        &self,
        key: EffectKey,
        effect: &Effect,
        state: &State,
        rows: &Rows,
    ) -> Vec<Outcome> {
        let row = rows.effects.get(&key);
        let ended = row.and_then(|row| witness::outcome(effect, row.outcome.as_ref()?));
        match effect {
            Effect::Call { late: true, .. } => {
                let mut outcomes: Vec<_> = ended.into_iter().collect();
                if row.is_some() {
                    // Without a row nothing may be promised.
                    outcomes.push(bare(OutcomeName::Slow));
                }
                if row.is_none() || !self.plan.is_calm() {
                    outcomes.push(bare(OutcomeName::Down));
                }
                outcomes
            }
            Effect::Call { late: false, .. } => {
                let told = self.told.iter().rev().filter(|(asked, _)| asked == state);
                told.map(|(_, outcome)| outcome.clone()).collect()
            }
            Effect::RememberLanguage(_) => vec![Outcome::Done, Outcome::Failed],
            Effect::SendSms(_) => {
                let name = format!("screen {key}");
                let queued = rows.messages.values().any(|row| row.key == name);
                if queued {
                    vec![Outcome::Done, Outcome::Failed]
                } else {
                    vec![Outcome::Failed]
                }
            }
            Effect::OpenAnswer(_) => ended.into_iter().chain([Outcome::Failed]).collect(),
        }
    }

    /// Whether a phone may be told this: what the register has, of what it asked itself.
    pub(super) fn is_true(
        &self,
        phone: usize,
        effect: &Effect,
        outcome: &Outcome,
        rows: &Rows,
    ) -> Result<(), String> {
        let person = &self.register.people()[phone];
        let Effect::Call {
            operation,
            arguments,
            ..
        } = effect
        else {
            return Ok(());
        };
        let Outcome::Call { name, value } = outcome else {
            return Err("a call ended as no call does".to_owned());
        };
        if matches!(name, OutcomeName::Down | OutcomeName::Slow) {
            return Ok(());
        }
        let right = match operation {
            Operation::CallerMember => {
                let own = person.linked.then_some(Value::Member(person.member));
                *value == own
            }
            Operation::SchemeCover => self.is_cover(arguments, value.as_ref()),
            Operation::SchemeQuote => self.is_quote(arguments, value.as_ref()),
            Operation::PaymentBill => is_bill(person, *name, value.as_ref(), rows),
            Operation::PaymentBills => are_bills(person, value.as_ref(), rows),
            Operation::Declared(_) => *name == OutcomeName::Declared(0),
            Operation::PaymentLast | Operation::PaymentFind => false,
        };
        right
            .then_some(())
            .ok_or_else(|| format!("{operation:?} does not end with {outcome:?}"))
    }

    fn asked_about(&self, arguments: &[Value]) -> Option<&Person> {
        let Value::Member(member) = arguments.first()? else {
            return None;
        };
        self.register.by_member(*member)
    }

    fn is_cover(&self, arguments: &[Value], value: Option<&Value>) -> bool {
        let Some(cover) = self.asked_about(arguments).map(Person::cover) else {
            return value.is_none();
        };
        let expected = Value::Record(vec![
            Value::Member(cover.member),
            Value::Text(cover.first_name),
            Value::Text("J".to_owned()),
            Value::Date(cover.from),
            Value::Date(cover.to),
        ]);
        value == Some(&expected)
    }

    fn is_quote(&self, arguments: &[Value], value: Option<&Value>) -> bool {
        let Some(quote) = self.asked_about(arguments).map(Person::quote) else {
            return value.is_none();
        };
        let field = |index| value.and_then(|value| value.field(index)).cloned();
        (field(0), field(3))
            == (
                Some(Value::Member(quote.member)),
                Some(Value::Amount(quote.amount)),
            )
    }
}

/// Whether a bill's outcome is of the person's own bill.
fn is_bill(person: &Person, name: OutcomeName, value: Option<&Value>, rows: &Rows) -> bool {
    let mut own = rows
        .bills
        .values()
        .filter(|bill| bill.made.member == person.member);
    if name == OutcomeName::Made {
        return value.is_some_and(|value| own.any(|bill| is_of(bill, value)));
    }
    let is_paid = |bill: &Bill| matches!(bill.state, BillState::Settled | BillState::Activated);
    name == OutcomeName::Paid && own.any(is_paid)
}

fn are_bills(person: &Person, value: Option<&Value>, rows: &Rows) -> bool {
    let Some(Value::List(values)) = value else {
        return value.is_none();
    };
    let own = |value: &Value| {
        let mut bills = rows.bills.values();
        bills.any(|bill| bill.made.member == person.member && is_of(bill, value))
    };
    values.iter().all(own)
}

fn is_of(bill: &Bill, value: &Value) -> bool {
    let number = bill.number.map(Value::Control);
    let amount = Value::Amount(bill.made.amount);
    value.field(0) == number.as_ref() && value.field(1) == Some(&amount)
}
