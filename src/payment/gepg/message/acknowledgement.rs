use super::{super::codes::Codes, root};
use crate::payment::gepg::xml::{Tree, XmlError};

/// Which message an acknowledgement answers: all three hold the codes and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledges {
    /// Of a bill that was submitted: `gepgBillSubReqAck`.
    BillSubmission,
    /// Of a gateway's answer to a bill: `gepgBillSubRespAck`.
    BillResponse,
    /// Of a payment notice: `gepgPmtSpInfoAck`.
    PaymentNotice,
}

impl Acknowledges {
    /// The acknowledgement's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::BillSubmission => "gepgBillSubReqAck",
            Self::BillResponse => "gepgBillSubRespAck",
            Self::PaymentNotice => "gepgPmtSpInfoAck",
        }
    }

    /// Reads the codes of an acknowledgement of this kind.
    pub fn read(self, text: &str) -> Result<Codes, XmlError> {
        let code = root(text, self.name())?.value("TrxStsCode")?;
        Codes::parse(&code).ok_or(XmlError::Unreadable("TrxStsCode"))
    }

    /// Writes an acknowledgement of this kind.
    pub fn write(self, codes: &Codes) -> String {
        Tree::write(self.name(), |message| {
            message.value("TrxStsCode", &codes.to_string());
        })
    }
}
