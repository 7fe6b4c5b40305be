//! A phone reads the register for ten numbers a day, over all its dialogues.

use crate::support::{phone::Phone, stage::Stage};

/// A phone that no member has.
const PHONE: &str = "+255700000077";
/// Asha's phone and number.
const ASHAS: (&str, &str) = ("+255700000001", "070707081");

/// The valid number that begins with these eight digits: the ninth is their remainder modulo 7.
fn number(first_eight: u32) -> String {
    format!("{first_eight}{}", first_eight % 7)
}

/// Asks about a number in a dialogue of its own; gives what the page says.
async fn ask(phone: &mut Phone, number: &str) -> String {
    phone.dial().await;
    phone.press("1").await;
    phone.press(number).await.text
}

/// Asks about ten different numbers that nobody has.
async fn ask_about_ten(phone: &mut Phone) {
    for first_eight in 12_345_670..12_345_680 {
        let page = ask(phone, &number(first_eight)).await;
        assert!(page.contains("Nobody in CHF"), "{page}");
    }
}

#[tokio::test]
async fn the_eleventh_number_of_a_day_is_refused_over_several_dials() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    ask_about_ten(&mut phone).await;
    let page = ask(&mut phone, "400000042").await;
    assert!(page.contains("10 numbers today") && !page.contains("Neema"));
    stage.stop().await;
}

#[tokio::test]
async fn a_number_that_was_asked_about_that_day_is_free() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    ask_about_ten(&mut phone).await;
    let page = ask(&mut phone, &number(12_345_670)).await;
    assert!(page.contains("Nobody in CHF"), "{page}");
    stage.stop().await;
}

#[tokio::test]
async fn her_own_number_is_free_for_the_members_phone() {
    let stage = Stage::patient().await;
    let (phone, own) = ASHAS;
    let mut phone = stage.phone(phone);
    phone.dial_in_english().await;
    // Her own is one of the ten: a number is asked for before whose phone it is, so that the scheme is
    // asked but once.
    for first_eight in 12_345_670..12_345_679 {
        phone.dial().await;
        // From her own cover to another number.
        let page = phone.press_all(&["1", "1", &number(first_eight)]).await;
        assert!(page.text.contains("Nobody in CHF"), "{page:?}");
    }
    phone.dial().await;
    let page = phone.press_all(&["1", "1", "400000042"]).await;
    assert!(page.text.contains("10 numbers today"), "{page:?}");
    phone.dial().await;
    assert!(phone.press("1").await.text.starts_with("Asha J."));
    phone.dial().await;
    let page = phone.press_all(&["1", "1", own]).await;
    assert!(page.text.starts_with("Asha J."), "{page:?}");
    stage.stop().await;
}
