use super::super::{
    Keys,
    envelope::{Envelope, EnvelopeError, LARGEST},
    message::{Acknowledges, BillResponse, PaymentNotice},
};

/// What a body says, once its signature is verified.
#[derive(Debug)]
pub(super) struct Reading {
    /// The message's name where it could be read.
    pub(super) name: String,
    pub(super) content: Content,
}

/// What a message holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Control numbers.
    Bills(BillResponse),
    /// Money.
    Payments(PaymentNotice),
    /// A message whose proof is wrong.
    Refused(EnvelopeError),
    /// Not a message that we know; why.
    Unreadable(String),
}

impl Reading {
    /// Verifies a body, then reads it from the signed bytes only.
    pub(super) fn of(raw: &[u8], keys: &Keys) -> Self {
        match keys.open(raw) {
            Ok(envelope) => Self {
                name: short(envelope.name),
                content: Content::of(&envelope),
            },
            Err(error) => Self {
                name: Envelope::cut(raw).map_or_else(|_| name_seen(raw), |cut| short(cut.name)),
                content: Content::without_proof(error),
            },
        }
    }

    /// Which acknowledgement answers it: a message that is none of ours gets a payment's.
    pub(super) fn acknowledged_as(&self) -> Acknowledges {
        if self.name == BillResponse::NAME {
            Acknowledges::BillResponse
        } else {
            Acknowledges::PaymentNotice
        }
    }
}

/// What is kept of a body: all of it, or its beginning where it is larger than any message.
pub(super) fn keepable(raw: &[u8]) -> &[u8] {
    raw.get(..LARGEST).unwrap_or(raw)
}

impl Content {
    fn of(envelope: &Envelope<'_>) -> Self {
        let read = match envelope.name {
            BillResponse::NAME => BillResponse::read(envelope.message).map(Self::Bills),
            PaymentNotice::NAME => PaymentNotice::read(envelope.message).map(Self::Payments),
            _ => return Self::Unreadable("no message that is taken here".to_owned()),
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

/// A known name in a body that cannot be cut.
fn name_seen(raw: &[u8]) -> String {
    let has = |name: &str| {
        let tag = format!("<{name}>");
        raw.windows(tag.len()).any(|part| part == tag.as_bytes())
    };
    [BillResponse::NAME, PaymentNotice::NAME]
        .into_iter()
        .find(|name| has(name))
        .unwrap_or_default()
        .to_owned()
}
