use super::super::{
    Keys,
    envelope::{Envelope, EnvelopeError},
    message::{Acknowledges, BillResponse, PaymentNotice},
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

    /// Which acknowledgement answers it: a message that is none of ours gets a payment's.
    pub(super) fn acknowledged_as(&self) -> Acknowledges {
        if self.name == BillResponse::NAME {
            Acknowledges::BillResponse
        } else {
            Acknowledges::PaymentNotice
        }
    }
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
