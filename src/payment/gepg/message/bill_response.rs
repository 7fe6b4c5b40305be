use super::{super::codes::Codes, not_empty, root};
use crate::payment::gepg::xml::{Element, Tree, XmlError};

/// `gepgBillSubResp`: what became of bills that were submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillResponse {
    /// One answer for each bill.
    pub answers: Vec<BillAnswer>,
}

/// What became of one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillAnswer {
    /// Our id of the bill: all that ties the answer to it.
    pub bill: String,
    /// The control number as it is written; `0` on failure.
    pub number: String,
    /// Whether the gateway says success (`GS`); anything else is failure.
    pub succeeded: bool,
    /// Its codes.
    pub codes: Codes,
}

impl BillResponse {
    /// The message's name.
    pub const NAME: &'static str = "gepgBillSubResp";

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let answers = root(text, Self::NAME)?
            .all("BillTrxInf")
            .map(BillAnswer::read)
            .collect::<Result<_, _>>()?;
        not_empty(answers, "BillTrxInf").map(|answers| Self { answers })
    }

    /// Writes it.
    pub fn write(&self) -> String {
        Tree::write(Self::NAME, |message| {
            for answer in &self.answers {
                message.element("BillTrxInf", |bill| answer.write(bill));
            }
        })
    }
}

impl BillAnswer {
    fn read(bill: &Element) -> Result<Self, XmlError> {
        let codes = bill.value("TrxStsCode")?;
        Ok(Self {
            bill: bill.value("BillId")?,
            number: bill.value("PayCntrNum")?,
            succeeded: bill.value("TrxSts")? == "GS",
            codes: Codes::parse(&codes).ok_or(XmlError::Unreadable("TrxStsCode"))?,
        })
    }

    fn write(&self, bill: &mut Tree) {
        bill.value("BillId", &self.bill);
        bill.value("PayCntrNum", &self.number);
        bill.value("TrxSts", if self.succeeded { "GS" } else { "GF" });
        bill.value("TrxStsCode", &self.codes.to_string());
    }
}
