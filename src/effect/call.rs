use super::{Asker, Effects, Pending};
use crate::{
    dialogue::{Effect, Outcome},
    menu::{Operation, Value},
    model::{ControlNumber, MemberNumber},
};

impl Effects {
    /// Does what a menu's call asks. Safe to run again, also after it was cut off in the middle.
    pub(super) async fn call(
        &self,
        asker: Asker<'_>,
        operation: Operation,
        arguments: &[Value],
    ) -> Result<Outcome, Pending> {
        if let Some(ended) = self.prompted(asker, operation).await {
            return ended;
        }
        match operation {
            Operation::CallerMember => self.caller_member(asker).await,
            Operation::SchemeCover => self.cover(asker, member(arguments)?).await,
            Operation::SchemeComplaint => self.complain(asker, text(arguments)?).await,
            Operation::SchemeQuote => self.quote(asker, member(arguments)?).await,
            Operation::PaymentBill => {
                let agreed = arguments.first().ok_or_else(|| missing("the quote"))?;
                self.bill(asker, agreed).await
            }
            Operation::PaymentBills => self.bills(asker).await,
            Operation::PaymentLast => self.last_payment(asker).await,
            Operation::Declared(index) => self.declared(asker, index, arguments).await,
            Operation::PaymentFind => self.find_bill(asker, number(arguments)?).await,
        }
    }
}

/// The member that an effect's answer is about: the last four digits of her number open it later.
pub(super) fn about(effect: &Effect) -> Option<MemberNumber> {
    let Effect::Call { arguments, .. } = effect else {
        return None;
    };
    arguments.iter().find_map(member_of)
}

fn member_of(argument: &Value) -> Option<MemberNumber> {
    // A quote begins with its member.
    match argument.field(0).unwrap_or(argument) {
        Value::Member(member) => Some(*member),
        Value::Text(_)
        | Value::Number(_)
        | Value::Amount(_)
        | Value::Date(_)
        | Value::Control(_)
        | Value::Phone(_)
        | Value::Record(_)
        | Value::List(_) => None,
    }
}

fn member(arguments: &[Value]) -> Result<MemberNumber, Pending> {
    match arguments.first() {
        Some(Value::Member(member)) => Ok(*member),
        _ => Err(missing("the member number")),
    }
}

fn text(arguments: &[Value]) -> Result<&str, Pending> {
    match arguments.first() {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(missing("the text")),
    }
}

fn number(arguments: &[Value]) -> Result<ControlNumber, Pending> {
    match arguments.first() {
        Some(Value::Control(number)) => Ok(*number),
        _ => Err(missing("the control number")),
    }
}

/// A checked menu gives every argument; one that does not gets its `down` screen.
fn missing(what: &str) -> Pending {
    Pending::Failed(format!("the menu did not give {what}"))
}
