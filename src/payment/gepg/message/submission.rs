use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{named, not_empty, read_amount, read_number, root};
use crate::{
    model::{Amount, ControlNumber},
    payment::{
        Takes,
        gepg::{
            Dialect, time,
            xml::{Element, Tree, XmlError},
        },
    },
};

/// Bills to take and to give a control number, or to change: `gepgBillSubReq`, `billSubReq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillSubmission {
    /// In v5: our id of it, the same whenever it is sent again.
    pub request: String,
    /// Whose bills.
    pub party: Party,
    /// What is wanted of them.
    pub purpose: Purpose,
    /// The bills.
    pub bills: Vec<SubmittedBill>,
}

/// Under which names and codes the gateway knows whose bills they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The service provider's code.
    pub sp_code: String,
    /// In v5: the code of its group, which is often its own.
    pub group_code: String,
    /// The code of the provider's part that is paid.
    pub sub_sp_code: String,
    /// The name under which the gateway knows our system.
    pub system_id: String,
    /// The government's revenue code.
    pub gfs_code: String,
    /// In v5: terms that no public source explains.
    pub terms: Terms,
}

/// What v5 wants of a bill and no public source explains; as samples have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    /// The code of the collection centre (`CollCentCode`).
    pub collection_centre: String,
    /// What kind of number the payer's is (`CustIdTyp`); 5 is another.
    pub payer_id_type: String,
    /// `PayTyp`.
    pub pay_type: String,
    /// `PayPlan`.
    pub pay_plan: String,
    /// `PayLimTyp`.
    pub pay_limit_type: String,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            collection_centre: String::new(),
            payer_id_type: "5".to_owned(),
            pay_type: "1".to_owned(),
            pay_plan: "1".to_owned(),
            pay_limit_type: "1".to_owned(),
        }
    }
}

/// What is wanted of bills that are submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A control number for each.
    New,
    /// The control number that each names again; in v5 with the reason.
    Reuse(String),
    /// Another last moment to pay; in v5 with the reason. Only a few of the fields are written.
    Change(String),
}

/// A bill as it is submitted, with one item. Of a change only its id, its last moment and who made it
/// are on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittedBill {
    /// Our id of it.
    pub id: String,
    /// How much; `None` where it is changed.
    pub amount: Option<Amount>,
    /// Which other amounts it takes.
    pub takes: Takes,
    /// It cannot be paid after this.
    pub expires_at: DateTime<Utc>,
    /// The payer's number with us.
    pub payer_id: String,
    /// Who pays.
    pub payer: Payer,
    /// What for.
    pub description: String,
    /// When it was made; `None` where it is changed.
    pub made_at: Option<DateTime<Utc>>,
    /// Who made it and approved it.
    pub made_by: String,
    /// The number that it is to have again.
    pub reuse: Option<ControlNumber>,
}

/// A payer. Prints nothing of her.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Payer {
    /// Whole name.
    pub name: String,
    /// Phone, digits only.
    pub phone: String,
    /// E-mail address; empty where there is none.
    pub email: String,
}

impl fmt::Debug for Payer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payer(…)")
    }
}

/// A reason where a message has none.
const NO_REASON: String = String::new();

impl BillSubmission {
    /// The message's names, v4 and v5.
    pub const NAMES: [&'static str; 2] = ["gepgBillSubReq", "billSubReq"];

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
        Tree::write(named(Self::NAMES, dialect), |message| match dialect {
            Dialect::V4 => self.write_v4(message),
            Dialect::V5 => self.write_v5(message),
        })
    }
}

fn read_v4(message: &Element) -> Result<BillSubmission, XmlError> {
    let elements: Vec<_> = message.all("BillTrxInf").collect();
    let first = *elements.first().ok_or(XmlError::Missing("BillTrxInf"))?;
    let bills: Vec<_> = elements
        .iter()
        .map(|bill| read_bill_v4(bill))
        .collect::<Result<_, _>>()?;
    let purpose = if is_change(first) {
        Purpose::Change(NO_REASON)
    } else if bills.iter().any(|bill| bill.reuse.is_some()) {
        Purpose::Reuse(NO_REASON)
    } else {
        Purpose::New
    };
    Ok(BillSubmission {
        request: String::new(),
        party: Party {
            sp_code: message.one("BillHdr")?.value("SpCode")?,
            sub_sp_code: first.value_or_empty("SubSpCode")?,
            system_id: first.value("SpSysId")?,
            gfs_code: gfs_code(first)?,
            ..Party::default()
        },
        purpose,
        bills,
    })
}

/// Both dialects write a change of a bill without its amount.
fn is_change(bill: &Element) -> bool {
    bill.all("BillAmt").next().is_none()
}

fn item(bill: &Element) -> Result<Option<&Element>, XmlError> {
    let items = bill.at_most_one("BillItems")?;
    items.map(|items| items.one("BillItem")).transpose()
}

fn gfs_code(bill: &Element) -> Result<String, XmlError> {
    let code = item(bill)?.map(|item| item.value("GfsCode"));
    Ok(code.transpose()?.unwrap_or_default())
}

fn read_bill_v4(bill: &Element) -> Result<SubmittedBill, XmlError> {
    let payer = Payer {
        name: bill.value_or_empty("PyrName")?,
        phone: bill.value_or_empty("PyrCellNum")?,
        email: bill.value_or_empty("PyrEmail")?,
    };
    read_bill(bill, payer, bill.value_or_empty("PyrId")?)
}

fn read_bill_v5(bill: &Element) -> Result<SubmittedBill, XmlError> {
    let payer = Payer {
        name: bill.value_or_empty("CustName")?,
        phone: bill.value_or_empty("CustCellNum")?,
        email: bill.value_or_empty("CustEmail")?,
    };
    read_bill(bill, payer, bill.value_or_empty("CustId")?)
}

fn read_bill(bill: &Element, payer: Payer, payer_id: String) -> Result<SubmittedBill, XmlError> {
    let whole = !is_change(bill);
    let reuse = bill.any_or_empty(&["PayCntrNum", "BillCntrNum"])?;
    Ok(SubmittedBill {
        id: bill.value("BillId")?,
        amount: whole.then(|| amount(bill)).transpose()?,
        takes: takes(&bill.value_or_empty("BillPayOpt")?),
        expires_at: time::read_value("BillExprDt", &bill.value("BillExprDt")?)?,
        payer_id,
        payer,
        description: bill.value_or_empty("BillDesc")?,
        made_at: whole
            .then(|| time::read_value("BillGenDt", &bill.value("BillGenDt")?))
            .transpose()?,
        made_by: bill.value_or_empty("BillGenBy")?,
        reuse: read_number(&reuse.unwrap_or_default()),
    })
}

fn amount(bill: &Element) -> Result<Amount, XmlError> {
    let currency = bill.any(&["Ccy", "CCy"])?;
    read_amount(&bill.value("BillAmt")?, &currency).ok_or(XmlError::Unreadable("BillAmt"))
}

/// The payment option: 1 full, 2 partial, 3 exact.
fn takes(option: &str) -> Takes {
    match option {
        "1" => Takes::Full,
        "2" => Takes::Parts,
        _ => Takes::Exact,
    }
}

impl Takes {
    /// As GePG writes it.
    pub fn pay_option(self) -> &'static str {
        match self {
            Self::Full => "1",
            Self::Parts => "2",
            Self::Exact => "3",
        }
    }
}

impl BillSubmission {
    fn write_v4(&self, message: &mut Tree) {
        message.element("BillHdr", |header| {
            header.value("SpCode", &self.party.sp_code);
            header.value("RtrRespFlg", "true");
        });
        for bill in &self.bills {
            message.element("BillTrxInf", |element| match self.purpose {
                Purpose::Change(_) => self.write_change_v4(bill, element),
                Purpose::New | Purpose::Reuse(_) => self.write_bill_v4(bill, element),
            });
        }
    }

    fn write_change_v4(&self, bill: &SubmittedBill, element: &mut Tree) {
        element.value("BillId", &bill.id);
        element.value("SpSysId", &self.party.system_id);
        element.value("BillExprDt", &time::write(bill.expires_at));
        for reserved in ["BillRsv1", "BillRsv2", "BillRsv3"] {
            element.value(reserved, "");
        }
    }

    fn write_bill_v4(&self, bill: &SubmittedBill, element: &mut Tree) {
        let amount = decimal(bill.amount);
        element.value("BillId", &bill.id);
        element.value("SubSpCode", &self.party.sub_sp_code);
        element.value("SpSysId", &self.party.system_id);
        element.value("BillAmt", &amount);
        element.value("MiscAmt", &nothing(bill.amount));
        element.value("BillExprDt", &time::write(bill.expires_at));
        element.value("PyrId", &bill.payer_id);
        element.value("PyrName", &bill.payer.name);
        element.value("BillDesc", &bill.description);
        element.value("BillGenDt", &written(bill.made_at));
        element.value("BillGenBy", &bill.made_by);
        element.value("BillApprBy", &bill.made_by);
        element.value("PyrCellNum", &bill.payer.phone);
        element.value("PyrEmail", &bill.payer.email);
        element.value("Ccy", &currency(bill.amount));
        element.value("BillEqvAmt", &amount);
        element.value("RemFlag", "true");
        element.value("BillPayOpt", bill.takes.pay_option());
        if let Some(number) = bill.reuse {
            element.value("PayCntrNum", &number.to_string());
        }
        element.element("BillItems", |items| {
            items.element("BillItem", |item| {
                item.value("BillItemRef", &format!("{}-1", bill.id));
                item.value("UseItemRefOnPay", "N");
                item.value("BillItemAmt", &amount);
                item.value("BillItemEqvAmt", &amount);
                item.value("BillItemMiscAmt", &nothing(bill.amount));
                item.value("GfsCode", &self.party.gfs_code);
            });
        });
    }
}

fn decimal(amount: Option<Amount>) -> String {
    amount.map(Amount::to_decimal).unwrap_or_default()
}

fn currency(amount: Option<Amount>) -> String {
    amount
        .map(|amount| amount.currency.to_string())
        .unwrap_or_default()
}

/// Nothing, in the amount's currency.
fn nothing(amount: Option<Amount>) -> String {
    decimal(amount.map(|amount| Amount { minor: 0, ..amount }))
}

fn written(time: Option<DateTime<Utc>>) -> String {
    time.map(time::write).unwrap_or_default()
}

fn read_v5(message: &Element) -> Result<BillSubmission, XmlError> {
    let header = message.one("BillHdr")?;
    let elements: Vec<_> = message.one("BillDtls")?.all("BillDtl").collect();
    let first = *elements.first().ok_or(XmlError::Missing("BillDtl"))?;
    let bills = elements
        .iter()
        .map(|bill| read_bill_v5(bill))
        .collect::<Result<_, _>>()?;
    let reuse = first.at_most_one("ReuseReasn")?;
    let purpose = if is_change(first) {
        Purpose::Change(first.value_or_empty("UpdateReasn")?)
    } else if let Some(reason) = reuse {
        Purpose::Reuse(reason.text().to_owned())
    } else {
        Purpose::New
    };
    let sub_sp_code = item(first)?.map(|item| item.value("SubSpCode"));
    Ok(BillSubmission {
        request: header.value("ReqId")?,
        party: Party {
            sp_code: first.value("SpCode")?,
            group_code: header.value("SpGrpCode")?,
            sub_sp_code: sub_sp_code.transpose()?.unwrap_or_default(),
            system_id: header.value("SysCode")?,
            gfs_code: gfs_code(first)?,
            terms: Terms {
                collection_centre: first.value_or_empty("CollCentCode")?,
                payer_id_type: first.value_or_empty("CustIdTyp")?,
                pay_type: header.value_or_empty("PayTyp")?,
                pay_plan: first.value_or_empty("PayPlan")?,
                pay_limit_type: first.value_or_empty("PayLimTyp")?,
            },
        },
        purpose,
        bills: not_empty(bills, "BillDtl")?,
    })
}

impl BillSubmission {
    fn write_v5(&self, message: &mut Tree) {
        message.element("BillHdr", |header| self.write_header_v5(header));
        message.element("BillDtls", |bills| {
            for bill in &self.bills {
                bills.element("BillDtl", |element| match &self.purpose {
                    Purpose::Change(reason) => self.write_change_v5(bill, reason, element),
                    Purpose::New => self.write_bill_v5(bill, None, element),
                    Purpose::Reuse(reason) => self.write_bill_v5(bill, Some(reason), element),
                });
            }
        });
    }

    fn write_header_v5(&self, header: &mut Tree) {
        let first = self.bills.first();
        header.value("ReqId", &self.request);
        header.value("SpGrpCode", &self.party.group_code);
        header.value("SysCode", &self.party.system_id);
        header.value("BillTyp", if self.bills.len() > 1 { "2" } else { "1" });
        header.value("PayTyp", &self.party.terms.pay_type);
        header.value("GrpBillId", first.map_or("", |bill| &bill.id));
        if let Some(number) = first.and_then(|bill| bill.reuse) {
            header.value("CustCntrNum", &number.to_string());
        }
    }

    fn write_change_v5(&self, bill: &SubmittedBill, reason: &str, element: &mut Tree) {
        element.value("BillId", &bill.id);
        element.value("SpCode", &self.party.sp_code);
        element.value("BillExprDt", &time::write(bill.expires_at));
        element.value("BillGenBy", &bill.made_by);
        element.value("BillApprBy", &bill.made_by);
        element.value("UpdateReasn", reason);
    }

    fn write_bill_v5(&self, bill: &SubmittedBill, reuse: Option<&str>, element: &mut Tree) {
        self.write_payer_v5(bill, element);
        self.write_money_v5(bill, element);
        if let Some(reason) = reuse {
            let number = super::write_number(bill.reuse, "");
            element.value("BillCntrNum", &number);
            element.value("ReuseReasn", reason);
        }
        element.element("BillItems", |items| {
            items.element("BillItem", |item| self.write_item_v5(bill, item));
        });
    }

    fn write_payer_v5(&self, bill: &SubmittedBill, element: &mut Tree) {
        let terms = &self.party.terms;
        element.value("BillId", &bill.id);
        element.value("SpCode", &self.party.sp_code);
        element.value("CollCentCode", &terms.collection_centre);
        element.value("BillDesc", &bill.description);
        element.value("CustTin", "");
        element.value("CustId", &bill.payer_id);
        element.value("CustIdTyp", &terms.payer_id_type);
        element.value("CustAccnt", "");
        element.value("CustName", &bill.payer.name);
        element.value("CustCellNum", &bill.payer.phone);
        element.value("CustEmail", &bill.payer.email);
        element.value("BillGenDt", &written(bill.made_at));
        element.value("BillExprDt", &time::write(bill.expires_at));
        element.value("BillGenBy", &bill.made_by);
        element.value("BillApprBy", &bill.made_by);
    }

    fn write_money_v5(&self, bill: &SubmittedBill, element: &mut Tree) {
        let terms = &self.party.terms;
        let amount = decimal(bill.amount);
        element.value("BillAmt", &amount);
        element.value("BillEqvAmt", &amount);
        element.value("MinPayAmt", &decimal(least(bill)));
        element.value("Ccy", &currency(bill.amount));
        element.value("ExchRate", "1.00");
        element.value("BillPayOpt", bill.takes.pay_option());
        element.value("PayPlan", &terms.pay_plan);
        element.value("PayLimTyp", &terms.pay_limit_type);
        element.value("PayLimAmt", &nothing(bill.amount));
        element.value("CollPsp", "");
    }

    fn write_item_v5(&self, bill: &SubmittedBill, item: &mut Tree) {
        let amount = decimal(bill.amount);
        item.value("RefBillId", &bill.id);
        item.value("SubSpCode", &self.party.sub_sp_code);
        item.value("GfsCode", &self.party.gfs_code);
        item.value("BillItemRef", &format!("{}-1", bill.id));
        item.value("UseItemRefOnPay", "N");
        item.value("BillItemAmt", &amount);
        item.value("BillItemEqvAmt", &amount);
        item.value("CollSp", &self.party.sp_code);
    }
}

/// The least that may be paid at once: all, or one minor unit where parts are taken.
fn least(bill: &SubmittedBill) -> Option<Amount> {
    match bill.takes {
        Takes::Parts => bill.amount.map(|amount| Amount { minor: 1, ..amount }),
        Takes::Full | Takes::Exact => bill.amount,
    }
}
