//! What openIMIS answers, as nouns: bytes in, typed and bounded values out. Pure.
//!
//! 1. `household` is all of an enquiry, `policy` what it holds of policies, `change` a page of the poll.
//! 2. `value` reads what all of them have: decimals digit by digit, never as a floating-point number; texts
//!    cleaned and cut; ids out of relay's.
//! 3. A part that is missing or of another shape is a failure: a guess could tell a member a wrong date.

mod change;
mod household;
mod log;
mod policy;
#[cfg(test)]
mod tests;
mod value;
mod written;

pub(super) use change::{ChangePage, Held, PolicyRow};
pub(in crate::scheme) use household::Household;
pub(super) use household::{HouseholdAnswer, PhoneAnswer};
pub(super) use log::{Log, LogAnswer};
pub(super) use policy::Standing;
pub(in crate::scheme) use policy::{Policy, Status};
pub(super) use written::{
    OfficerAnswer, PremiumAnswer, ProductAnswer, TicketAnswer, TicketFields, Values, ValuesAnswer,
};
