//! Who calls too often is told to wait, in the menu's words; nobody else notices.

use std::time::Instant;

use crate::support::{
    demo::{Demo, Home},
    phone::{Page, Phone, client},
    stage::Stage,
    until,
};

const PHONE: &str = "+255700000077";
const WAIT: &str = "Umepiga mara nyingi mno.";

async fn metrics(address: &str) -> String {
    let page = client().get(format!("{address}/metrics")).send().await;
    page.unwrap().text().await.unwrap()
}

/// The number of a line of the metrics; nothing counted is 0.
async fn counted(address: &str, line: &str) -> u64 {
    let metrics = metrics(address).await;
    let number = metrics.lines().find_map(|found| found.strip_prefix(line));
    number.map_or(0, |number| number.trim().parse().unwrap())
}

fn refused(page: &Page) -> bool {
    page.last && page.text.starts_with(WAIT)
}

/// How many pages may be given at `rate` a minute since `began`, and one to spare.
fn at_most(rate: u64, began: Instant) -> usize {
    usize::try_from(rate + rate * began.elapsed().as_secs() / 60 + 1).unwrap()
}

async fn limited(setting: (&str, &str)) -> Demo {
    Home::new().start(&[setting]).await
}

#[tokio::test]
async fn a_phone_that_calls_too_often_is_told_to_wait_without_a_word_in_the_journal() {
    let demo = limited(("NYOTA_PHONE_TURNS", "20")).await;
    let began = Instant::now();
    let mut phone = Phone::new(&demo.address, PHONE);
    let mut pages = vec![phone.dial().await];
    for _ in 0..199 {
        pages.push(phone.call().await);
    }
    let served = pages.iter().filter(|page| !refused(page)).count();
    assert!(served >= 20 && served <= at_most(20, began), "{served}");
    let line = r#"nyota_turns_refused_total{gateway="africastalking",limit="phone"} "#;
    let counted = counted(&demo.address, line).await;
    assert_eq!(counted, 200 - u64::try_from(served).unwrap());
    let other = Phone::new(&demo.address, "+255700000078").dial().await;
    assert!(!refused(&other), "{other:?}");
    let (home, said) = demo.end_and_tell().await;
    assert_eq!(home.records().await.turns().await, served as u64 + 1);
    let told = said
        .lines()
        .filter(|line| line.contains("turns were refused"));
    assert_eq!(told.count(), 1, "it is logged once a minute: {said}");
    assert!(!said.contains("700000077"), "{said}");
}

#[tokio::test]
async fn a_gateway_that_sends_more_than_it_may_has_its_callers_wait() {
    let demo = limited(("NYOTA_GATEWAY_TURNS", "3")).await;
    let mut refusals = 0;
    for number in 0..40 {
        let phone = format!("+2557000{number:05}");
        refusals += u64::from(refused(&Phone::new(&demo.address, &phone).dial().await));
    }
    // As many as come in while it takes no longer than the limit allows are served.
    assert!(refusals > 0);
    let line = r#"nyota_turns_refused_total{gateway="africastalking",limit="gateway"} "#;
    assert_eq!(counted(&demo.address, line).await, refusals);
    // It is over as soon as it sends less.
    until("a page", async || {
        let page = Phone::new(&demo.address, PHONE).dial().await;
        (!refused(&page)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_begins_too_many_dialogues_keeps_the_one_it_has() {
    let stage = Stage::start().await;
    let mut phone = stage.phone(PHONE);
    let began = Instant::now();
    let mut last = (phone.clone(), phone.dial_in_english().await);
    let mut dials = 1;
    let told = loop {
        let page = phone.dial().await;
        if page.text.starts_with("You have called too often.") {
            break page;
        }
        last = (phone.clone(), page);
        dials += 1;
        assert!(dials < 100, "nobody is told to wait");
    };
    assert!(told.last);
    assert!(dials >= 60 && dials <= at_most(6, began) + 54, "{dials}");
    let (mut phone, page) = last;
    assert_eq!(phone.call().await, page, "the same begin, the same bytes");
    let next = phone.press("1").await;
    assert!(!next.last && next != page, "{next:?}");
    let line = "nyota_dialogues_refused ";
    assert_eq!(counted(&stage.address, line).await, 1);
    let other = stage.phone("+255700000078").dial().await;
    assert!(!other.last);
    stage.stop().await;
}
