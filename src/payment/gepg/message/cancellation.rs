use super::{Ids, named, not_empty, read_codes, root};
use crate::payment::{
    gepg::{
        Dialect, codes,
        xml::{Element, Tree, XmlError},
    },
    told::{Cancelled, CodeMeaning},
};

/// A bill that is not to be paid any more: `gepgBillCanclReq`, `billCanclReq`. It is answered at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// In v5: our id of it.
    pub request: String,
    /// The service provider, in v5 its group.
    pub sp_code: String,
    /// The name under which the gateway knows our system.
    pub system_id: String,
    /// Our ids of the bills; v5 takes one.
    pub bills: Vec<String>,
    /// Why; empty where nothing is said.
    pub reason: String,
    /// In v5: who asks for it and approves.
    pub made_by: String,
}

impl Cancellation {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgBillCanclReq", "billCanclReq"];

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let (message, dialect) = root(text, Self::NAMES)?;
        let reason = message.value_or_empty("CanclReasn")?;
        match dialect {
            Dialect::V4 => Ok(Self {
                request: String::new(),
                sp_code: message.value("SpCode")?,
                system_id: message.value("SpSysId")?,
                bills: not_empty(bills(&message), "BillId")?,
                reason,
                made_by: String::new(),
            }),
            Dialect::V5 => Ok(Self {
                request: message.value("ReqId")?,
                sp_code: message.value("SpGrpCode")?,
                system_id: message.value("SysCode")?,
                bills: vec![message.value("GrpBillId")?],
                reason,
                made_by: message.value_or_empty("CanclGenBy")?,
            }),
        }
    }

    /// Writes it.
    pub fn write(&self, dialect: Dialect) -> String {
        Tree::write(named(Self::NAMES, dialect), |message| match dialect {
            Dialect::V4 => self.write_v4(message),
            Dialect::V5 => self.write_v5(message),
        })
    }

    fn write_v4(&self, message: &mut Tree) {
        message.value("SpCode", &self.sp_code);
        message.value("SpSysId", &self.system_id);
        if !self.reason.is_empty() {
            message.value("CanclReasn", &self.reason);
        }
        for bill in &self.bills {
            message.value("BillId", bill);
        }
    }

    fn write_v5(&self, message: &mut Tree) {
        message.value("ReqId", &self.request);
        message.value("SpGrpCode", &self.sp_code);
        message.value("SysCode", &self.system_id);
        message.value("BillTyp", "1");
        message.value("GrpBillId", self.bills.first().map_or("", String::as_str));
        message.value("CanclGenBy", &self.made_by);
        message.value("CanclApprBy", &self.made_by);
        message.value("CanclReasn", &self.reason);
    }
}

fn bills(message: &Element) -> Vec<String> {
    let bills = message.all("BillId");
    bills.map(|bill| bill.text().to_owned()).collect()
}

/// What became of a cancellation: `gepgBillCanclResp`, `billCanclRes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancellationResponse {
    /// In v5: its id and that of the request.
    pub ids: Ids,
    /// One answer for each bill.
    pub answers: Vec<Cancelled>,
}

impl CancellationResponse {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgBillCanclResp", "billCanclRes"];

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let (message, dialect) = root(text, Self::NAMES)?;
        let answers = match dialect {
            Dialect::V4 => message
                .all("BillCanclTrxDt")
                .map(|bill| read_answer(bill, ["BillId", "TrxStsCode"]))
                .collect::<Result<_, _>>()?,
            Dialect::V5 => vec![read_answer(&message, ["GrpBillId", "CanclStsCode"])?],
        };
        Ok(Self {
            ids: Ids {
                own: message.value_or_empty("ResId")?,
                answered: message.value_or_empty("ReqId")?,
            },
            answers: not_empty(answers, "BillCanclTrxDt")?,
        })
    }

    /// Writes it.
    pub fn write(&self, dialect: Dialect) -> String {
        Tree::write(named(Self::NAMES, dialect), |message| match dialect {
            Dialect::V4 => {
                for answer in &self.answers {
                    message.element("BillCanclTrxDt", |bill| write_v4(answer, bill));
                }
            }
            Dialect::V5 => self.write_v5(message),
        })
    }

    fn write_v5(&self, message: &mut Tree) {
        message.value("ResId", &self.ids.own);
        message.value("ReqId", &self.ids.answered);
        if let Some(answer) = self.answers.first() {
            message.value("GrpBillId", &answer.bill);
            message.value("CanclSts", status(answer));
            message.value("CanclStsCode", &answer.codes.text);
            message.value("CanclStsDesc", codes::words_of(&answer.codes));
        }
    }
}

fn status(answer: &Cancelled) -> &'static str {
    if answer.codes.meaning == CodeMeaning::Cancelled {
        "GS"
    } else {
        "GF"
    }
}

/// The status beside the codes says nothing that they do not.
fn read_answer(bill: &Element, names: [&'static str; 2]) -> Result<Cancelled, XmlError> {
    let [id, code] = names;
    Ok(Cancelled {
        bill: bill.value(id)?,
        codes: read_codes(bill, code)?,
    })
}

fn write_v4(answer: &Cancelled, bill: &mut Tree) {
    bill.value("BillId", &answer.bill);
    bill.value("TrxSts", status(answer));
    bill.value("TrxStsCode", &answer.codes.text);
}
