use chrono::NaiveDate;

use super::{Reason, Rules};
use crate::{
    model::{Amount, local_day},
    payment::{bill, told::PaidEntry},
    store::BillState,
};

/// Whether a payment was told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// It is new.
    Never,
    /// The same, told again.
    Same,
    /// Its id came before, with another amount or bill.
    Otherwise,
    /// Another rail has told of it: the operator's receipt is the same.
    ElsewhereToo,
}

/// A bill as far as a payment meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub state: BillState,
    /// What of it is still to be paid; not above zero where nothing is.
    pub due: Amount,
    /// Last day on which it can be paid.
    pub pay_by: NaiveDate,
    /// Whether it has a control number.
    pub numbered: bool,
}

/// What is known of a payment when it is told.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Whether it was told before.
    pub before: Before,
    /// Whether it has an id by which a repeat is told.
    pub keyed: bool,
    /// The bill with the id that it was told with.
    pub named: Option<&'a Target>,
    /// The bill that has the control number that was paid.
    pub numbered: Option<&'a Target>,
    /// The newest generation of that bill, where it is another one.
    pub newest: Option<&'a Target>,
}

/// How a bill comes to be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It was open and is paid.
    Plainly,
    /// It had expired when the news came, and was paid in time.
    Reopened,
    /// Money on an earlier generation is just what it costs.
    FromEarlier,
}

/// What is to be done with a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was told before: it is acknowledged again, and nothing else happens.
    Repeat,
    /// It contradicts what is known: it waits in suspense for a person.
    Hold(Reason),
    /// No bill is known for it yet: it waits in suspense, and is matched again.
    Wait(Reason),
    /// It settles a bill.
    Settle {
        /// The bill's id.
        bill: String,
        /// What is more than the bill, in minor units: its family's credit.
        over: i64,
        /// What is missing and may be, in minor units: the operator kept it as its fee.
        fee: i64,
        /// How.
        way: Way,
    },
    /// It is a part of a bill.
    Part {
        /// The bill's id.
        bill: String,
        /// What is missing then, in minor units.
        short: i64,
    },
    /// It is its family's credit.
    Credit {
        /// The bill that it was paid on.
        bill: String,
        /// Why it is not that bill's payment.
        why: Reason,
    },
}

/// What is to be done with a payment that is told.
pub fn judge(told: &PaidEntry, known: &Known<'_>, rules: &Rules) -> Verdict {
    judged(told, known, rules).unwrap_or_else(|verdict| verdict)
}

/// The first that ends the matter is the verdict, whether it ends well or not.
fn judged(told: &PaidEntry, known: &Known<'_>, rules: &Rules) -> Result<Verdict, Verdict> {
    if known.before == Before::Same || known.before == Before::ElsewhereToo {
        return Ok(Verdict::Repeat);
    }
    holds(known.keyed, Reason::NoTransaction)?;
    holds(known.before == Before::Never, Reason::OtherContent)?;
    let paid = told.paid.ok_or(Verdict::Hold(Reason::AmountUnreadable))?;
    holds(paid.minor > 0, Reason::NotPositive)?;
    let paid_at = told.paid_at.ok_or(Verdict::Hold(Reason::TimeUnreadable))?;
    holds(
        rules.sp_codes.contains(&told.sp_code),
        Reason::OtherProvider,
    )?;
    let bill = bill_of(told, known)?;
    holds(paid.currency == bill.due.currency, Reason::OtherCurrency)?;
    let paid = Paid {
        minor: paid.minor,
        on: local_day(paid_at),
        channel: &told.channel,
    };
    Ok(paid.on_bill(bill, known.newest, rules))
}

/// The bill that both id and number mean.
fn bill_of<'a>(told: &PaidEntry, known: &Known<'a>) -> Result<&'a Target, Verdict> {
    match (known.named, known.numbered) {
        (Some(named), Some(numbered)) if named.id == numbered.id => Ok(named),
        (None, Some(numbered)) if told.bill.is_empty() => Ok(numbered),
        (Some(_) | None, Some(_)) => Err(Verdict::Hold(Reason::OtherNumber)),
        (Some(named), None) if named.numbered || told.number.is_none() => {
            Err(Verdict::Hold(Reason::OtherNumber))
        }
        (Some(_), None) => Err(Verdict::Wait(Reason::NoNumberYet)),
        (None, None) => Err(Verdict::Wait(Reason::NoSuchBill)),
    }
}

fn holds(condition: bool, otherwise: Reason) -> Result<(), Verdict> {
    if condition {
        Ok(())
    } else {
        Err(Verdict::Hold(otherwise))
    }
}

/// A payment whose bill is found.
struct Paid<'a> {
    minor: i64,
    on: NaiveDate,
    channel: &'a str,
}

impl Paid<'_> {
    fn on_bill(&self, bill: &Target, newest: Option<&Target>, rules: &Rules) -> Verdict {
        let in_time = self.on <= bill.pay_by;
        match bill.state {
            BillState::Payable | BillState::PartPaid if in_time => {
                self.on_open(bill, rules, Way::Plainly)
            }
            // It is to be cancelled: a part of it is not taken for it any more.
            BillState::CancelRequested if in_time && self.minor >= bill.due.minor => {
                self.on_open(bill, rules, Way::Plainly)
            }
            BillState::Payable
            | BillState::PartPaid
            | BillState::CancelRequested
            | BillState::Expired
            | BillState::Cancelled
            | BillState::ClosedWithMoney => self.on_closed(bill, newest, rules),
            BillState::Settled | BillState::Activated => Verdict::Credit {
                bill: bill.id.clone(),
                why: Reason::PaidBefore,
            },
            BillState::Draft
            | BillState::Queued
            | BillState::Submitted
            | BillState::SubmitUnknown
            | BillState::AwaitingNumber
            | BillState::Pooled
            | BillState::Rejected => Verdict::Hold(Reason::NotOpen(bill.state)),
        }
    }

    fn on_open(&self, bill: &Target, rules: &Rules, way: Way) -> Verdict {
        let short = bill.due.minor.saturating_sub(self.minor);
        let id = bill.id.clone();
        let admitted = rules.tolerance.admits(self.channel, bill.due.minor, short);
        if short > 0 && !admitted {
            return Verdict::Part { bill: id, short };
        }
        Verdict::Settle {
            bill: id,
            over: short.saturating_neg().max(0),
            fee: short.max(0),
            way,
        }
    }

    /// A bill that is no more: its money settles the bill that took its place, if it is just what
    /// that costs; or the bill itself, if it was paid in time and none took its place.
    fn on_closed(&self, bill: &Target, newest: Option<&Target>, rules: &Rules) -> Verdict {
        let credit = Verdict::Credit {
            bill: bill.id.clone(),
            why: Reason::Late,
        };
        let open = newest.filter(|newest| bill::is_open(newest.state));
        if let Some(open) = open {
            let same_currency = open.due.currency == bill.due.currency;
            if same_currency && open.due.minor == self.minor {
                return self.on_open(open, rules, Way::FromEarlier);
            }
            return credit;
        }
        let in_time = self.on <= bill.pay_by;
        let whole = self.minor >= bill.due.minor && bill.due.minor > 0;
        if bill.state == BillState::Expired && newest.is_none() && in_time && whole {
            return self.on_open(bill, rules, Way::Reopened);
        }
        credit
    }
}
