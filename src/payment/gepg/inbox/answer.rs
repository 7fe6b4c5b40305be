use sha2::{Digest, Sha256};

use super::{
    super::{
        Dialect, Keys, Notary, SealError, SignError,
        codes::{self, INVALID_REQUEST, INVALID_SIGNATURE, SUCCESS},
        message::{Acknowledgement, Acknowledges, Ids},
    },
    reading::{Content, Reading},
};

/// The HTTP answer to a notice; its content type is `application/xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The signed acknowledgement; empty where there is none.
    pub body: Vec<u8>,
}

impl Answer {
    /// Nothing could be written down, so nothing is acknowledged and the gateway comes again.
    pub(super) fn unavailable() -> Self {
        Self {
            status: 503,
            body: Vec::new(),
        }
    }
}

/// The acknowledgements that hold a code and nothing else: their signature is always the same, so each
/// is signed once. They are all of v4's and v5's refusals, so that a stranger costs us no signature.
#[derive(Debug)]
pub(super) struct Answers {
    ready: Vec<Ready>,
    sp_code: String,
}

#[derive(Debug)]
struct Ready {
    of: Acknowledges,
    dialect: Dialect,
    code: u16,
    body: Vec<u8>,
}

/// What we acknowledge.
const GIVEN: [Acknowledges; 3] = [
    Acknowledges::BillResponse,
    Acknowledges::PaymentNotice,
    Acknowledges::ReconciliationResponse,
];

impl Answers {
    pub(super) fn sign(keys: &Keys, sp_code: &str) -> Result<Self, SignError> {
        let mut ready = Vec::new();
        for of in GIVEN {
            for (dialect, code) in [
                (Dialect::V4, SUCCESS),
                (Dialect::V4, INVALID_SIGNATURE),
                (Dialect::V4, INVALID_REQUEST),
                (Dialect::V5, INVALID_SIGNATURE),
                (Dialect::V5, INVALID_REQUEST),
            ] {
                let text = written(of, dialect, code, Ids::default());
                ready.push(Ready {
                    of,
                    dialect,
                    code,
                    body: keys.seal(&text)?,
                });
            }
        }
        Ok(Self {
            ready,
            sp_code: sp_code.to_owned(),
        })
    }

    /// The answer to a message. One whose signature is wrong gets status 200 all the same, because
    /// the gateway reads the code and not the status.
    pub(super) async fn to(&self, reading: &Reading, notary: &Notary) -> Result<Answer, SealError> {
        let (of, dialect) = reading.acknowledged_as();
        let (status, code) = match reading.content {
            Content::Bills(_) | Content::Payments(_) | Content::Reconciliation(_) => (200, SUCCESS),
            Content::Refused(_) => (200, INVALID_SIGNATURE),
            Content::Unreadable(_) => (400, INVALID_REQUEST),
        };
        let ready = self
            .ready
            .iter()
            .find(|ready| (ready.of, ready.dialect, ready.code) == (of, dialect, code));
        let body = if let Some(ready) = ready {
            ready.body.clone()
        } else {
            let ids = self.ids(of, reading.id());
            notary.seal(written(of, dialect, code, ids)).await?
        };
        Ok(Answer { status, body })
    }

    /// The same message is acknowledged with the same id.
    fn ids(&self, of: Acknowledges, answered: &str) -> Ids {
        let hash = Sha256::digest(format!("{of:?} {answered}"));
        let digits = hash.first_chunk().copied().map(u64::from_be_bytes);
        let digits = digits.unwrap_or_default() % 10_u64.pow(16);
        Ids {
            own: format!("{}{digits:016}", self.sp_code),
            answered: answered.to_owned(),
        }
    }
}

fn written(of: Acknowledges, dialect: Dialect, code: u16, ids: Ids) -> String {
    let acknowledgement = Acknowledgement {
        of,
        dialect,
        ids,
        codes: codes::one(code),
    };
    acknowledgement.write()
}
