//! Told to end, the program answers what was begun, takes no more, and goes.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::support::{
    demo::{Demo, Home},
    phone::{Page, Phone, client},
    until,
    wire::{KNOWN, Wire, dial},
};

const PHONE: &str = "+255700000077";
const SLOW_MEMBER: &str = "555555556";
/// Far longer than the program may take, on a busy machine.
const ENDED: Duration = Duration::from_secs(40);

/// What a client saw: how many of its requests were begun, and how many answered.
#[derive(Default)]
struct Seen {
    begun: u32,
    answered: u32,
}

/// A client that sends one request after the other on connections that it keeps as long as it may,
/// until nobody listens any more.
async fn keep_asking(address: String, client: u32, keeps: bool) -> Seen {
    let mut seen = Seen::default();
    while let Ok(mut wire) = Wire::open(KNOWN, &address).await {
        loop {
            let phone = format!("+2557{client:03}{:05}", seen.begun);
            // A node that broke the connection at once has not let it in.
            if wire.send(dial(&phone, "s").as_bytes()).await.is_err() {
                break;
            }
            seen.begun += 1;
            let answer = wire.answer().await;
            seen.answered += u32::from(answer.is_some());
            if !keeps || answer.is_none_or(|answer| answer.is_last()) {
                break;
            }
        }
    }
    seen
}

fn clients(demo: &Demo, keeps: bool) -> Vec<JoinHandle<Seen>> {
    let clients = 0..8;
    clients
        .map(|client| tokio::spawn(keep_asking(demo.address.clone(), client, keeps)))
        .collect()
}

async fn assert_all_answered(clients: Vec<JoinHandle<Seen>>) {
    let mut sum = Seen::default();
    for client in clients {
        let seen = client.await.unwrap();
        sum.begun += seen.begun;
        sum.answered += seen.answered;
    }
    assert!(sum.begun > 16, "{} requests are no load", sum.begun);
    assert_eq!(sum.answered, sum.begun, "answered and begun");
}

async fn is_ready(address: &str) -> u16 {
    let asked = client().get(format!("{address}/health/ready")).send().await;
    asked.unwrap().status().as_u16()
}

async fn press_of_a_slow_member(demo: &Demo) -> JoinHandle<Page> {
    let mut phone = Phone::new(&demo.address, PHONE);
    phone.dial_in_english().await;
    phone.press("1").await;
    let records = demo.records().await;
    let pressed = tokio::spawn(async move { phone.press(SLOW_MEMBER).await });
    until("the question in the outbox", async || {
        (records.open_jobs().await > 0).then_some(())
    })
    .await;
    pressed
}

#[tokio::test]
async fn under_load_every_request_that_was_begun_is_answered() {
    let demo = Demo::start().await;
    let clients = clients(&demo, false);
    tokio::time::sleep(Duration::from_secs(2)).await;
    demo.tell_to_end().await;
    assert!(demo.ended(ENDED).await.success());
    assert_all_answered(clients).await;
}

#[tokio::test]
async fn while_it_drains_it_serves_and_says_that_it_is_not_ready() {
    let demo = Home::new().start(&[("NYOTA_DRAIN_SECONDS", "4")]).await;
    let clients = clients(&demo, true);
    assert_eq!(is_ready(&demo.address).await, 200);
    tokio::time::sleep(Duration::from_secs(1)).await;
    demo.tell_to_end().await;
    let told = Instant::now();
    until("503", async || {
        (is_ready(&demo.address).await == 503).then_some(())
    })
    .await;
    let page = Phone::new(&demo.address, PHONE).dial().await;
    assert!(!page.last, "{page:?}");
    assert!(demo.ended(ENDED).await.success());
    assert!(told.elapsed() >= Duration::from_secs(4));
    assert_all_answered(clients).await;
}

#[tokio::test]
async fn a_turn_that_is_still_asking_gets_its_page() {
    let demo = Demo::start().await;
    let pressed = press_of_a_slow_member(&demo).await;
    assert!(!pressed.is_finished(), "it must be told before the answer");
    demo.tell_to_end().await;
    let page = pressed.await.unwrap();
    assert!(page.text.contains("We will send it by SMS"), "{page:?}");
    assert!(demo.ended(ENDED).await.success());
}

#[tokio::test]
async fn told_twice_it_ends_at_once() {
    let demo = Home::new().start(&[("NYOTA_DRAIN_SECONDS", "600")]).await;
    demo.tell_to_end().await;
    until("the first word of the end", async || {
        demo.said().contains("Ending: ").then_some(())
    })
    .await;
    demo.tell_to_end().await;
    let ended = demo.ended(ENDED).await;
    assert_eq!(ended.code(), Some(1));
}
