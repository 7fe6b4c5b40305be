//! Notices of payments: what is proved moves its bill, once, and money of no bill waits.

use nyota::{model::ControlNumber, payment::gepg::Keys, store::BillState};

use crate::support::{
    gepg::{payment_of, post, sealed},
    phone::control_number,
    stage::Stage,
};

const PHONE: &str = "+255700000077";
const TAKEN: &str = "7101";
const BAD_SIGNATURE: &str = "7303";

/// A stage with a bill for Neema, its control number and the gateway's keys.
async fn billed() -> (Stage, String, Keys) {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    phone.press_all(&["2", "400000042", "1"]).await;
    let number = control_number(&stage.records.sms(PHONE, "control number").await);
    stage.records.settled().await;
    let gateway = stage.keys.of_gateway().unwrap();
    (stage, number, gateway)
}

/// The bill is open, nobody was told, and so many shillings wait for a person.
async fn assert_unmoved(stage: &Stage, number: &str, suspense: i64) {
    stage.records.settled().await;
    let bill = stage.records.bill(number).await.unwrap();
    assert_eq!(bill.state, BillState::Payable);
    assert_eq!(stage.records.books().await, [suspense, 0, -suspense]);
    assert_eq!(stage.records.inbox(PHONE).await.len(), 1);
}

#[tokio::test]
async fn a_notice_told_twice_gives_one_receipt_and_one_entry() {
    let (stage, number, gateway) = billed().await;
    let bill = stage.records.bill(&number).await.unwrap();
    let body = sealed(&gateway, payment_of(&bill));
    let (one, other) = tokio::join!(
        post(&stage.address, &gateway, body.clone()),
        post(&stage.address, &gateway, body.clone()),
    );
    assert_eq!([one.as_str(), other.as_str()], [TAKEN; 2]);
    stage.records.sms(PHONE, "ACTIVE").await;
    assert_eq!(post(&stage.address, &gateway, body).await, TAKEN);
    stage.records.settled().await;
    let inbox = stage.records.inbox(PHONE).await;
    let receipts = inbox.iter().filter(|text| text.contains("RCPT0042"));
    assert_eq!((receipts.count(), inbox.len()), (1, 3));
    assert_eq!(stage.records.books().await, [30_000, -30_000, 0]);
    stage.stop().await;
}

#[tokio::test]
async fn a_tampered_notice_is_refused_by_its_code_and_changes_nothing() {
    let (stage, number, gateway) = billed().await;
    let bill = stage.records.bill(&number).await.unwrap();
    let body = String::from_utf8(sealed(&gateway, payment_of(&bill))).unwrap();
    let tampered = body.replace("RCPT0042", "RCPT0043");
    assert_ne!(tampered, body);
    let code = post(&stage.address, &gateway, tampered.into_bytes()).await;
    assert_eq!(code, BAD_SIGNATURE);
    assert_unmoved(&stage, &number, 0).await;
    assert_eq!(stage.records.quarantined().await, 0);
    stage.stop().await;
}

#[tokio::test]
async fn a_notice_that_we_signed_ourselves_is_refused() {
    let (stage, number, gateway) = billed().await;
    let bill = stage.records.bill(&number).await.unwrap();
    let ours = stage.keys.of_provider().unwrap();
    let code = post(&stage.address, &gateway, sealed(&ours, payment_of(&bill))).await;
    assert_eq!(code, BAD_SIGNATURE);
    assert_unmoved(&stage, &number, 0).await;
    stage.stop().await;
}

#[tokio::test]
async fn an_overpayment_settles_the_bill_and_leaves_credit() {
    let (stage, number, gateway) = billed().await;
    let bill = stage.records.bill(&number).await.unwrap();
    let mut payment = payment_of(&bill);
    payment.original_paid = "30001.00".to_owned();
    let body = sealed(&gateway, payment);
    assert_eq!(post(&stage.address, &gateway, body).await, TAKEN);
    stage.records.sms(PHONE, "ACTIVE").await;
    stage.records.settled().await;
    let bill = stage.records.bill(&number).await.unwrap();
    assert_eq!(bill.state, BillState::Activated);
    assert_eq!(stage.records.books().await, [30_001, -30_000, 0]);
    stage.stop().await;
}

#[tokio::test]
async fn a_payment_of_no_bill_of_ours_is_acknowledged_and_waits_for_a_person() {
    let (stage, number, gateway) = billed().await;
    let bill = stage.records.bill(&number).await.unwrap();
    let mut payment = payment_of(&bill);
    payment.bill = "TCH0000000000000".to_owned();
    payment.number = ControlNumber::parse("991000009999").ok();
    let body = sealed(&gateway, payment);
    assert_eq!(post(&stage.address, &gateway, body).await, TAKEN);
    assert_eq!(stage.records.quarantined().await, 1);
    assert_unmoved(&stage, &number, 30_000).await;
    stage.stop().await;
}
