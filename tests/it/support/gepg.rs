//! Notices of payments, as the sandbox gateway signs and posts them.

use nyota::{
    payment::gepg::{
        Keys, Options,
        message::{Acknowledges, PaidBill, Payer, PaymentNotice},
        write_time,
    },
    store::Bill,
};

use super::phone::client;

/// The notice that exactly pays a bill, a minute after it was made.
pub(crate) fn payment_of(bill: &Bill) -> PaidBill {
    let made = &bill.made;
    let number = bill.number.unwrap().to_string();
    PaidBill {
        transaction: format!("TRX{number}"),
        sp_code: Options::default().sp_code,
        reference: format!("REF{number}"),
        bill: made.id.clone(),
        paid: made.amount.to_decimal(),
        currency: made.amount.currency.to_string(),
        paid_at: write_time(made.made_at + chrono::TimeDelta::minutes(1)),
        channel: "MOB".to_owned(),
        receipt: "RCPT0042".to_owned(),
        operator: "Operator".to_owned(),
        account: "0100000000001".to_owned(),
        payer: Payer {
            name: made.payer.clone(),
            phone: made.phone.digits().to_owned(),
            email: String::new(),
        },
        number,
    }
}

/// The signed body that tells of a payment.
pub(crate) fn sealed(gateway: &Keys, payment: PaidBill) -> Vec<u8> {
    let notice = PaymentNotice {
        payments: vec![payment],
    };
    gateway.seal(&notice.write()).unwrap()
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
    let envelope = gateway.open(&raw).unwrap();
    let codes = Acknowledges::PaymentNotice.read(envelope.message).unwrap();
    codes.to_string()
}
