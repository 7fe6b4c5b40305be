//! The nouns that every layer shares. Pure: no sockets, no clock of its own, no randomness.
//!
//! 1. Who and what: [`Msisdn`], [`MemberNumber`] and its [`NumberRule`], [`ControlNumber`], [`Amount`], [`Language`],
//!    [`ServiceCode`].
//! 2. What an aggregator said, whatever its dialect: [`Call`].
//! 3. What a phone can show: [`gsm7`].
//! 4. Files that people write, with the places of their mistakes: [`source`].
//! 5. Time and chance as parameters: [`Clock`], [`Chance`]; how often something may happen: [`Rate`].
//! 6. Whether a part that fails is worth asking: [`Breaker`].
//!
//! Left out: anything that knows a menu, a gateway's dialect or a database.

#![deny(clippy::disallowed_types)]

pub mod accumulated;
mod amount;
mod breaker;
mod calendar;
mod call;
mod chance;
mod clock;
mod control_number;
mod date;
mod digits;
pub mod gsm7;
mod ids;
mod initials;
mod language;
mod member_number;
mod menus_name;
mod msisdn;
mod number_rule;
mod page_size;
mod purpose;
mod rate;
mod service_code;
pub mod source;

pub use amount::{Amount, Currency, ParseAmountError};
pub use breaker::{Breaker, News};
pub use calendar::{EAST_AFRICA, end_of_day, local_day};
pub use call::{Call, Caller, Known, Lost, Position, Signal};
pub use chance::{Chance, SystemChance};
pub use clock::{Clock, FixedClock, SystemClock};
pub use control_number::{ControlNumber, ParseControlNumberError};
pub use date::print_date;
pub use digits::western_digits;
pub use ids::{DialogueId, EffectKey};
pub use initials::initials;
pub use language::{Language, ParseLanguageError};
pub use member_number::{MemberNumber, ParseMemberNumberError};
pub use menus_name::MenusName;
pub use msisdn::{Msisdn, ParseMsisdnError};
pub use number_rule::{NotOfRule, NumberRule, ParseNumberRuleError};
pub use page_size::PageSize;
pub use purpose::Purpose;
pub use rate::{ParseRateError, Rate};
pub use service_code::{ParseServiceCodeError, ServiceCode};
