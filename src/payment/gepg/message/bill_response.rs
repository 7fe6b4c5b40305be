use super::{Ids, named, not_empty, read_codes, read_number, root, write_number};
use crate::{
    model::ControlNumber,
    payment::{
        gepg::{
            Dialect, codes,
            xml::{Element, Tree, XmlError},
        },
        told::{Codes, Numbered},
    },
};

/// What became of bills that were submitted: `gepgBillSubResp`, `billSubRes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillResponse {
    /// In v5: its id, and that of the submission.
    pub ids: Ids,
    /// In v5: the id of the bills' group, which is the bill's where there is one bill.
    pub group: String,
    /// One answer for each bill.
    pub answers: Vec<Numbered>,
}

impl BillResponse {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgBillSubResp", "billSubRes"];

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let (message, dialect) = root(text, Self::NAMES)?;
        match dialect {
            Dialect::V4 => read_v4(&message),
            Dialect::V5 => read_v5(&message),
        }
    }

    /// Writes it.
    pub fn write(&self, dialect: Dialect) -> String {
        let name = named(Self::NAMES, dialect);
        Tree::write(name, |message| match dialect {
            Dialect::V4 => {
                for answer in &self.answers {
                    message.element("BillTrxInf", |bill| write_v4(answer, bill));
                }
            }
            Dialect::V5 => self.write_v5(message),
        })
    }

    fn write_v5(&self, message: &mut Tree) {
        let first = self.answers.first();
        let number = first.and_then(|answer| answer.group_number.or(answer.number));
        let succeeded = first.is_some_and(|answer| answer.succeeded);
        message.element("BillHdr", |header| {
            header.value("ResId", &self.ids.own);
            header.value("ReqId", &self.ids.answered);
            header.value("GrpBillId", &self.group);
            header.value("CustCntrNum", &write_number(number, ""));
            header.value("ResSts", status(succeeded));
            if let Some(answer) = first {
                header.value("ResStsCode", &answer.codes.text);
                header.value("ResStsDesc", codes::words_of(&answer.codes));
            }
        });
        message.element("BillDtls", |bills| {
            for answer in &self.answers {
                bills.element("BillDtl", |bill| {
                    bill.value("BillId", &answer.bill);
                    bill.value("BillCntrNum", &write_number(answer.number, ""));
                    bill.value("BillStsCode", &answer.codes.text);
                    bill.value("BillStsDesc", codes::words_of(&answer.codes));
                });
            }
        });
    }
}

fn status(succeeded: bool) -> &'static str {
    if succeeded { "GS" } else { "GF" }
}

fn read_v4(message: &Element) -> Result<BillResponse, XmlError> {
    let answers = message
        .all("BillTrxInf")
        .map(|bill| {
            Ok::<_, XmlError>(Numbered {
                bill: bill.value("BillId")?,
                number: read_number(&bill.any(&["PayCntrNum", "PayCtrNum"])?),
                group_number: None,
                succeeded: bill.value("TrxSts")? == "GS",
                codes: read_codes(bill, "TrxStsCode")?,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(BillResponse {
        ids: Ids::default(),
        group: String::new(),
        answers: not_empty(answers, "BillTrxInf")?,
    })
}

fn write_v4(answer: &Numbered, bill: &mut Tree) {
    bill.value("BillId", &answer.bill);
    bill.value("PayCntrNum", &write_number(answer.number, "0"));
    bill.value("TrxSts", status(answer.succeeded));
    bill.value("TrxStsCode", &answer.codes.text);
}

/// What the header of a v5 response says of all its bills.
struct Header {
    number: Option<ControlNumber>,
    succeeded: bool,
    codes: Codes,
}

fn read_v5(message: &Element) -> Result<BillResponse, XmlError> {
    let header = message.one("BillHdr")?;
    let group = header.value("GrpBillId")?;
    let of_all = Header {
        number: read_number(&header.value_or_empty("CustCntrNum")?),
        succeeded: header.value("ResSts")? == "GS",
        codes: read_codes(header, "ResStsCode")?,
    };
    let bills: Vec<_> = match message.at_most_one("BillDtls")? {
        Some(bills) => bills.all("BillDtl").collect(),
        None => Vec::new(),
    };
    let answers = if bills.is_empty() {
        // A refusal of the whole may name no bill but the group's.
        vec![of_all.answer_for(group.clone())]
    } else {
        let alone = bills.len() == 1;
        let answers = bills.into_iter().map(|bill| of_all.read(bill, alone));
        answers.collect::<Result<_, _>>()?
    };
    Ok(BillResponse {
        ids: Ids {
            own: header.value_or_empty("ResId")?,
            answered: header.value_or_empty("ReqId")?,
        },
        group,
        answers,
    })
}

impl Header {
    fn answer_for(&self, bill: String) -> Numbered {
        Numbered {
            bill,
            number: self.number,
            group_number: self.number,
            succeeded: self.succeeded,
            codes: self.codes.clone(),
        }
    }

    /// One bill's answer. Where it is alone the header's number is its own; its own code counts
    /// before the header's.
    fn read(&self, bill: &Element, alone: bool) -> Result<Numbered, XmlError> {
        let own = read_number(&bill.value_or_empty("BillCntrNum")?);
        let number = own.or(self.number.filter(|_| alone));
        let codes = bill.value_or_empty("BillStsCode")?;
        let codes = if codes.is_empty() {
            self.codes.clone()
        } else {
            codes::read(&codes).ok_or(XmlError::Unreadable("BillStsCode"))?
        };
        Ok(Numbered {
            bill: bill.value("BillId")?,
            number,
            group_number: self.number,
            succeeded: self.succeeded,
            codes,
        })
    }
}
