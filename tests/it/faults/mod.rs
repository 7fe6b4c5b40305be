//! When a part is away: every turn is answered in time and in truth, nothing is claimed that is not
//! kept, and the program recovers by itself.
//!
//! | fault | where |
//! |---|---|
//! | Redis absent at the start, lost, slow, silent, garbled, failed over, flushed, restarted, a Cluster with a node down | [`redis`] |
//! | Postgres lost, slow, silent, garbled, stopped, read-only, locked, out of connections, a COMMIT whose answer is lost | [`postgres`] |
//! | SQLite locked by another process, its disk full | [`sqlite`] |
//! | a scheme's registry slow, failing, hanging, half an answer, nonsense, far too much | [`scheme`] |

mod postgres;
mod redis;
mod scheme;
mod sqlite;

use std::time::{Duration, Instant};

use nyota::sandbox::Keys;

use crate::support::{
    demo::{Demo, Home},
    gepg::{self, payment_of, sealed},
    phone::{Page, Phone, control_number},
    records::Records,
    until,
};

/// A phone that no member has.
const PHONE: &str = "+255700000077";
/// Another phone than the one that pays.
const OTHER: &str = "+255700000078";
/// No answer about a member, in English.
const NO_DETAILS: &str = "Sorry, membership details are not available now. Please try again later.";
/// What Africa's Talking waits for, and a second for a machine that is busy with other tests.
const IN_TIME: Duration = Duration::from_secs(5);
/// What cannot be served, in English.
const SORRY: &str = "Sorry, the service is not available now. Please try again later.";

/// The page of a turn, which must come in time.
async fn in_time(turn: impl Future<Output = Page>) -> Page {
    let began = Instant::now();
    let page = turn.await;
    let took = began.elapsed();
    assert!(took < IN_TIME, "{took:?}: {page:?}");
    page
}

/// Waits until a phone that dials is served again.
async fn is_served(demo: &Demo, number: &str) -> Phone {
    until("a phone that is served", async || {
        let mut phone = Phone::new(&demo.address, number);
        phone.skip_dials(rand::random_range(1_000..1_000_000));
        (!phone.dial().await.last).then_some(phone)
    })
    .await
}

/// How many lines a demo has logged until now.
fn lines(demo: &Demo) -> usize {
    demo.said().lines().count()
}

/// From her first page on, in English.
async fn an_enquiry_is_refused_in_truth(phone: &mut Phone) {
    in_time(phone.press("1")).await;
    let page = in_time(phone.press("400000042")).await;
    assert!(page.last && page.text == NO_DETAILS, "{page:?}");
}

/// After it all: a bill for who was refused.
async fn renewal_goes_through(demo: &Demo, records: &Records) {
    let mut phone = Phone::new(&demo.address, OTHER);
    phone.skip_dials(20);
    let page = phone.dial().await;
    if page.text.contains("Choose language") {
        phone.press("2").await;
    }
    phone.press_all(&["2", "100000014", "1"]).await;
    control_number(&records.sms(OTHER, "control number").await);
}

/// A notice that exactly pays a bill that a phone of the demo was given.
async fn notice(demo: &Demo, home: &Home, records: &Records) -> Vec<u8> {
    let mut phone = Phone::new(&demo.address, PHONE);
    phone.dial_in_english().await;
    phone.press_all(&["2", "400000042", "1"]).await;
    let number = control_number(&records.sms(PHONE, "control number").await);
    records.settled().await;
    let bill = records.bill(&number).await.unwrap();
    let keys = Keys::load_or_make(&home.data()).await.unwrap();
    sealed(&keys.of_gateway().unwrap(), payment_of(&bill))
}

/// Posts a notice until it is acknowledged; then it is in the books, once.
async fn is_acknowledged_once(demo: &Demo, records: &Records, notice: &[u8]) {
    until("the acknowledgement", async || {
        let status = gepg::status_of_post(&demo.address, notice.to_vec()).await;
        (status == 200).then_some(())
    })
    .await;
    gepg::status_of_post(&demo.address, notice.to_vec()).await;
    assert_eq!(records.books().await, [30_000, -30_000, 0]);
    records.settled().await;
    let inbox = records.inbox(PHONE).await;
    let receipts = inbox.iter().filter(|text| text.contains("received on"));
    assert_eq!(receipts.count(), 1, "{inbox:?}");
}
