use std::fmt;

use crate::store::BillState;

/// Why money is not simply the payment of an open bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
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
    /// No bill has this id or number.
    NoSuchBill,
    /// Its bill has no control number yet.
    NoNumberYet,
    /// The control number is not this bill's.
    OtherNumber,
    /// Another currency than the bill's.
    OtherCurrency,
    /// The bill cannot be paid in its state.
    NotOpen(BillState),
    /// It was paid after the bill's last day, or on a bill that is no more.
    Late,
    /// The bill was paid before.
    PaidBefore,
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
            Self::NoNumberYet => "its bill has no control number yet",
            Self::OtherNumber => "its control number is not the bill's",
            Self::OtherCurrency => "its currency is not the bill's",
            Self::NotOpen(state) => return write!(f, "its bill is {}", state.as_str()),
            Self::Late => "it came when its bill could not be paid any more",
            Self::PaidBefore => "its bill was paid before",
        };
        f.write_str(text)
    }
}
