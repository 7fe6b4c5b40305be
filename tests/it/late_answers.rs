//! What is not ready in time is promised, comes by SMS, and waits for a redial.

use std::time::{Duration, Instant};

use crate::support::{phone::Phone, stage::Stage, until};

/// A phone that no member has.
const PHONE: &str = "+255700000077";
/// The member for whom the scheme is slow.
const SLOW_MEMBER: &str = "555555556";
/// What Africa's Talking waits for.
const DEADLINE: Duration = Duration::from_secs(4);

const ASKS: &str = "Enter the last 4 digits";
const HOME: &str = "Welcome to CHF";

/// Asks about the slow member, and waits until her answer has come by SMS.
async fn ask_and_wait(stage: &Stage) -> Phone {
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    phone.press("1").await;
    let asked = Instant::now();
    let page = phone.press(SLOW_MEMBER).await;
    assert!(asked.elapsed() < DEADLINE);
    assert!(page.last && page.text.contains("We will send it by SMS"));
    stage.records.sms(PHONE, "Zawadi K.").await;
    stage.records.settled().await;
    phone
}

#[tokio::test]
async fn a_slow_answer_is_promised_in_time_and_comes_once_by_sms() {
    let stage = Stage::start().await;
    let phone = ask_and_wait(&stage).await;
    // The aggregator did not hear the promise, and asks again.
    assert!(phone.call().await.text.contains("We will send it by SMS"));
    stage.records.settled().await;
    let inbox = stage.records.inbox(PHONE).await;
    assert_eq!(inbox.len(), 1);
    assert!(inbox[0].starts_with("DEMO CHF: Zawadi K., membership ACTIVE"));
    stage.stop().await;
}

#[tokio::test]
async fn a_redial_shows_it_for_the_right_four_digits_and_then_no_more() {
    let stage = Stage::start().await;
    let mut phone = ask_and_wait(&stage).await;
    assert!(phone.dial().await.text.contains(ASKS));
    let page = phone.press("5556").await;
    assert!(page.text.starts_with("Zawadi K."), "{page:?}");
    // The network drops before she goes on: it waits still.
    assert!(phone.dial().await.text.contains(ASKS));
    phone.press("5556").await;
    phone.press("00").await;
    stage.records.nothing_waits(PHONE).await;
    let page = phone.dial().await;
    assert!(page.text.contains(HOME), "{page:?}");
    stage.stop().await;
}

#[tokio::test]
async fn three_wrong_guesses_lead_home_and_the_answer_still_waits() {
    let stage = Stage::start().await;
    let mut phone = ask_and_wait(&stage).await;
    phone.dial().await;
    for guess in ["0000", "1111"] {
        assert!(phone.press(guess).await.text.contains("not right"));
    }
    let page = phone.press("2222").await;
    assert!(page.text.contains(HOME) && !page.text.contains("Zawadi"));
    assert!(phone.dial().await.text.contains(ASKS));
    stage.stop().await;
}

#[tokio::test]
async fn five_wrong_guesses_over_several_dials_end_its_waiting() {
    let stage = Stage::start().await;
    let mut phone = ask_and_wait(&stage).await;
    phone.dial().await;
    phone.press_all(&["0000", "1111", "2222"]).await;
    phone.dial().await;
    let page = phone.press_all(&["3333", "4444"]).await;
    assert!(page.text.contains(HOME), "{page:?}");
    let page = phone.dial().await;
    assert!(page.text.contains(HOME), "{page:?}");
    stage.stop().await;
}

#[tokio::test]
async fn another_phone_is_not_asked_for_it() {
    let stage = Stage::start().await;
    ask_and_wait(&stage).await;
    let mut other = stage.phone("+255700000078");
    assert!(other.dial_in_english().await.text.contains(HOME));
    stage.stop().await;
}

#[tokio::test]
async fn a_scheme_that_is_slow_for_one_keeps_no_bill_and_no_sms_of_another_waiting() {
    let stage = Stage::with_a_very_slow_scheme().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    let page = phone.press_all(&["1", SLOW_MEMBER]).await;
    assert!(page.text.contains("We will send it by SMS"), "{page:?}");
    let mut other = stage.phone("+255700000002");
    other.dial_in_english().await;
    let page = other.press_all(&["2", "2", "1"]).await;
    assert!(page.text.contains("991000000001"), "{page:?}");
    other.pay("991000000001").await;
    stage.records.sms(&other.number, "membership ACTIVE").await;
    // An SMS is there a moment before its own job has ended; the slow one is still on after that.
    until("the end of all work but the slow one's", async || {
        (stage.records.open_jobs().await == 1).then_some(())
    })
    .await;
    stage.stop().await;
}
