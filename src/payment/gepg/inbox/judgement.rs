//! Which money is the exact payment of an open bill. Everything else is kept for a person.

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::{
    model::{Amount, ControlNumber, local_day},
    payment::{gepg::time, told::PaidEntry},
    store::{Bill, BillState},
};

/// Why money is not the exact payment of an open bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It has no id of the gateway's, by which a repeat could be told.
    NoTransaction,
    /// The gateway's id of it came before, with other content.
    OtherContent,
    /// Its amount or currency cannot be read.
    AmountUnreadable,
    /// Nothing or less: perhaps a reversal.
    NotPositive,
    /// Its time cannot be read.
    TimeUnreadable,
    /// It is another service provider's.
    OtherProvider,
    /// No bill has this id.
    NoSuchBill,
    /// The control number is not this bill's.
    OtherNumber,
    /// The bill cannot be paid in its state.
    NotOpen(BillState),
    /// It was paid after the bill's last day.
    Late,
    /// Another currency than the bill's.
    OtherCurrency,
    /// More or less than the bill's amount.
    OtherAmount,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoTransaction => "it has no TrxId",
            Self::OtherContent => "its TrxId came before with other content",
            Self::AmountUnreadable => "its amount cannot be read",
            Self::NotPositive => "its amount is not above zero",
            Self::TimeUnreadable => "its time cannot be read",
            Self::OtherProvider => "it is for another service provider",
            Self::NoSuchBill => "its bill is not known",
            Self::OtherNumber => "its control number is not the bill's",
            Self::NotOpen(state) => return write!(f, "its bill is {}", state.as_str()),
            Self::Late => "it was paid after the bill's last day",
            Self::OtherCurrency => "its currency is not the bill's",
            Self::OtherAmount => "its amount is not the bill's",
        };
        f.write_str(text)
    }
}

/// A payment's values, as far as they can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) amount: Option<Amount>,
    pub(super) paid_at: Option<DateTime<Utc>>,
    pub(super) number: Option<ControlNumber>,
}

impl Values {
    pub(super) fn of(payment: &PaidEntry) -> Self {
        Self {
            amount: payment.paid,
            paid_at: payment.paid_at,
            number: payment.number,
        }
    }
}

/// Why this is not the exact payment of `bill`; `None` where it is.
pub(super) fn objection(
    payment: &PaidEntry,
    values: Values,
    sp_codes: &[String],
    bill: Option<&Bill>,
) -> Option<Reason> {
    exact(payment, values, sp_codes, bill).err()
}

fn exact(
    payment: &PaidEntry,
    values: Values,
    sp_codes: &[String],
    bill: Option<&Bill>,
) -> Result<(), Reason> {
    holds(!payment.trx_id.is_empty(), Reason::NoTransaction)?;
    let amount = values.amount.ok_or(Reason::AmountUnreadable)?;
    holds(amount.minor > 0, Reason::NotPositive)?;
    let paid_at = values.paid_at.ok_or(Reason::TimeUnreadable)?;
    holds(sp_codes.contains(&payment.sp_code), Reason::OtherProvider)?;
    let bill = bill.ok_or(Reason::NoSuchBill)?;
    let same_number = bill.number.is_some() && bill.number == values.number;
    holds(same_number, Reason::OtherNumber)?;
    holds(
        bill.state == BillState::Payable,
        Reason::NotOpen(bill.state),
    )?;
    holds(local_day(paid_at) <= bill.made.pay_by, Reason::Late)?;
    let asked = bill.made.amount;
    holds(amount.currency == asked.currency, Reason::OtherCurrency)?;
    holds(amount == asked, Reason::OtherAmount)
}

fn holds(condition: bool, otherwise: Reason) -> Result<(), Reason> {
    if condition { Ok(()) } else { Err(otherwise) }
}

/// SHA-256 of what the gateway says of a payment, values by what they mean and not by how they are
/// written, so that a repeat in another form is still a repeat.
pub(super) fn payload_hash(payment: &PaidEntry, values: Values) -> [u8; 32] {
    let amount = values
        .amount
        .map_or_else(|| payment.original_paid.clone(), Amount::to_decimal);
    let paid_at = values
        .paid_at
        .map_or_else(|| payment.original_time.clone(), time::write);
    let number = values.number.map(|number| number.to_string());
    let said = [
        &payment.sp_code,
        &payment.trx_id,
        &payment.pay_ref_id,
        &payment.bill,
        &number.unwrap_or_default(),
        &amount,
        &payment.currency,
        &paid_at,
        &payment.psp_receipt,
    ];
    let mut hash = Sha256::new();
    for value in said {
        hash.update(value.len().to_be_bytes());
        hash.update(value.as_bytes());
    }
    hash.finalize().into()
}
