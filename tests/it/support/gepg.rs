//! Notices of payments, as the sandbox gateway signs and posts them.

use nyota::{
    model::{Clock, SystemClock},
    payment::{
        gepg::{
            Dialect, Keys, Options,
            message::{Acknowledges, PaymentNotice},
            write_time,
        },
        told::PaidEntry,
    },
    store::Bill,
};

use super::phone::client;

/// The payment that exactly pays a bill, a minute after it was made.
pub(crate) fn payment_of(bill: &Bill) -> PaidEntry {
    let made = &bill.made;
    let number = bill.number.unwrap();
    let paid_at = made.made_at + chrono::TimeDelta::minutes(1);
    PaidEntry {
        trx_id: format!("TRX{number}"),
        sp_code: Options::default().sp_code,
        pay_ref_id: format!("REF{number}"),
        bill: made.id.clone(),
        number: Some(number),
        group_number: None,
        bill_amount: Some(made.amount),
        paid: Some(made.amount),
        original_paid: made.amount.to_decimal(),
        currency: made.amount.currency.to_string(),
        pay_option: "3".to_owned(),
        paid_at: Some(paid_at),
        original_time: write_time(paid_at),
        channel: "MOB".to_owned(),
        payer_phone: Some(made.phone.clone()),
        payer_name: made.payer.clone(),
        psp: "Operator".to_owned(),
        psp_receipt: "RCPT0042".to_owned(),
        account: "0100000000001".to_owned(),
    }
}

/// The signed body that tells of a payment.
pub(crate) fn sealed(gateway: &Keys, payment: PaidEntry) -> Vec<u8> {
    gateway.seal(&written(payment)).unwrap()
}

/// The notice of a payment, not signed yet.
pub(crate) fn written(payment: PaidEntry) -> String {
    PaymentNotice::of(vec![payment]).write(Dialect::V4)
}

/// Posts a body to the webhook of the server at `address`; gives the status.
pub(crate) async fn status_of_post(address: &str, body: Vec<u8>) -> u16 {
    let url = format!("{address}/payments/gepg/payment");
    let answer = client().post(url).body(body).send().await.unwrap();
    answer.status().as_u16()
}

/// Posts a body to the webhook of the server at `address`; gives the codes of the acknowledgement,
/// whose status must be 200 and whose signature must be the provider's.
pub(crate) async fn post(address: &str, gateway: &Keys, body: Vec<u8>) -> String {
    let url = format!("{address}/payments/gepg/payment");
    let answer = client().post(url).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let raw = answer.bytes().await.unwrap();
    let envelope = gateway.open(&raw, SystemClock.now()).unwrap();
    let codes = Acknowledges::PaymentNotice.read(envelope.message).unwrap();
    codes.to_string()
}
