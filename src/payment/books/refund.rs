use chrono::{DateTime, Utc};

use super::{
    again::happen,
    resolve::{Unresolved, too_little},
    write::post,
};
use crate::{
    model::Amount,
    payment::{
        bill::{BillEvent, advance},
        step::PaymentEvent,
    },
    store::{Account, MoneyDeed, Payment, PaymentState, Posting, Refund, Store, Transaction},
};

/// Asks that a payment's money goes back: all of what waits in suspense, or so much of its family's
/// credit, at most what was paid (`minor`; all of that by default).
pub async fn ask_refund(
    store: &dyn Store,
    (id, minor): (&str, Option<i64>),
    (who, why): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Amount, Unresolved> {
    let mut transaction = store.write().await?;
    let payment = payment_with(&mut *transaction, id).await?;
    let lies = Lies::of(&mut *transaction, &payment).await?;
    let currency = payment.recorded.paid.currency;
    let amount = Amount {
        minor: minor.unwrap_or(lies.minor),
        currency,
    };
    lies.holds(amount)?;
    let refund = Refund {
        payment: id.to_owned(),
        amount,
        why: why.to_owned(),
        asked_by: who.to_owned(),
        asked_at: now,
        approved_by: None,
    };
    if !transaction.audit().ask_refund(&refund).await? {
        let text = format!("a refund of payment {id} was asked for already");
        return Err(Unresolved::Refund(text));
    }
    let deed = format!("refund of {} asked for", said(amount));
    note(&mut *transaction, (id, deed), (who, why), now).await?;
    transaction.commit().await?;
    Ok(amount)
}

/// Approves a refund that another person asked for, and posts the entry that takes the money out of
/// the books. That it is paid back is the scheme's to do.
pub async fn approve_refund(
    store: &dyn Store,
    id: &str,
    (who, why): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Amount, Unresolved> {
    let mut transaction = store.write().await?;
    let payment = payment_with(&mut *transaction, id).await?;
    let refund = transaction.audit().refund(id).await?;
    let nobody = || Unresolved::Refund(format!("no refund of payment {id} was asked for"));
    let refund = refund.ok_or_else(nobody)?;
    if refund.asked_by == who {
        return Err(Unresolved::SamePerson);
    }
    if !transaction.audit().approve_refund(id, who, now).await? {
        let text = format!("the refund of payment {id} was approved already");
        return Err(Unresolved::Refund(text));
    }
    let lies = Lies::of(&mut *transaction, &payment).await?;
    lies.holds(refund.amount)?;
    let posting = Posting {
        reference: format!("{id} refund"),
        debit: lies.account,
        credit: Account::GatewayClearing,
        amount: refund.amount,
        posted_at: now,
        bill: None,
        payment: Some(id.to_owned()),
        party: lies.party.clone(),
    };
    post(&mut *transaction, &posting).await?;
    if refund.amount == payment.recorded.paid {
        happen(&mut *transaction, id, PaymentEvent::Reversed, now).await?;
        if let Some(bill) = &payment.recorded.bill {
            advance(&mut *transaction, bill, BillEvent::Released, now).await?;
        }
    }
    let deed = format!("refund of {} approved", said(refund.amount));
    note(&mut *transaction, (id, deed), (who, why), now).await?;
    transaction.commit().await?;
    Ok(refund.amount)
}

async fn payment_with(transaction: &mut dyn Transaction, id: &str) -> Result<Payment, Unresolved> {
    let payment = transaction.payments().get(id).await?;
    payment.ok_or_else(|| Unresolved::NoPayment(id.to_owned()))
}

/// Where money that may go back lies, and how much of it.
struct Lies {
    account: Account,
    party: Option<String>,
    minor: i64,
    whole: bool,
}

impl Lies {
    async fn of(transaction: &mut dyn Transaction, payment: &Payment) -> Result<Self, Unresolved> {
        let recorded = &payment.recorded;
        let held = transaction.ledger().held(&recorded.id).await?;
        if held > 0 {
            return Ok(Self {
                account: Account::Suspense,
                party: None,
                minor: held,
                whole: true,
            });
        }
        let bill = match &recorded.bill {
            Some(bill) if payment.state != PaymentState::Reversed => {
                transaction.bills().get(bill).await?
            }
            Some(_) | None => None,
        };
        let Some(bill) = bill else {
            let text = format!("payment {} has no money that could go back", recorded.id);
            return Err(Unresolved::TooLittle(text));
        };
        let party = bill.made.key.party();
        let currency = recorded.paid.currency;
        let credit = transaction.ledger().credit_of(&party, currency).await?;
        Ok(Self {
            account: Account::MemberCredit,
            party: Some(party),
            minor: credit.min(recorded.paid.minor),
            whole: false,
        })
    }

    fn holds(&self, amount: Amount) -> Result<(), Unresolved> {
        if amount.minor <= 0 || amount.minor > self.minor {
            return Err(too_little(self.minor, amount));
        }
        if self.whole && amount.minor != self.minor {
            let text = "money that waits goes back whole, or is booked first".to_owned();
            return Err(Unresolved::TooLittle(text));
        }
        Ok(())
    }
}

async fn note(
    transaction: &mut dyn Transaction,
    (subject, deed): (&str, String),
    (who, why): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), Unresolved> {
    let deed = MoneyDeed {
        subject: subject.to_owned(),
        deed,
        who: who.to_owned(),
        why: why.to_owned(),
        at: now,
    };
    Ok(transaction.audit().note(&deed).await?)
}

fn said(amount: Amount) -> String {
    format!("{} {}", amount.currency, amount.to_decimal())
}
