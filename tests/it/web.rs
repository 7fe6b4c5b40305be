//! The demo's web server from outside: what it answers, what it refuses, how it ends.

use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode};

use crate::support::demo::Demo;

const FORM: &str = "sessionId=s1&phoneNumber=%2B255700000077&serviceCode=*152*00%23&text=";

fn client() -> Client {
    Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

async fn get(demo: &Demo, path: &str) -> Response {
    let url = format!("{}{path}", demo.address);
    client().get(url).send().await.unwrap()
}

/// Posts a form with one more header.
async fn post(demo: &Demo, path: &str, body: &str, header: (&str, &str)) -> Response {
    let request = client()
        .request(Method::POST, format!("{}{path}", demo.address))
        .header("content-type", "application/x-www-form-urlencoded")
        .header(header.0, header.1);
    request.body(body.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn a_newcomer_and_a_machine_find_what_runs() {
    let demo = Demo::start().await;
    let index = get(&demo, "/").await.text().await.unwrap();
    assert!(index.contains("DEMO") && index.contains("/simulator") && index.contains("*152*00#"));
    for path in ["/health/live", "/health/ready", "/index.css", "/star.svg"] {
        assert_eq!(get(&demo, path).await.status(), StatusCode::OK, "{path}");
    }
    for path in ["/nothing", "/simulator/nothing.js", "/ussd/nobody"] {
        let status = get(&demo, path).await.status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let status = get(&demo, "/simulator/pay").await.status();
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn every_page_keeps_a_browser_to_itself() {
    let demo = Demo::start().await;
    for path in ["/", "/simulator", "/simulator/main.js", "/nothing"] {
        let answer = get(&demo, path).await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn an_aggregator_gets_no_headers_of_a_page() {
    let demo = Demo::start().await;
    let plain = ("x-plain", "yes");
    let answer = post(&demo, "/ussd/africastalking", FORM, plain).await;
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(!answer.headers().contains_key("content-security-policy"));
}

#[tokio::test]
async fn the_demo_serves_its_own_machine_only() {
    let demo = Demo::start().await;
    for (header, status) in [
        (("x-forwarded-for", "10.0.0.1"), StatusCode::FORBIDDEN),
        (("forwarded", "for=10.0.0.1"), StatusCode::FORBIDDEN),
        (("host", "evil.example"), StatusCode::MISDIRECTED_REQUEST),
        (("sec-fetch-site", "cross-site"), StatusCode::FORBIDDEN),
        (("origin", "http://evil.example"), StatusCode::FORBIDDEN),
        (("x-plain", "yes"), StatusCode::OK),
    ] {
        let answer = post(&demo, "/ussd/africastalking", FORM, header).await;
        assert_eq!(answer.status(), status, "{header:?}");
    }
}

#[tokio::test]
async fn a_bad_request_is_told_why_and_counted_without_its_phone() {
    let demo = Demo::start().await;
    let hook = "/ussd/africastalking";
    let plain = ("x-plain", "yes");
    let bad = post(&demo, hook, "phoneNumber=%2B255700000077", plain).await;
    assert_eq!(bad.status(), StatusCode::BAD_REQUEST);
    assert!(
        bad.text()
            .await
            .unwrap()
            .contains("form.sessionId, form.serviceCode, form.text are missing")
    );
    let long = post(&demo, hook, &format!("{FORM}{}", "1".repeat(17_000)), plain).await;
    assert_eq!(long.status(), StatusCode::BAD_REQUEST);
    let good = post(&demo, hook, FORM, plain).await.text().await.unwrap();
    assert!(good.starts_with("CON DEMO "), "{good}");

    let metrics = get(&demo, "/metrics").await.text().await.unwrap();
    for line in [
        r#"nyota_bad_requests_total{gateway="africastalking"} 2"#,
        r#"nyota_turns_total{gateway="africastalking",signal="Begin",outcome="Page"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains("700000077"), "{metrics}");
}

#[tokio::test]
async fn what_the_simulator_asks_is_answered() {
    let demo = Demo::start().await;
    let world: serde_json::Value = get(&demo, "/simulator/world").await.json().await.unwrap();
    assert_eq!(world["services"][0]["code"], "*152*00#");
    assert_eq!(world["members"].as_array().unwrap().len(), 8);
    let inside = "/simulator/inside?phone=%2B255700000077";
    assert_eq!(get(&demo, inside).await.status(), StatusCode::NOT_FOUND);
    post(&demo, "/ussd/africastalking", FORM, ("x-plain", "yes")).await;
    let seen: serde_json::Value = get(&demo, inside).await.json().await.unwrap();
    assert_eq!(seen["screen"], "chf.language");
    assert_eq!(seen["limit"], 160);
    let inbox = get(&demo, "/simulator/inbox?phone=%2B255700000077").await;
    assert_eq!(inbox.headers()["content-type"], "text/event-stream");
    let paid = post(&demo, "/simulator/pay", "{}", ("x-plain", "yes")).await;
    assert_eq!(paid.status(), StatusCode::BAD_REQUEST);
    let number = r#"{"phone":"+255700000077","control_number":"991000000999"}"#;
    let paid = post(&demo, "/simulator/pay", number, ("x-plain", "yes")).await;
    assert_eq!(paid.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn it_ends_in_order_though_a_phone_listens_for_sms() {
    let demo = Demo::start().await;
    let inbox = get(&demo, "/simulator/inbox?phone=%2B255700000077").await;
    assert!(demo.end(Duration::from_secs(8)).await.success());
    assert_eq!(inbox.text().await.unwrap(), "");
}
