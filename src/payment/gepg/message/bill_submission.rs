use std::fmt;

use chrono::{DateTime, Utc};

use super::{super::time, not_empty, root};
use crate::{
    model::{Amount, Currency},
    payment::gepg::xml::{Element, Tree, XmlError},
};

/// `gepgBillSubReq`: bills to take and to give a control number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillSubmission {
    /// The service provider's code.
    pub sp_code: String,
    /// The bills.
    pub bills: Vec<SubmittedBill>,
}

/// A bill as it is submitted: one item, to be paid exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittedBill {
    /// Our id of it.
    pub id: String,
    /// The code of the provider's part that is paid.
    pub sub_sp_code: String,
    /// The name under which the gateway knows our system.
    pub system_id: String,
    /// How much.
    pub amount: Amount,
    /// It cannot be paid after this.
    pub expires_at: DateTime<Utc>,
    /// The payer's number with us.
    pub payer_id: String,
    /// Who pays.
    pub payer: Payer,
    /// What for.
    pub description: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who made it.
    pub made_by: String,
    /// Who approved it.
    pub approved_by: String,
    /// The government's revenue code.
    pub gfs_code: String,
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

impl BillSubmission {
    /// The message's name.
    pub const NAME: &'static str = "gepgBillSubReq";

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let message = root(text, Self::NAME)?;
        let bills = message
            .all("BillTrxInf")
            .map(SubmittedBill::read)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            sp_code: message.one("BillHdr")?.value("SpCode")?,
            bills: not_empty(bills, "BillTrxInf")?,
        })
    }

    /// Writes it, elements in the order that GePG's own samples have.
    pub fn write(&self) -> String {
        Tree::write(Self::NAME, |message| {
            message.element("BillHdr", |header| {
                header.value("SpCode", &self.sp_code);
                header.value("RtrRespFlg", "true");
            });
            for bill in &self.bills {
                message.element("BillTrxInf", |element| bill.write(element));
            }
        })
    }
}

impl SubmittedBill {
    fn read(bill: &Element) -> Result<Self, XmlError> {
        let item = bill.one("BillItems")?.one("BillItem")?;
        Ok(Self {
            id: bill.value("BillId")?,
            sub_sp_code: bill.value("SubSpCode")?,
            system_id: bill.value("SpSysId")?,
            amount: read_amount(bill)?,
            expires_at: time::read_value("BillExprDt", &bill.value("BillExprDt")?)?,
            payer_id: bill.value("PyrId")?,
            payer: Payer {
                name: bill.value("PyrName")?,
                phone: bill.value("PyrCellNum")?,
                email: bill.value_or_empty("PyrEmail")?,
            },
            description: bill.value("BillDesc")?,
            made_at: time::read_value("BillGenDt", &bill.value("BillGenDt")?)?,
            made_by: bill.value("BillGenBy")?,
            approved_by: bill.value("BillApprBy")?,
            gfs_code: item.value("GfsCode")?,
        })
    }

    fn write(&self, bill: &mut Tree) {
        let amount = self.amount.to_decimal();
        bill.value("BillId", &self.id);
        bill.value("SubSpCode", &self.sub_sp_code);
        bill.value("SpSysId", &self.system_id);
        bill.value("BillAmt", &amount);
        bill.value("MiscAmt", &self.nothing());
        bill.value("BillExprDt", &time::write(self.expires_at));
        bill.value("PyrId", &self.payer_id);
        bill.value("PyrName", &self.payer.name);
        bill.value("BillDesc", &self.description);
        bill.value("BillGenDt", &time::write(self.made_at));
        bill.value("BillGenBy", &self.made_by);
        bill.value("BillApprBy", &self.approved_by);
        bill.value("PyrCellNum", &self.payer.phone);
        bill.value("PyrEmail", &self.payer.email);
        bill.value("Ccy", &self.amount.currency.to_string());
        bill.value("BillEqvAmt", &amount);
        bill.value("RemFlag", "true");
        bill.value("BillPayOpt", EXACT);
        bill.element("BillItems", |items| {
            items.element("BillItem", |item| self.write_item(item));
        });
    }

    fn write_item(&self, item: &mut Tree) {
        let amount = self.amount.to_decimal();
        item.value("BillItemRef", &format!("{}-1", self.id));
        item.value("UseItemRefOnPay", "N");
        item.value("BillItemAmt", &amount);
        item.value("BillItemEqvAmt", &amount);
        item.value("BillItemMiscAmt", &self.nothing());
        item.value("GfsCode", &self.gfs_code);
    }

    fn nothing(&self) -> String {
        Amount::from_major(0, self.amount.currency).to_decimal()
    }
}

/// The payment option by which the channels refuse any other amount.
pub(super) const EXACT: &str = "3";

fn read_amount(bill: &Element) -> Result<Amount, XmlError> {
    let currency = Currency::parse(&bill.value("Ccy")?).ok_or(XmlError::Unreadable("Ccy"))?;
    Amount::parse_decimal(&bill.value("BillAmt")?, currency)
        .map_err(|_| XmlError::Unreadable("BillAmt"))
}
