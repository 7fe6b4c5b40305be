//! A turn happens once, whatever an aggregator repeats, mixes up or sends at the same time.

use futures_util::future::join_all;

use crate::support::{
    phone::{Page, Phone, control_number},
    stage::Stage,
    until,
};

const PHONE: &str = "+255700000077";
const OTHER: &str = "+255700000078";

/// Types and sends, eight times at once; the page that all of them were answered with.
async fn press_eightfold(phone: &mut Phone, keys: &str) -> Page {
    phone.type_in(keys);
    eight_times(phone).await
}

/// The last request eight times at once.
async fn eight_times(phone: &Phone) -> Page {
    let mut pages = join_all((0..8).map(|_| phone.call())).await;
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    pages.remove(0)
}

#[tokio::test]
async fn eight_copies_of_every_request_of_a_renewal_make_one_bill_and_one_sms() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial().await;
    eight_times(&phone).await;
    for keys in ["2", "2", "400000042", "1"] {
        let page = press_eightfold(&mut phone, keys).await;
        assert_eq!(page.last, keys == "1", "{page:?}");
    }
    let number = control_number(&stage.records.sms(PHONE, "control number").await);
    // Long after it, too.
    eight_times(&phone).await;
    stage.records.settled().await;
    assert_eq!(stage.records.payable(PHONE).await, 1);
    assert_eq!(stage.records.inbox(PHONE).await.len(), 1);

    phone.pay(&number).await;
    stage.records.sms(PHONE, "ACTIVE").await;
    eight_times(&phone).await;
    stage.records.settled().await;
    assert_eq!(stage.records.inbox(PHONE).await.len(), 3);
    assert_eq!(stage.records.books().await, [30_000, -30_000, 0]);
    stage.stop().await;
}

#[tokio::test]
async fn eight_first_requests_at_once_open_one_dialogue() {
    let stage = Stage::patient().await;
    let mut phones: Vec<_> = (0..8).map(|_| stage.phone(PHONE)).collect();
    let pages = join_all(phones.iter_mut().map(|phone| phone.dial_in("one"))).await;
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    assert!(phones[0].press("2").await.text.contains("Welcome"));
    stage.stop().await;
}

#[tokio::test]
async fn a_late_repeat_of_an_earlier_turn_shows_the_current_page_and_moves_nothing() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    let current = phone.press("1").await;
    for earlier in ["2", "2"] {
        assert_eq!(phone.call_with(earlier).await, current);
    }
    let page = phone.press("400000042").await;
    assert!(page.text.contains("Neema M."), "{page:?}");
    stage.stop().await;
}

#[tokio::test]
async fn an_input_while_an_effect_runs_never_gets_its_outcome() {
    let stage = Stage::start().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    phone.press("1").await;
    let mut asking = phone.clone();
    let slow = tokio::spawn(async move { asking.press("555555556").await });
    until("the effect", async || {
        (stage.records.open_jobs().await > 0).then_some(())
    })
    .await;
    let text = format!("{}*555555556*1", phone.text());
    let other = phone.call_with(&text).await;
    let begun = !other.last && other.text.starts_with("DEMO ");
    assert!(
        begun || other.text.contains("still being worked on"),
        "{other:?}"
    );
    assert!(slow.await.unwrap().text.contains("is taking long"));
    stage.records.sms(PHONE, "Zawadi K.").await;
    stage.records.settled().await;
    assert_eq!(stage.records.inbox(PHONE).await.len(), 1);
    stage.stop().await;
}

#[tokio::test]
async fn of_two_different_texts_at_once_one_is_taken_and_both_read_its_page() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    let (one, other) = tokio::join!(phone.call_with("2*3"), phone.call_with("2*4"));
    assert_eq!(one, other);
    let taken = |title: &str| one.text.contains(title);
    assert!(taken("CHF payments") || taken("CHF help"), "{one:?}");
    stage.stop().await;
}

#[tokio::test]
async fn a_session_id_that_another_phone_had_is_a_dialogue_of_its_own() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in("shared").await;
    phone.press_all(&["2", "1", "400000042"]).await;
    let mut other = stage.phone(OTHER);
    let page = other.dial_in("shared").await;
    assert!(page.text.contains("chagua lugha"), "{page:?}");
    let page = phone.press("1").await;
    assert!(page.text.contains("Enter the CHF number"), "{page:?}");
    stage.stop().await;
}

#[tokio::test]
async fn an_input_whose_dialogue_is_gone_begins_at_the_start() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    let mut stranger = stage.phone(PHONE);
    stranger.session = "never heard of".to_owned();
    let page = stranger.call_with("2*1*400000042").await;
    assert!(page.text.starts_with("DEMO Welcome to CHF"), "{page:?}");
    stage.stop().await;
}

#[tokio::test]
async fn many_phones_at_once_get_their_own_answers_only() {
    let stage = Stage::patient().await;
    let members = [
        ("070707081", "Asha J."),
        ("400000042", "Neema M."),
        ("100000014", "Juma B."),
        ("200000021", "Rehema A."),
        ("300000035", "Baraka M."),
    ];
    let enquiries = (0..24).map(|index| {
        let (number, name) = members[index % members.len()];
        let mut phone = stage.phone(&format!("+2557000010{index:02}"));
        let records = &stage.records;
        async move {
            phone.dial_in_english().await;
            let page = phone.press_all(&["1", number]).await;
            // A busy machine may promise the answer: then it comes by SMS.
            let told = if page.text.contains("We will send it by SMS") {
                records.sms(&phone.number, "CHF: ").await
            } else {
                page.text
            };
            assert!(told.contains(name), "{number}: {told}");
        }
    });
    join_all(enquiries).await;
    stage.stop().await;
}
