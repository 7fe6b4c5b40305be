//! The profile language: how one aggregator speaks, written as YAML, and its interpreter. Pure.
//!
//! 1. [`Profile::compile`] reads the profiles of a folder, or reports every [`Problem`] in one run.
//! 2. [`Account::new`] gives a profile the settings of one contract with the aggregator.
//! 3. [`Account::hear`] makes a [`Heard`] of a [`Request`], or says in one sentence why it is [`Refused`].
//! 4. [`Account::reply`] writes the [`Response`] that shows a [`Screen`], [`Account::acknowledge`] that to what is no
//!    turn, [`Account::refuse`] that to a refused request, [`Account::deliver`] the call that shows a screen later.
//! 5. [`Account::send`] writes the call that sends an SMS; [`Account::sent`] reads what came of it.
//! 6. [`Account::forward`] and [`Account::shown`] are the other side: what an aggregator forwards for
//!    a phone, and what the phone shows. Transcripts and `nyota dial` speak through them.
//! 7. [`Account::masked`] writes a request again without what is a person's or secret, and [`Profile::sheet`] the page
//!    for the aggregator's engineer.
//!
//! `gateways/README.md` is the manual. To add a word to the language: its type in `syntax`, its reading in `compile`, what it
//! does in `value`, `hear`, `answer` or `call`, a fixture for each of its problems in `tests/gateways/broken/`, a vector beside a
//! profile that uses it, and its place in the manual.

mod account;
mod answer;
mod body;
mod call;
#[cfg(test)]
mod call_tests;
mod called;
mod charset;
mod compile;
mod dates;
mod digest;
mod filter;
#[cfg(test)]
mod fixture;
mod forward;
mod hear;
mod heard;
#[cfg(test)]
mod heard_tests;
mod json;
mod markup;
mod masked;
mod out_request;
mod parsed;
mod parts;
mod payload;
mod phone;
mod place;
mod problem;
mod proof;
mod reading;
mod refused;
mod request;
mod route;
mod rpc;
pub mod schema;
mod screen;
mod sent;
mod settings;
mod sheet;
mod sign;
#[cfg(test)]
mod sketch;
mod state;
mod syntax;
mod token;
mod told;
mod tree;
mod urlencoded;
mod uses;
mod value;
mod words;
mod written;
mod xml;
mod xmlrpc;

pub use account::{Account, Agreed, Given, SettingError, SettingValue};
pub use compile::Compiled;
pub(super) use compile::{entries, findings::Findings, folder, read_yaml};
pub use forward::{Dialled, Forwarded, NoPhone};
pub use heard::{Heard, Incoming, Receipt, ReceiptState, Refusal, Said, Traced};
pub use masked::{Masked, Masking, Part as MaskedPart, SECRET};
pub use problem::Problem;
pub use refused::{Refused, RefusedAs};
pub use request::{Request, Response};
pub use sheet::{Example, Handed};
pub(super) use syntax::*;
pub use syntax::{Channel, Event, Outcome, Profile, Proof, Settled};
pub use words::Go;
pub use written::{Outbound, Outgoing, Replied, Screen, Sent, Token};
