//! The other side of a profile: what an aggregator forwards for a phone, and what the phone shows.
//!
//! 1. [`Account::forward`] derives the request from what the profile reads and how it tells requests apart, and proves
//!    it: a request is used only if the profile itself hears in it what the phone did.
//! 2. [`Account::shown`] finds the screen in the answer, by the profile's own answer to that request.
//!
//! Left out: a screen that goes out by a call of ours.

mod element;
mod encode;
mod fields;
mod inverse;
mod proof;
mod request;
mod shown;
#[cfg(test)]
mod tests;

use crate::model::{Msisdn, ServiceCode};

/// What a phone has done in one dialogue, up to now.
#[derive(Clone, Copy)]
pub struct Dialled<'a> {
    /// The aggregator's id of the session.
    pub session: &'a str,
    /// Whose phone.
    pub phone: &'a Msisdn,
    /// What was dialled.
    pub code: &'a ServiceCode,
    /// What was typed since, in order.
    pub inputs: &'a [String],
    /// The aggregator's id of this request.
    pub request: &'a str,
    /// What the last answer gave to be brought back: [`brought_back`](super::Account::brought_back).
    pub state: Option<&'a str>,
}

/// A request as the aggregator forwards it.
#[derive(Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// Path below the gateway's own address.
    pub path: String,
    /// What stands after `?`, encoded; empty for nothing.
    pub query: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Why no phone can speak through a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPhone {
    /// No address of it takes what a phone does.
    #[error("no request can be derived from the profile of {0}: a phone cannot dial through it")]
    Unforwarded(String),
    /// Its answers do not say where the screen stands, or whether the dialogue goes on.
    #[error("an answer of {0} does not tell a phone what to show")]
    Unshown(String),
}

impl std::fmt::Debug for Forwarded {
    /// Without query, headers and body: they hold phone numbers and what callers type.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl std::fmt::Debug for Dialled<'_> {
    /// Without the phone and what was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dialled({} inputs)", self.inputs.len())
    }
}
