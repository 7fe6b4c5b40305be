use super::{
    super::{
        Keys, SignError,
        codes::{Codes, INVALID_REQUEST, INVALID_SIGNATURE, SUCCESS},
        message::Acknowledges,
    },
    reading::{Content, Reading},
};

/// The HTTP answer to a notice; its content type is `application/xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The HTTP status.
    pub status: u16,
    /// The signed acknowledgement; empty where there is none.
    pub body: Vec<u8>,
}

impl Acknowledgement {
    /// Nothing could be written down, so nothing is acknowledged and the gateway comes again.
    pub(super) fn unavailable() -> Self {
        Self {
            status: 503,
            body: Vec::new(),
        }
    }
}

/// Every acknowledgement that we give. They hold a code and nothing else, and their signature is
/// always the same, so each is signed once.
#[derive(Debug)]
pub(super) struct Acknowledgements {
    bills: Signed,
    payments: Signed,
}

#[derive(Debug)]
struct Signed {
    taken: Vec<u8>,
    refused: Vec<u8>,
    unreadable: Vec<u8>,
}

impl Acknowledgements {
    pub(super) fn sign(keys: &Keys) -> Result<Self, SignError> {
        Ok(Self {
            bills: Signed::sign(keys, Acknowledges::BillResponse)?,
            payments: Signed::sign(keys, Acknowledges::PaymentNotice)?,
        })
    }

    /// The answer to a message. One whose signature is wrong gets status 200 all the same, because
    /// the gateway reads the code and not the status.
    pub(super) fn of(&self, reading: &Reading) -> Acknowledgement {
        let signed = match reading.acknowledged_as() {
            Acknowledges::BillResponse => &self.bills,
            Acknowledges::PaymentNotice | Acknowledges::BillSubmission => &self.payments,
        };
        let (status, body) = match reading.content {
            Content::Bills(_) | Content::Payments(_) => (200, &signed.taken),
            Content::Refused(_) => (200, &signed.refused),
            Content::Unreadable(_) => (400, &signed.unreadable),
        };
        Acknowledgement {
            status,
            body: body.clone(),
        }
    }
}

impl Signed {
    fn sign(keys: &Keys, kind: Acknowledges) -> Result<Self, SignError> {
        let sealed = |code| keys.seal(&kind.write(&Codes::one(code)));
        Ok(Self {
            taken: sealed(SUCCESS)?,
            refused: sealed(INVALID_SIGNATURE)?,
            unreadable: sealed(INVALID_REQUEST)?,
        })
    }
}
