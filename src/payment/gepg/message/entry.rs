//! One payment, as notices and reconciliations of both dialects have it.

use super::{read_amount, read_number, write_number};
use crate::{
    model::Amount,
    payment::{
        gepg::{
            phone, time,
            xml::{Element, Tree, XmlError},
        },
        told::PaidEntry,
    },
};

/// How the currency is spelt, in both dialects and all messages.
const CURRENCY: [&str; 2] = ["CCy", "Ccy"];

/// How the control number is spelt, in both dialects and all messages.
const NUMBER: [&str; 4] = ["PayCtrNum", "BillCtrNum", "PayCntrNum", "BillCntrNum"];

/// Where a payment's values stand in one kind of message.
struct Names {
    trx_id: &'static [&'static str],
    bill: &'static str,
    account: &'static str,
    phone: &'static str,
    name: &'static str,
    receipt: &'static str,
}

const NOTICE_V4: Names = Names {
    trx_id: &["TrxId"],
    bill: "BillId",
    account: "CtrAccNum",
    phone: "PyrCellNum",
    name: "PyrName",
    receipt: "PspReceiptNumber",
};

const V5: Names = Names {
    trx_id: &["TrxId"],
    bill: "BillId",
    account: "CollAccNum",
    phone: "PyrCellNum",
    name: "PyrName",
    receipt: "TrdPtyTrxId",
};

/// A v4 reconciliation has no `TrxId`. Whether `pspTrxId` is the receipt is not sure.
const ROW_V4: Names = Names {
    trx_id: &[],
    bill: "SpBillId",
    account: "CtrAccNum",
    phone: "DptCellNum",
    name: "DptName",
    receipt: "pspTrxId",
};

/// Reads a `PymtTrxInf` of `gepgPmtSpInfo`.
pub(super) fn read_notice_v4(payment: &Element) -> Result<PaidEntry, XmlError> {
    let sp_code = payment.value("SpCode")?;
    read(payment, &NOTICE_V4, sp_code)
}

/// Reads a `PmtTrxDtl` of `pmtSpNtfReq` or `sucSpPmtRes`.
pub(super) fn read_v5(payment: &Element) -> Result<PaidEntry, XmlError> {
    let sp_code = payment.value("SpCode")?;
    read(payment, &V5, sp_code)
}

/// Reads a `ReconcTrxInf`; the service provider stands in the header of all.
pub(super) fn read_row_v4(payment: &Element, sp_code: &str) -> Result<PaidEntry, XmlError> {
    read(payment, &ROW_V4, sp_code.to_owned())
}

fn read(payment: &Element, names: &Names, sp_code: String) -> Result<PaidEntry, XmlError> {
    let currency = payment.any(&CURRENCY)?;
    let original_paid = payment.value("PaidAmt")?;
    let original_time = payment.value("TrxDtTm")?;
    let trx_id = match names.trx_id {
        [] => String::new(),
        names => payment.any(names)?,
    };
    Ok(PaidEntry {
        trx_id,
        sp_code,
        pay_ref_id: payment.value("PayRefId")?,
        bill: payment.value(names.bill)?,
        number: read_number(&payment.any(&NUMBER)?),
        group_number: read_number(&payment.value_or_empty("CustCntrNum")?),
        bill_amount: read_amount(&payment.value_or_empty("BillAmt")?, &currency),
        paid: read_amount(&original_paid, &currency),
        original_paid,
        currency,
        pay_option: payment.value_or_empty("BillPayOpt")?,
        paid_at: time::read(&original_time),
        original_time,
        channel: payment.value_or_empty("UsdPayChnl")?,
        payer_phone: phone::read(&payment.value_or_empty(names.phone)?),
        payer_name: payment.value_or_empty(names.name)?,
        psp: payment.value_or_empty("PspName")?,
        psp_receipt: payment.value_or_empty(names.receipt)?,
        account: payment.value_or_empty(names.account)?,
    })
}

/// The values that are texts on the wire.
struct Written {
    number: String,
    bill_amount: String,
    phone: String,
}

impl Written {
    fn of(entry: &PaidEntry) -> Self {
        let phone = entry.payer_phone.as_ref().and_then(|phone| phone.number());
        Self {
            number: write_number(entry.number, ""),
            bill_amount: entry
                .bill_amount
                .map_or_else(|| entry.original_paid.clone(), Amount::to_decimal),
            phone: phone.unwrap_or_default().to_owned(),
        }
    }
}

/// Writes a `PymtTrxInf`.
pub(super) fn write_notice_v4(entry: &PaidEntry, payment: &mut Tree) {
    let written = Written::of(entry);
    payment.value("TrxId", &entry.trx_id);
    payment.value("SpCode", &entry.sp_code);
    payment.value("PayRefId", &entry.pay_ref_id);
    payment.value("BillId", &entry.bill);
    payment.value("PayCtrNum", &written.number);
    payment.value("BillAmt", &written.bill_amount);
    payment.value("PaidAmt", &entry.original_paid);
    payment.value("BillPayOpt", &entry.pay_option);
    payment.value("CCy", &entry.currency);
    payment.value("TrxDtTm", &entry.original_time);
    payment.value("UsdPayChnl", &entry.channel);
    payment.value("PyrCellNum", &written.phone);
    payment.value("PyrName", &entry.payer_name);
    payment.value("PyrEmail", "");
    payment.value("PspReceiptNumber", &entry.psp_receipt);
    payment.value("PspName", &entry.psp);
    payment.value("CtrAccNum", &entry.account);
}

/// Writes a `PmtTrxDtl`.
pub(super) fn write_v5(entry: &PaidEntry, payment: &mut Tree) {
    let written = Written::of(entry);
    payment.value("SpCode", &entry.sp_code);
    payment.value("BillId", &entry.bill);
    payment.value("BillCtrNum", &written.number);
    payment.value("PspCode", PSP_CODE);
    payment.value("PspName", &entry.psp);
    payment.value("TrxId", &entry.trx_id);
    payment.value("PayRefId", &entry.pay_ref_id);
    payment.value("BillAmt", &written.bill_amount);
    payment.value("PaidAmt", &entry.original_paid);
    payment.value("BillPayOpt", &entry.pay_option);
    payment.value("Ccy", &entry.currency);
    payment.value("CollAccNum", &entry.account);
    payment.value("TrxDtTm", &entry.original_time);
    payment.value("UsdPayChnl", &entry.channel);
    payment.value("TrdPtyTrxId", &entry.psp_receipt);
    payment.value("QtRefId", "");
    payment.value("PyrCellNum", &written.phone);
    payment.value("PyrEmail", "");
    payment.value("PyrName", &entry.payer_name);
    for reserved in ["Rsv1", "Rsv2", "Rsv3"] {
        payment.value(reserved, "");
    }
}

/// Writes a `ReconcTrxInf`.
pub(super) fn write_row_v4(entry: &PaidEntry, payment: &mut Tree) {
    let written = Written::of(entry);
    payment.value("SpBillId", &entry.bill);
    payment.value("BillCtrNum", &written.number);
    payment.value("pspTrxId", &entry.psp_receipt);
    payment.value("PaidAmt", &entry.original_paid);
    payment.value("CCy", &entry.currency);
    payment.value("PayRefId", &entry.pay_ref_id);
    payment.value("TrxDtTm", &entry.original_time);
    payment.value("CtrAccNum", &entry.account);
    payment.value("UsdPayChnl", &entry.channel);
    payment.value("PspName", &entry.psp);
    payment.value("PspCode", PSP_CODE);
    payment.value("DptCellNum", &written.phone);
    payment.value("DptName", &entry.payer_name);
    payment.value("DptEmailAddr", "");
    payment.value("Remarks", "Successful");
    for reserved in ["ReconcRsv1", "ReconcRsv2", "ReconcRsv3"] {
        payment.value(reserved, "");
    }
}

/// The code of a bank or an operator, which nobody reads here.
const PSP_CODE: &str = "PSP999";
