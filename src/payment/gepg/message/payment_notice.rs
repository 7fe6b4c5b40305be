use super::{Payer, bill_submission::EXACT, not_empty, root};
use crate::payment::gepg::xml::{Element, Tree, XmlError};

/// `gepgPmtSpInfo`: money that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNotice {
    /// One or more payments, to be taken together or not at all.
    pub payments: Vec<PaidBill>,
}

/// One payment, as it is written: what cannot be read as an amount or a time is still money, so it
/// is judged later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidBill {
    /// The gateway's id of the payment (`TrxId`).
    pub transaction: String,
    /// The service provider that was paid.
    pub sp_code: String,
    /// The gateway's reference (`PayRefId`), also in reconciliation.
    pub reference: String,
    /// Our id of the bill.
    pub bill: String,
    /// The control number that was paid.
    pub number: String,
    /// How much came.
    pub paid: String,
    /// In which currency.
    pub currency: String,
    /// When, in East African Time.
    pub paid_at: String,
    /// Through which kind of channel, in the gateway's free words.
    pub channel: String,
    /// The operator's receipt, which the payer has in an SMS of his.
    pub receipt: String,
    /// The operator's name.
    pub operator: String,
    /// The account that was credited.
    pub account: String,
    /// Who paid.
    pub payer: Payer,
}

impl PaymentNotice {
    /// The message's name.
    pub const NAME: &'static str = "gepgPmtSpInfo";

    /// Reads it.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let payments = root(text, Self::NAME)?
            .all("PymtTrxInf")
            .map(PaidBill::read)
            .collect::<Result<_, _>>()?;
        not_empty(payments, "PymtTrxInf").map(|payments| Self { payments })
    }

    /// Writes it, elements in the order that GePG's own samples have.
    pub fn write(&self) -> String {
        Tree::write(Self::NAME, |message| {
            for payment in &self.payments {
                message.element("PymtTrxInf", |element| payment.write(element));
            }
        })
    }
}

impl PaidBill {
    fn read(payment: &Element) -> Result<Self, XmlError> {
        Ok(Self {
            transaction: payment.value("TrxId")?,
            sp_code: payment.value("SpCode")?,
            reference: payment.value("PayRefId")?,
            bill: payment.value("BillId")?,
            number: payment.value("PayCtrNum")?,
            paid: payment.value("PaidAmt")?,
            currency: payment.value("CCy")?,
            paid_at: payment.value("TrxDtTm")?,
            channel: payment.value_or_empty("UsdPayChnl")?,
            receipt: payment.value_or_empty("PspReceiptNumber")?,
            operator: payment.value_or_empty("PspName")?,
            account: payment.value_or_empty("CtrAccNum")?,
            payer: Payer {
                name: payment.value_or_empty("PyrName")?,
                phone: payment.value_or_empty("PyrCellNum")?,
                email: payment.value_or_empty("PyrEmail")?,
            },
        })
    }

    fn write(&self, payment: &mut Tree) {
        payment.value("TrxId", &self.transaction);
        payment.value("SpCode", &self.sp_code);
        payment.value("PayRefId", &self.reference);
        payment.value("BillId", &self.bill);
        payment.value("PayCtrNum", &self.number);
        payment.value("BillAmt", &self.paid);
        payment.value("PaidAmt", &self.paid);
        payment.value("BillPayOpt", EXACT);
        payment.value("CCy", &self.currency);
        payment.value("TrxDtTm", &self.paid_at);
        payment.value("UsdPayChnl", &self.channel);
        payment.value("PyrCellNum", &self.payer.phone);
        payment.value("PyrName", &self.payer.name);
        payment.value("PyrEmail", &self.payer.email);
        payment.value("PspReceiptNumber", &self.receipt);
        payment.value("PspName", &self.operator);
        payment.value("CtrAccNum", &self.account);
    }
}
