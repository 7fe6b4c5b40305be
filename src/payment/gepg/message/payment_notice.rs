use super::{Ids, entry, named, not_empty, read_number, root, write_number};
use crate::payment::{
    gepg::{
        Dialect,
        xml::{Element, Tree, XmlError},
    },
    told::{Paid, PaidEntry},
};

/// Money that came: `gepgPmtSpInfo`, `pmtSpNtfReq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNotice {
    /// In v5: its id.
    pub ids: Ids,
    /// In v5: the id of the bills' group, which is the bill's where there is one bill.
    pub group: String,
    /// In v5: the service provider's group.
    pub group_code: String,
    /// What it tells.
    pub paid: Paid,
}

impl PaymentNotice {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgPmtSpInfo", "pmtSpNtfReq"];

    /// A notice of these payments, the id of which is that of the first.
    pub fn of(entries: Vec<PaidEntry>) -> Self {
        let first = entries.first();
        let own = first.map(|entry| entry.trx_id.clone()).unwrap_or_default();
        Self {
            ids: Ids {
                own,
                answered: String::new(),
            },
            group: first.map(|entry| entry.bill.clone()).unwrap_or_default(),
            group_code: first.map(|entry| entry.sp_code.clone()).unwrap_or_default(),
            paid: Paid {
                count: u32::try_from(entries.len()).ok(),
                entries,
            },
        }
    }

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
        let entries = &self.paid.entries;
        Tree::write(named(Self::NAMES, dialect), |message| match dialect {
            Dialect::V4 => {
                for paid in entries {
                    message.element("PymtTrxInf", |payment| {
                        entry::write_notice_v4(paid, payment);
                    });
                }
            }
            Dialect::V5 => {
                message.element("PmtHdr", |header| self.write_header(header));
                message.element("PmtDtls", |payments| {
                    for paid in entries {
                        payments.element("PmtTrxDtl", |payment| entry::write_v5(paid, payment));
                    }
                });
            }
        })
    }

    fn write_header(&self, header: &mut Tree) {
        let first = self.paid.entries.first();
        let number = first.and_then(|entry| entry.group_number.or(entry.number));
        let count = self.paid.count.unwrap_or_default().to_string();
        header.value("ReqId", &self.ids.own);
        header.value("GrpBillId", &self.group);
        header.value("SpGrpCode", &self.group_code);
        header.value("CustCntrNum", &write_number(number, ""));
        header.value("EntryCnt", &count);
    }
}

fn read_v4(message: &Element) -> Result<PaymentNotice, XmlError> {
    let entries = message
        .all("PymtTrxInf")
        .map(entry::read_notice_v4)
        .collect::<Result<_, _>>()?;
    Ok(PaymentNotice {
        ids: Ids::default(),
        group: String::new(),
        group_code: String::new(),
        paid: Paid {
            entries: not_empty(entries, "PymtTrxInf")?,
            count: None,
        },
    })
}

fn read_v5(message: &Element) -> Result<PaymentNotice, XmlError> {
    let header = message.one("PmtHdr")?;
    let number = read_number(&header.value_or_empty("CustCntrNum")?);
    let entries = message
        .one("PmtDtls")?
        .all("PmtTrxDtl")
        .map(|payment| {
            let entry = entry::read_v5(payment)?;
            Ok::<_, XmlError>(PaidEntry {
                group_number: entry.group_number.or(number),
                ..entry
            })
        })
        .collect::<Result<_, _>>()?;
    let count = header.value_or_empty("EntryCnt")?;
    Ok(PaymentNotice {
        ids: Ids {
            own: header.value("ReqId")?,
            answered: String::new(),
        },
        group: header.value_or_empty("GrpBillId")?,
        group_code: header.value_or_empty("SpGrpCode")?,
        paid: Paid {
            entries: not_empty(entries, "PmtTrxDtl")?,
            // A count that is no number disagrees with every number of entries.
            count: (!count.is_empty()).then(|| count.parse().unwrap_or(u32::MAX)),
        },
    })
}
