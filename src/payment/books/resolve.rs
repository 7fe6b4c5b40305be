use chrono::{DateTime, Utc};

use super::{
    again::{follow, happen, told_again},
    meeting::{Bills, target},
    write::{post, scheme_told_of},
};
use crate::{
    model::Amount,
    payment::{
        bill::{BillEvent, advance},
        judgement::{Before, Reason, Rules, Verdict},
        step::PaymentEvent,
    },
    store::{
        Account, Bill, BillState, Booking, MoneyDeed, Payment, PaymentOutcome, PaymentState,
        Posting, Store, StoreError, Transaction,
    },
};

/// What a person decides about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It waits, and is money of the bill with this id.
    OfBill(String),
    /// It waits, and is credit of the family that this bill is of.
    CreditOf(String),
    /// It came when its bill could not be paid any more, and is taken for it after all.
    Reopen,
    /// It waits without money in the books, and nothing is to be done about it.
    Nothing,
}

impl Resolution {
    fn deed(&self) -> String {
        match self {
            Self::OfBill(bill) => format!("booked on bill {bill}"),
            Self::CreditOf(bill) => format!("booked as credit of the family of bill {bill}"),
            Self::Reopen => "taken as payment of its closed bill".to_owned(),
            Self::Nothing => "closed, there being no money in it".to_owned(),
        }
    }
}

/// Why a person's decision was not followed: nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Unresolved {
    /// No payment has this id.
    #[error("there is no payment {0}")]
    NoPayment(String),
    /// No bill has this id.
    #[error("there is no bill {0}")]
    NoBill(String),
    /// It is not where it could be decided about.
    #[error("payment {id} is {}: {need}", .state.as_str())]
    State {
        /// The payment.
        id: String,
        /// Where it is.
        state: PaymentState,
        /// What it would have to be.
        need: &'static str,
    },
    /// The bill is not where that could be done.
    #[error("bill {id} is {}", .state.as_str())]
    Bill {
        /// The bill.
        id: String,
        /// Where it is.
        state: BillState,
    },
    /// The payment and the bill do not go together.
    #[error("it cannot be booked there: {0}")]
    Contradicts(Reason),
    /// There is less money than that.
    #[error("{0}")]
    TooLittle(String),
    /// Two persons are needed.
    #[error("who asked for a refund does not approve it: another person must")]
    SamePerson,
    /// A refund stands in the way, or none is there.
    #[error("{0}")]
    Refund(String),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Follows a person's decision about a payment, and keeps who decided it and why.
pub async fn resolve(
    store: &dyn Store,
    (id, resolution): (&str, &Resolution),
    rules: &Rules,
    (who, why): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), Unresolved> {
    let mut transaction = store.write().await?;
    let payment = transaction.payments().get(id).await?;
    let payment = payment.ok_or_else(|| Unresolved::NoPayment(id.to_owned()))?;
    let case = Case { payment, now };
    match resolution {
        Resolution::OfBill(bill) => case.of_bill(&mut *transaction, bill, rules).await?,
        Resolution::CreditOf(bill) => case.credit_of(&mut *transaction, bill).await?,
        Resolution::Reopen => case.reopen(&mut *transaction).await?,
        Resolution::Nothing => case.nothing(&mut *transaction).await?,
    }
    let deed = MoneyDeed {
        subject: id.to_owned(),
        deed: resolution.deed(),
        who: who.to_owned(),
        why: why.to_owned(),
        at: now,
    };
    transaction.audit().note(&deed).await?;
    Ok(transaction.commit().await?)
}

struct Case {
    payment: Payment,
    now: DateTime<Utc>,
}

impl Case {
    async fn of_bill(
        &self,
        transaction: &mut dyn Transaction,
        bill: &str,
        rules: &Rules,
    ) -> Result<(), Unresolved> {
        self.needs_money_that_waits(transaction).await?;
        let bill = bill_with(transaction, bill).await?;
        let mut told = told_again(&self.payment.recorded);
        told.bill.clone_from(&bill.made.id);
        told.number = bill.number;
        // A person has looked at whose money it is.
        told.sp_code = rules.sp_codes.first().cloned().unwrap_or_default();
        let bills = Bills::of(transaction, &told).await?;
        let verdict = bills.judge(&told, Before::Never, true, rules);
        if let Verdict::Hold(why) | Verdict::Wait(why) = verdict {
            return Err(Unresolved::Contradicts(why));
        }
        self.follow(transaction, &verdict, &bills).await
    }

    async fn credit_of(
        &self,
        transaction: &mut dyn Transaction,
        bill: &str,
    ) -> Result<(), Unresolved> {
        self.needs_money_that_waits(transaction).await?;
        let bill = bill_with(transaction, bill).await?;
        if bill.made.amount.currency != self.payment.recorded.paid.currency {
            return Err(Unresolved::Contradicts(Reason::OtherCurrency));
        }
        let mut told = told_again(&self.payment.recorded);
        told.bill.clone_from(&bill.made.id);
        told.number = bill.number;
        let bills = Bills::of(transaction, &told).await?;
        let verdict = Verdict::Credit {
            bill: bill.made.id.clone(),
            why: Reason::PaidBefore,
        };
        self.follow(transaction, &verdict, &bills).await
    }

    async fn follow(
        &self,
        transaction: &mut dyn Transaction,
        verdict: &Verdict,
        bills: &Bills,
    ) -> Result<(), Unresolved> {
        let payment = &self.payment.recorded;
        if follow(transaction, (payment, verdict), bills, self.now).await? {
            return Ok(());
        }
        Err(self.state("another has just decided about it"))
    }

    async fn reopen(&self, transaction: &mut dyn Transaction) -> Result<(), Unresolved> {
        let need = "only credit of a bill that is closed with money is taken for it";
        let recorded = &self.payment.recorded;
        let Some(bill) = &recorded.bill else {
            return Err(self.state(need));
        };
        let bill = bill_with(transaction, bill).await?;
        let is_credit = recorded.outcome == PaymentOutcome::Credit;
        if !is_credit || bill.state != BillState::ClosedWithMoney {
            return Err(self.state(need));
        }
        let due = target(transaction, &bill).await?.due;
        let party = bill.made.key.party();
        let credit = transaction.ledger().credit_of(&party, due.currency).await?;
        if credit < due.minor {
            return Err(too_little(credit, due));
        }
        let posting = Posting {
            reference: format!("{} reopened", recorded.id),
            debit: Account::MemberCredit,
            credit: Account::ContributionsDue,
            amount: due,
            posted_at: self.now,
            bill: Some(bill.made.id.clone()),
            payment: Some(recorded.id.clone()),
            party: Some(party),
        };
        post(transaction, &posting).await?;
        advance(transaction, &bill.made.id, BillEvent::Reopened, self.now).await?;
        transaction.bills().flag(&bill.made.id, "").await?;
        let booking = Booking {
            bill: Some(bill.made.id.clone()),
            outcome: PaymentOutcome::Settled,
            reason: String::new(),
        };
        transaction.payments().book(&recorded.id, &booking).await?;
        let job = scheme_told_of(&bill, &recorded.id, self.now);
        Ok(transaction.jobs().add(&job).await?)
    }

    async fn nothing(&self, transaction: &mut dyn Transaction) -> Result<(), Unresolved> {
        self.needs_to_wait()?;
        let id = &self.payment.recorded.id;
        if transaction.ledger().held(id).await? != 0 {
            return Err(self.state("its money lies in suspense, so it is booked or refunded"));
        }
        happen(transaction, id, PaymentEvent::Reversed, self.now).await?;
        Ok(())
    }

    async fn needs_money_that_waits(
        &self,
        transaction: &mut dyn Transaction,
    ) -> Result<(), Unresolved> {
        self.needs_to_wait()?;
        let id = &self.payment.recorded.id;
        if transaction.ledger().held(id).await? > 0 {
            return Ok(());
        }
        Err(self.state("there is no money in it"))
    }

    fn needs_to_wait(&self) -> Result<(), Unresolved> {
        match self.payment.state {
            PaymentState::Unmatched | PaymentState::Quarantined => Ok(()),
            PaymentState::Received
            | PaymentState::Verified
            | PaymentState::Recorded
            | PaymentState::Matched
            | PaymentState::Posted
            | PaymentState::SchemeTold
            | PaymentState::SmsSent
            | PaymentState::Reversed => {
                Err(self.state("only one that is unmatched or quarantined is decided about"))
            }
        }
    }

    fn state(&self, need: &'static str) -> Unresolved {
        Unresolved::State {
            id: self.payment.recorded.id.clone(),
            state: self.payment.state,
            need,
        }
    }
}

async fn bill_with(transaction: &mut dyn Transaction, id: &str) -> Result<Bill, Unresolved> {
    let bill = transaction.bills().get(id).await?;
    bill.ok_or_else(|| Unresolved::NoBill(id.to_owned()))
}

pub(super) fn too_little(there: i64, wanted: Amount) -> Unresolved {
    let currency = wanted.currency;
    let there = Amount {
        minor: there,
        currency,
    };
    Unresolved::TooLittle(format!(
        "the family has credit of {currency} {}, and {} is wanted",
        there.to_decimal(),
        wanted.to_decimal()
    ))
}
