//! Calls that a set declares itself: what is sent, and how an answer is read.
//!
//! 1. A [`DeclaredCall`] is one call of a set's `calls.yaml`, compiled: its signature for the menus,
//!    and its request, times and outcomes for whoever makes it.
//! 2. [`DeclaredCall::fill`] puts arguments into the request, each encoded for the place where it
//!    stands, so that no argument can reach beyond it.
//! 3. [`DeclaredCall::outcome`] finds the outcome of an answer and reads what it gives.
//!
//! Left out: sending, which is `effect`'s.

mod compare;
mod encode;
mod fill;
mod json;
mod path;
mod read;

use std::{ops::RangeInclusive, time::Duration};

pub use compare::{Comparison, Constant, Operator};
pub(super) use encode::plain;
pub(super) use fill::is_straight;
pub use fill::{FilledRequest, Filling, Unfit};
pub use json::Json;
pub use path::JsonPath;
pub use read::{Nonsense, Read};

use super::{OutcomeName, Signature, Type};
use crate::model::{Currency, NumberRule, source::Span};

/// A call of a set's own.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredCall {
    /// What menus know of it.
    pub signature: Signature,
    /// Where its name is written.
    pub at: Span,
    /// What is sent.
    pub request: Request,
    /// How long one try may take at most; the turn's deadline comes first.
    pub timeout: Duration,
    /// How many more tries there may be after one that had no answer.
    pub retries: u8,
    /// Whether `Idempotency-Key` is sent, the same whenever the effect is run again.
    pub idempotency_key: bool,
    /// How old an answer may be that is given again.
    pub cache: Option<Duration>,
    /// Its own outcomes; the first that fits counts, and `down` where none does.
    pub outcomes: Vec<OutcomeRule>,
    /// How what it gives is read; `None` where it gives nothing.
    pub gives: Option<Shape>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub address: Address,
    /// Names and values behind the `?`, in order.
    pub query: Vec<(String, Wording)>,
    /// Names, in small letters, and values.
    pub headers: Vec<(String, Wording)>,
    /// The body.
    pub json: Option<Json>,
}

/// How it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Only reads.
    Get,
    /// Whatever it does, it does again when it is sent again.
    Post,
    /// As post here: what a second one does is the other side's to say.
    Put,
}

/// Where a request is sent. Its host is never filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether it is `https`.
    pub secure: bool,
    /// The host in small letters; an IPv6 address without its brackets.
    pub host: String,
    /// The port, where one is written.
    pub port: Option<u16>,
    /// The path from its first `/` on.
    pub path: Wording,
    /// Where it is written.
    pub at: Span,
}

/// A text of a request with what is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording(pub Vec<Slot>);

/// A piece of a [`Wording`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// As written.
    Literal(String),
    /// The argument at this position.
    Argument(usize),
    /// A setting of the set, as it is sent.
    Setting(String),
    /// The tag of the caller's language.
    Language,
    /// A secret of the installation by its name; in headers only.
    Secret(String, Span),
}

/// An outcome of the call's own.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeRule {
    /// Which.
    pub name: OutcomeName,
    /// The HTTP statuses it fits.
    pub statuses: Vec<RangeInclusive<u16>>,
    /// What else must be true of the answer.
    pub when: Option<Comparison>,
    /// Whether it gives something.
    pub gives: bool,
}

/// How what a call gives is found in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Where the list is; `None` where it gives one record.
    pub list: Option<JsonPath>,
    /// The fields, in the order of the record.
    pub fields: Vec<FieldRule>,
}

/// How one field is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRule {
    /// Its type.
    pub of: Type,
    /// An amount's currency.
    pub currency: Option<Currency>,
    /// Where it stands.
    pub at: JsonPath,
    /// Which numbers a member has.
    pub numbers: NumberRule,
}

impl Method {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

impl Address {
    /// The port that is spoken to.
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// As the configuration lists it: the host, and a port that is not the usual one.
    pub fn listed(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

impl DeclaredCall {
    /// The secrets of the installation that it needs, by name, and where each is named.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, Span)> {
        let headers = self.request.headers.iter();
        let slots = headers.flat_map(|(_, value)| &value.0);
        slots.filter_map(|slot| match slot {
            Slot::Secret(name, at) => Some((name.as_str(), *at)),
            Slot::Literal(_) | Slot::Argument(_) | Slot::Setting(_) | Slot::Language => None,
        })
    }
}

#[cfg(test)]
mod tests;
