//! What an aggregator reads that asks wrongly, and that nothing moves by it.

use reqwest::{Client, Method, Response};

use crate::support::{phone::client, stage::Stage};

const PHONE: &str = "+255700000077";
const HOOK: &str = "/ussd/africastalking";
/// A request that is right.
const RIGHT: &str = "sessionId=s1&phoneNumber=%2B255700000077&serviceCode=*152*00%23&text=";

async fn send(stage: &Stage, method: Method, path: &str, body: impl Into<Vec<u8>>) -> Response {
    let client: Client = client();
    let request = client
        .request(method, format!("{}{path}", stage.address))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.into());
    request.send().await.unwrap()
}

/// How many requests were refused, by the count that the operator sees.
async fn refused(stage: &Stage) -> usize {
    let metrics = send(stage, Method::GET, "/metrics", "").await;
    let metrics = metrics.text().await.unwrap();
    let name = r#"nyota_bad_requests_total{gateway="africastalking"} "#;
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    assert!(!metrics.contains("700000077"), "{metrics}");
    line.map_or(0, |count| count.parse().unwrap())
}

/// Sends a request in the middle of a dialogue: it is refused with a sentence that says `why`, it is
/// counted, and the dialogue is where it was.
async fn assert_refused(method: Method, body: Vec<u8>, why: &str) {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in("s1").await;
    let before = phone.press("2").await;
    let answer = send(&stage, method, HOOK, body).await;
    assert_eq!(answer.status(), 400);
    let sentence = answer.text().await.unwrap();
    assert!(sentence.contains(why), "{sentence}");
    assert!(!sentence.contains("700000077"), "{sentence}");
    assert_eq!(refused(&stage).await, 1);
    assert_eq!(phone.call().await, before);
    stage.stop().await;
}

#[tokio::test]
async fn a_request_without_a_field_is_refused() {
    let body = "phoneNumber=%2B255700000077&serviceCode=*152*00%23&text=2*1";
    assert_refused(Method::POST, body.into(), "form.sessionId is missing").await;
}

#[tokio::test]
async fn a_request_with_two_different_values_of_a_field_is_refused() {
    let body = format!("{RIGHT}2*1&phoneNumber=%2B255700000078");
    assert_refused(Method::POST, body.into(), "form.phoneNumber").await;
}

#[tokio::test]
async fn a_request_of_another_method_is_refused() {
    assert_refused(Method::PUT, format!("{RIGHT}2*1").into(), "POST").await;
}

#[tokio::test]
async fn a_request_that_is_no_utf_8_is_refused() {
    let mut body = format!("{RIGHT}2*").into_bytes();
    body.push(0xff);
    assert_refused(Method::POST, body, "UTF-8").await;
}

#[tokio::test]
async fn a_request_of_twenty_kibibytes_is_refused() {
    let body = format!("{RIGHT}2*{}", "1".repeat(20 * 1024));
    assert_refused(Method::POST, body.into(), "longer than 16384 bytes").await;
}

#[tokio::test]
async fn another_service_code_ends_politely_in_swahili() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in_english().await;
    let body = phone.post("*999#", "").await;
    assert_eq!(body, "END Namba hii haina huduma. Piga *152*00#.");
    stage.stop().await;
}

#[tokio::test]
async fn a_gateway_that_no_profile_has_is_not_found() {
    let stage = Stage::patient().await;
    let answer = send(&stage, Method::POST, "/ussd/nobody", RIGHT).await;
    assert_eq!(answer.status(), 404);
    stage.stop().await;
}

#[tokio::test]
async fn the_news_that_a_dialogue_ended_is_taken_and_shows_nothing() {
    let stage = Stage::patient().await;
    let mut phone = stage.phone(PHONE);
    phone.dial_in("s1").await;
    let body = format!("{RIGHT}&status=Incomplete");
    let answer = send(&stage, Method::POST, &format!("{HOOK}/events"), body).await;
    assert!(answer.status().is_success());
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(refused(&stage).await, 0);
    stage.stop().await;
}
