use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
    routing::post,
};
use tokio::net::TcpListener;

use super::{
    super::{
        GepgClient, Options, SUBMIT_PATH,
        codes::Codes,
        message::{Acknowledges, BillSubmission},
    },
    world::{BILL, gateway_keys, new_bill, our_keys, recorded},
};
use crate::{
    payment::{Provider, SubmitError, Submitted},
    store::{Bill, BillState},
};

/// A gateway that gives one answer to everything.
async fn gateway(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> String {
    let answer = move || {
        let answer = answer.clone();
        async move { answer.into_response() }
    };
    serve(Router::new().route(SUBMIT_PATH, post(answer))).await
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn submit(address: &str) -> Result<Submitted, SubmitError> {
    let http = reqwest::Client::builder()
        .timeout(Duration::from_millis(500))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let options = Options {
        address: address.to_owned(),
        ..Options::default()
    };
    let bill = Bill {
        made: new_bill(BILL, "first"),
        state: BillState::Queued,
        number: None,
        flag: String::new(),
    };
    GepgClient::new(options, our_keys(), http)
        .submit(&bill)
        .await
}

fn signed(codes: &str) -> Vec<u8> {
    let codes = Codes::parse(codes).unwrap();
    let ack = Acknowledges::BillSubmission.write(&codes);
    gateway_keys().seal(&ack).unwrap()
}

fn is_unknown(answer: &Result<Submitted, SubmitError>) -> bool {
    matches!(answer, Err(SubmitError::Unknown { .. }))
}

#[tokio::test]
async fn success_and_a_duplicate_of_our_own_bill_are_accepted() {
    for codes in ["7101", "7226"] {
        let answer = submit(&gateway(signed(codes)).await).await;
        assert_eq!(answer.unwrap(), Submitted::Accepted, "{codes}");
    }
    let recorded = recorded("gepg-v4/05_gepgBillSubReqAck_ok.xml");
    assert_eq!(
        submit(&gateway(recorded).await).await.unwrap(),
        Submitted::Accepted
    );
}

#[tokio::test]
async fn what_will_never_work_is_rejected_with_its_codes() {
    let recorded = recorded("gepg-v4/06_gepgBillSubReqAck_rejected.xml");
    let rejected = submit(&gateway(recorded).await).await.unwrap();
    assert_eq!(rejected, Submitted::Rejected("7223;7268".to_owned()));
    let unheard_of = submit(&gateway(signed("9999")).await).await.unwrap();
    assert_eq!(unheard_of, Submitted::Rejected("9999".to_owned()));
}

#[tokio::test]
async fn a_refusal_of_our_settings_halts_and_rejects_no_bill() {
    for code in ["7203", "7303", "7323"] {
        let answer = submit(&gateway(signed(code)).await).await;
        let halted = matches!(&answer, Err(SubmitError::Configuration { codes }) if codes == code);
        assert!(halted, "{code}: {answer:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_leaves_it_open_whether_the_bill_is_there() {
    let slow = post(|| async { tokio::time::sleep(Duration::from_secs(5)).await });
    let slow = serve(Router::new().route(SUBMIT_PATH, slow)).await;
    assert!(is_unknown(&submit(&slow).await), "too slow");
    let busy = gateway((StatusCode::SERVICE_UNAVAILABLE, signed("7101"))).await;
    assert!(is_unknown(&submit(&busy).await), "503");
    let moved = gateway((StatusCode::FOUND, [(LOCATION, "/elsewhere")])).await;
    assert!(is_unknown(&submit(&moved).await), "a redirect");
    assert!(
        is_unknown(&submit("http://127.0.0.1:1").await),
        "nobody there"
    );
    assert!(
        is_unknown(&submit(&gateway(signed("7317")).await).await),
        "7317"
    );
    assert!(
        is_unknown(&submit(&gateway(vec![b' '; 100_000]).await).await),
        "too large"
    );
}

#[tokio::test]
async fn an_answer_that_the_gateway_did_not_sign_is_not_believed() {
    let ack = Acknowledges::BillSubmission.write(&Codes::one(7101));
    let by_us = our_keys().seal(&ack).unwrap();
    assert!(is_unknown(&submit(&gateway(by_us).await).await));
    let unsigned = format!("<Gepg>{ack}</Gepg>");
    assert!(is_unknown(&submit(&gateway(unsigned).await).await));
    // A message of another kind, rightly signed.
    let other = recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml");
    assert!(is_unknown(&submit(&gateway(other).await).await));
}

#[tokio::test]
async fn an_error_names_the_bill_and_never_the_payer() {
    let error = submit("http://127.0.0.1:1").await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains(BILL), "{shown}");
    for private in ["Asha", "255700000001", "700000001"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

#[tokio::test]
async fn the_bill_is_sent_signed_with_the_headers_that_the_gateway_wants() {
    let seen = Arc::new(std::sync::Mutex::new(None));
    let keep = Arc::clone(&seen);
    let take = move |headers: HeaderMap, body: Bytes| async move {
        *keep.lock().unwrap() = Some((headers, body));
        Response::new(axum::body::Body::from(signed("7101")))
    };
    let address = serve(Router::new().route(SUBMIT_PATH, post(take))).await;
    submit(&address).await.unwrap();
    let (headers, body) = seen.lock().unwrap().take().unwrap();
    assert_eq!(headers["content-type"], "application/xml");
    assert_eq!(headers["gepg-com"], "default.sp.in");
    assert_eq!(headers["gepg-code"], "SP99999");
    let keys = gateway_keys();
    let submission = BillSubmission::read(keys.open(&body).unwrap().message).unwrap();
    let bill = submission.bills.first().unwrap();
    assert_eq!(bill.payer.name, "Asha O'Neil & Family");
    assert_eq!(bill.expires_at.to_rfc3339(), "2026-12-21T20:59:59+00:00");
}
