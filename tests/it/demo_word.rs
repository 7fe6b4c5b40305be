//! DEMO stands before the first page of a dialogue and before every SMS, and nowhere else.

use crate::support::stage::Stage;

const PHONE: &str = "+255700000077";

#[tokio::test]
async fn the_first_page_says_demo_and_no_later_one() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    for _ in 0..2 {
        assert!(phone.dial().await.text.starts_with("DEMO "));
        for keys in ["2", "4", "00", "0", "99"] {
            let page = phone.press(keys).await;
            assert!(!page.text.contains("DEMO"), "{keys}: {page:?}");
        }
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_first_page_asked_for_again_says_it_too() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    let page = phone.dial().await;
    assert_eq!(phone.call().await, page);
    stage.stop().await;
}

#[tokio::test]
async fn every_sms_begins_with_it() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    phone.press_all(&["2", "100000014", "1"]).await;
    let number = stage.records.sms(PHONE, "control number").await;
    phone
        .pay(&crate::support::phone::control_number(&number))
        .await;
    stage.records.sms(PHONE, "ACTIVE").await;
    stage.records.settled().await;
    let inbox = stage.records.inbox(PHONE).await;
    assert_eq!(inbox.len(), 3);
    assert!(
        inbox.iter().all(|text| text.starts_with("DEMO CHF: ")),
        "{inbox:?}"
    );
    stage.stop().await;
}
