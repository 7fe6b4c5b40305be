use chrono::{DateTime, Utc};

use super::super::{
    Dialect, Keys,
    envelope::{Envelope, EnvelopeError},
    message::{Acknowledges, BillResponse, PaymentNotice, ReconciliationResponse},
};

/// How many bytes are kept of a body that the gateway has not signed.
const UNPROVED_BYTES: usize = 4096;

/// What a body says, once its signature is verified.
#[derive(Debug)]
pub(super) struct Reading {
    /// The message's name where it could be read.
    pub(super) name: String,
    /// Whether the gateway signed it.
    pub(super) proved: bool,
    pub(super) content: Content,
}

/// What a message holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Control numbers.
    Bills(BillResponse),
    /// Money.
    Payments(PaymentNotice),
    /// A day's money.
    Reconciliation(ReconciliationResponse),
    /// A message whose proof is wrong.
    Refused(EnvelopeError),
    /// Not a message that we know; why.
    Unreadable(String),
}

/// The messages that are taken, whole names, and what acknowledges each.
const TAKEN: [([&str; 2], Acknowledges); 3] = [
    (BillResponse::NAMES, Acknowledges::BillResponse),
    (PaymentNotice::NAMES, Acknowledges::PaymentNotice),
    (
        ReconciliationResponse::NAMES,
        Acknowledges::ReconciliationResponse,
    ),
];

impl Reading {
    /// Verifies a body of at most `largest` bytes, then reads it from the signed bytes only.
    pub(super) fn of(raw: &[u8], keys: &Keys, largest: usize, now: DateTime<Utc>) -> Self {
        match keys.open_within(largest, raw, now) {
            Ok(envelope) => Self {
                name: short(envelope.name),
                proved: true,
                content: Content::of(&envelope),
            },
            Err(error) => Self {
                name: Envelope::cut(raw).map_or_else(|_| name_seen(raw), |cut| short(cut.name)),
                proved: false,
                content: Content::without_proof(error),
            },
        }
    }

    /// What is kept of its body: all of what the gateway signed. Of anything else, which anyone may
    /// send, the beginning says enough.
    pub(super) fn kept<'a>(&self, raw: &'a [u8]) -> &'a [u8] {
        if self.proved {
            raw
        } else {
            raw.get(..UNPROVED_BYTES).unwrap_or(raw)
        }
    }

    /// Which acknowledgement answers it, in which dialect: a message that is none of ours gets a
    /// payment's.
    pub(super) fn acknowledged_as(&self) -> (Acknowledges, Dialect) {
        let taken = TAKEN
            .into_iter()
            .find(|(names, _)| names.contains(&self.name.as_str()));
        match taken {
            Some((_, of)) => (of, Dialect::of_message(&self.name)),
            None if self.name.is_empty() => (Acknowledges::PaymentNotice, Dialect::V4),
            None => (Acknowledges::PaymentNotice, Dialect::of_message(&self.name)),
        }
    }

    /// The gateway's id of the message, which a v5 acknowledgement repeats.
    pub(super) fn id(&self) -> &str {
        match &self.content {
            Content::Bills(response) => &response.ids.own,
            Content::Payments(notice) => &notice.ids.own,
            Content::Reconciliation(response) => &response.reconciled.response,
            Content::Refused(_) | Content::Unreadable(_) => "",
        }
    }
}

impl Content {
    fn of(envelope: &Envelope<'_>) -> Self {
        let text = envelope.message;
        let taken = TAKEN
            .into_iter()
            .find(|(names, _)| names.contains(&envelope.name));
        let read = match taken.map(|(_, of)| of) {
            Some(Acknowledges::BillResponse) => BillResponse::read(text).map(Self::Bills),
            Some(Acknowledges::PaymentNotice) => PaymentNotice::read(text).map(Self::Payments),
            Some(Acknowledges::ReconciliationResponse) => {
                ReconciliationResponse::read(text).map(Self::Reconciliation)
            }
            Some(
                Acknowledges::BillSubmission
                | Acknowledges::ReconciliationRequest
                | Acknowledges::Push,
            )
            | None => return Self::Unreadable("no message that is taken here".to_owned()),
        };
        read.unwrap_or_else(|error| Self::Unreadable(error.to_string()))
    }

    fn without_proof(error: EnvelopeError) -> Self {
        if error.is_about_proof() {
            Self::Refused(error)
        } else {
            Self::Unreadable(error.to_string())
        }
    }
}

/// Names come from outside, so what is kept of them is short and plain.
fn short(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect()
}

/// A known name at the beginning of a body that cannot be cut.
fn name_seen(raw: &[u8]) -> String {
    let raw = raw.get(..UNPROVED_BYTES).unwrap_or(raw);
    let has = |name: &str| {
        let tag = format!("<{name}>");
        raw.windows(tag.len()).any(|part| part == tag.as_bytes())
    };
    TAKEN
        .into_iter()
        .flat_map(|(names, _)| names)
        .find(|name| has(name))
        .unwrap_or_default()
        .to_owned()
}
