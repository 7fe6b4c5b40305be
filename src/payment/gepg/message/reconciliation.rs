use chrono::NaiveDate;

use super::{entry, named, read_codes, root};
use crate::payment::{
    gepg::{
        Dialect, codes, time,
        xml::{self, Element, Span, Tree, XmlError},
    },
    told::{PaidEntry, Reconciled},
};

/// A request for the payments of a day: `gepgSpReconcReq`, `sucSpPmtReq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciliationRequest {
    /// Our id of it; digits only in v4.
    pub request: String,
    /// The service provider, in v5 its group.
    pub sp_code: String,
    /// The name under which the gateway knows our system.
    pub system_id: String,
    /// Which day.
    pub day: NaiveDate,
}

/// The successful payments; 2 would be the exceptions.
const SUCCESSFUL: &str = "1";

impl ReconciliationRequest {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgSpReconcReq", "sucSpPmtReq"];

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let (message, dialect) = root(text, Self::NAMES)?;
        let [request, sp_code, system_id, day] = match dialect {
            Dialect::V4 => ["SpReconcReqId", "SpCode", "SpSysId", "TnxDt"],
            Dialect::V5 => ["ReqId", "SpGrpCode", "SysCode", "TrxDt"],
        };
        Ok(Self {
            request: message.value(request)?,
            sp_code: message.value(sp_code)?,
            system_id: message.value(system_id)?,
            day: time::read_day(day, &message.value(day)?)?,
        })
    }

    /// Writes it.
    pub fn write(&self, dialect: Dialect) -> String {
        let day = self.day.format("%Y-%m-%d").to_string();
        Tree::write(named(Self::NAMES, dialect), |message| match dialect {
            Dialect::V4 => {
                message.value("SpReconcReqId", &self.request);
                message.value("SpCode", &self.sp_code);
                message.value("SpSysId", &self.system_id);
                message.value("TnxDt", &day);
                message.value("ReconcOpt", SUCCESSFUL);
            }
            Dialect::V5 => {
                message.value("ReqId", &self.request);
                message.value("SpGrpCode", &self.sp_code);
                message.value("SysCode", &self.system_id);
                message.value("TrxDt", &day);
                for reserved in ["Rsv1", "Rsv2", "Rsv3"] {
                    message.value(reserved, "");
                }
            }
        })
    }
}

/// A day's payments: `gepgSpReconcResp`, `sucSpPmtRes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciliationResponse {
    /// What it tells.
    pub reconciled: Reconciled,
    /// In v4: the provider's name. In v5: the name under which the gateway knows our system.
    pub name: String,
}

/// Where the parts of a response stand.
struct Parts {
    header: &'static str,
    rows: &'static str,
    row: &'static str,
}

fn parts(dialect: Dialect) -> Parts {
    match dialect {
        Dialect::V4 => Parts {
            header: "ReconcBatchInfo",
            rows: "ReconcTrans",
            row: "ReconcTrxInf",
        },
        Dialect::V5 => Parts {
            header: "BatchHdr",
            rows: "PmtDtls",
            row: "PmtTrxDtl",
        },
    }
}

impl ReconciliationResponse {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgSpReconcResp", "sucSpPmtRes"];

    /// Reads it, row by row: a day may be long.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let dialect = dialect_of(text)?;
        let parts = parts(dialect);
        let inside = xml::spans(text)?;
        let header = the_one(&inside, parts.header)?.ok_or(XmlError::Missing(parts.header))?;
        let header = Element::read(header.text)?;
        let mut response = match dialect {
            Dialect::V4 => read_header_v4(&header)?,
            Dialect::V5 => read_header_v5(&header)?,
        };
        if let Some(rows) = the_one(&inside, parts.rows)? {
            let sp_code = &response.reconciled.sp_code;
            response.reconciled.rows = xml::spans(rows.text)?
                .into_iter()
                .filter(|span| span.name == parts.row)
                .map(|span| read_row(span, dialect, sp_code))
                .collect::<Result<_, _>>()?;
        }
        Ok(response)
    }

    /// Writes it.
    pub fn write(&self, dialect: Dialect) -> String {
        let parts = parts(dialect);
        Tree::write(named(Self::NAMES, dialect), |message| {
            message.element(parts.header, |header| match dialect {
                Dialect::V4 => self.write_header_v4(header),
                Dialect::V5 => self.write_header_v5(header),
            });
            message.element(parts.rows, |rows| {
                for entry in &self.reconciled.rows {
                    rows.element(parts.row, |row| write_row(entry, dialect, row));
                }
            });
        })
    }

    fn write_header_v4(&self, header: &mut Tree) {
        let reconciled = &self.reconciled;
        header.value("SpReconcReqId", &reconciled.request);
        header.value("SpCode", &reconciled.sp_code);
        header.value("SpName", &self.name);
        header.value("ReconcStsCode", &reconciled.codes.text);
    }

    fn write_header_v5(&self, header: &mut Tree) {
        let reconciled = &self.reconciled;
        header.value("ResId", &reconciled.response);
        header.value("ReqId", &reconciled.request);
        header.value("PayStsCode", &reconciled.codes.text);
        header.value("PayStsDesc", codes::words_of(&reconciled.codes));
        header.value("SpGrpCode", &reconciled.sp_code);
        header.value("SysCode", &self.name);
    }
}

/// The dialect of a message that is not read yet.
fn dialect_of(text: &str) -> Result<Dialect, XmlError> {
    let length = u64::try_from(text.len()).map_err(|_| XmlError::Malformed)?;
    let name = xml::span(text, 0, length)?.name;
    let [v4, v5] = ReconciliationResponse::NAMES;
    if name == v4 {
        Ok(Dialect::V4)
    } else if name == v5 {
        Ok(Dialect::V5)
    } else {
        Err(XmlError::Missing(v4))
    }
}

/// The one part with this name.
fn the_one<'a>(inside: &[Span<'a>], name: &'static str) -> Result<Option<Span<'a>>, XmlError> {
    let mut named = inside.iter().filter(|span| span.name == name);
    let first = named.next();
    match named.next() {
        None => Ok(first.copied()),
        Some(_) => Err(XmlError::Twice(name)),
    }
}

fn read_header_v4(header: &Element) -> Result<ReconciliationResponse, XmlError> {
    Ok(ReconciliationResponse {
        reconciled: Reconciled {
            request: header.value("SpReconcReqId")?,
            response: String::new(),
            sp_code: header.value("SpCode")?,
            codes: read_codes(header, "ReconcStsCode")?,
            rows: Vec::new(),
        },
        name: header.value_or_empty("SpName")?,
    })
}

fn read_header_v5(header: &Element) -> Result<ReconciliationResponse, XmlError> {
    Ok(ReconciliationResponse {
        reconciled: Reconciled {
            request: header.value("ReqId")?,
            response: header.value_or_empty("ResId")?,
            sp_code: header.value_or_empty("SpGrpCode")?,
            codes: read_codes(header, "PayStsCode")?,
            rows: Vec::new(),
        },
        name: header.value_or_empty("SysCode")?,
    })
}

fn read_row(span: Span<'_>, dialect: Dialect, sp_code: &str) -> Result<PaidEntry, XmlError> {
    let row = Element::read(span.text)?;
    match dialect {
        Dialect::V4 => entry::read_row_v4(&row, sp_code),
        Dialect::V5 => entry::read_v5(&row),
    }
}

/// A v5 row says before the notice's fields which group it is of.
fn write_row(entry: &PaidEntry, dialect: Dialect, row: &mut Tree) {
    match dialect {
        Dialect::V4 => entry::write_row_v4(entry, row),
        Dialect::V5 => {
            let number = entry.group_number.or(entry.number);
            row.value("CustCntrNum", &super::write_number(number, ""));
            row.value("GrpBillId", &entry.bill);
            entry::write_v5(entry, row);
        }
    }
}
