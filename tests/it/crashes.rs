//! `kill -9` at the worst moments: what was promised is kept after the next start, once.

use std::time::Duration;

use nyota::store::BillState;
use tokio::task::JoinHandle;

use crate::support::{
    demo::{Demo, Home},
    phone::{Page, Phone, control_number},
    records::Records,
    until,
};

const PHONE: &str = "+255700000077";
const SLOW_MEMBER: &str = "555555556";

/// The program again on the folder of one that was killed.
async fn restart(home: Home) -> (Demo, Records, Phone) {
    let demo = home.start(&[]).await;
    let records = demo.records().await;
    let mut phone = Phone::new(&demo.address, PHONE);
    // A new program's aggregator uses no session id again.
    phone.skip_dials(10);
    (demo, records, phone)
}

/// A phone on the page from which its next input is to be sent; nothing else is left to do.
async fn phone_on(demo: &Demo, keys: &[&str]) -> Phone {
    let mut phone = Phone::new(&demo.address, PHONE);
    phone.dial_in_english().await;
    phone.press_all(keys).await;
    demo.records().await.settled().await;
    phone
}

/// Sends an input whose answer may never come.
fn send(phone: &Phone, keys: &'static str) -> JoinHandle<Page> {
    let mut phone = phone.clone();
    tokio::spawn(async move { phone.press(keys).await })
}

/// Waits until there is work that must not be lost.
async fn work_is_written(records: &Records) {
    until("work in the outbox", async || {
        (records.open_jobs().await > 0).then_some(())
    })
    .await;
}

/// The answer about the slow member comes once by SMS, and a redial shows it.
async fn assert_answered_once(records: &Records, mut phone: Phone) {
    let sms = records.sms(PHONE, "Zawadi K.").await;
    assert!(sms.starts_with("DEMO CHF: "), "{sms}");
    records.settled().await;
    assert_eq!(records.inbox(PHONE).await.len(), 1);
    assert!(phone.dial().await.text.contains("Enter the last 4 digits"));
    assert!(phone.press("5556").await.text.starts_with("Zawadi K."));
}

#[tokio::test]
async fn a_question_that_was_being_asked_is_answered_by_sms_after_a_crash() {
    let demo = Demo::start().await;
    let records = demo.records().await;
    let asked = send(&phone_on(&demo, &["1"]).await, SLOW_MEMBER);
    work_is_written(&records).await;
    assert!(!asked.is_finished(), "it must be killed before it answers");
    asked.abort();
    let (_demo, records, phone) = restart(demo.kill().await).await;
    assert_answered_once(&records, phone).await;
}

#[tokio::test]
async fn a_promised_answer_comes_by_sms_after_a_crash() {
    let demo = Demo::start().await;
    let asked = send(&phone_on(&demo, &["1"]).await, SLOW_MEMBER).await;
    assert!(asked.unwrap().text.contains("We will send it by SMS"));
    let (_demo, records, phone) = restart(demo.kill().await).await;
    assert_answered_once(&records, phone).await;
}

#[tokio::test]
async fn a_bill_that_was_asked_for_gets_its_number_once_after_a_crash() {
    let demo = Demo::start().await;
    let records = demo.records().await;
    // The gateway takes its time for the number, so the answer is still to come.
    let asked = send(&phone_on(&demo, &["2", "400000042"]).await, "1");
    work_is_written(&records).await;
    asked.abort();
    let (_demo, records, _) = restart(demo.kill().await).await;
    let sms = records.sms(PHONE, "control number").await;
    records.settled().await;
    assert_eq!(records.inbox(PHONE).await, std::slice::from_ref(&sms));
    assert_eq!(records.payable(PHONE).await, 1);
    let bill = records.bill(&control_number(&sms)).await.unwrap();
    assert_eq!(bill.state, BillState::Payable);
}

#[tokio::test]
async fn a_payment_that_was_acknowledged_renews_cover_once_after_a_crash() {
    let demo = Demo::start().await;
    let records = demo.records().await;
    let phone = phone_on(&demo, &["2", "400000042", "1"]).await;
    let number = control_number(&records.sms(PHONE, "control number").await);
    records.settled().await;
    phone.pay(&number).await;
    // The ledger has it from the moment of the acknowledgement on.
    until("the acknowledgement", async || {
        (records.books().await[0] > 0).then_some(())
    })
    .await;
    let (demo, records, mut phone) = restart(demo.kill().await).await;
    let news = records.sms(PHONE, "membership ACTIVE").await;
    records.settled().await;
    let inbox = records.inbox(PHONE).await;
    let receipts = inbox.iter().filter(|text| text.contains("received on"));
    assert_eq!((receipts.count(), inbox.len()), (1, 3), "{inbox:?}");
    assert_eq!(records.books().await, [30_000, -30_000, 0]);
    phone.dial().await;
    let page = phone.press_all(&["1", "400000042"]).await;
    let (_, last_day) = page
        .text
        .lines()
        .nth(2)
        .unwrap()
        .split_once(" to ")
        .unwrap();
    assert!(news.contains(last_day), "{news}\n{page:?}");
    assert!(demo.end(Duration::from_secs(20)).await.success());
}
