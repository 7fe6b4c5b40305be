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
        Dialect, GepgClient, Keys, Options, Paths, codes,
        message::{Acknowledgement, Acknowledges, BillSubmission, Ids},
    },
    world::{BILL, NUMBER, gateway_keys, new_bill, noon, our_keys, recorded},
};
use crate::{
    model::{Amount, ControlNumber, Currency, FixedClock, Msisdn},
    payment::{
        Cancel, Change, Charge, Provider, PushToPay, ReconcileDay, SubmitError, Submitted,
        told::CodeMeaning,
    },
    store::{Bill, BillState},
};

/// A gateway that gives one answer to everything.
async fn gateway(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> String {
    let answer = move || {
        let answer = answer.clone();
        async move { answer.into_response() }
    };
    serve(Router::new().fallback(post(answer))).await
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn client(address: &str, dialect: Dialect) -> GepgClient {
    let http = reqwest::Client::builder()
        .timeout(Duration::from_millis(1500))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let options = Options {
        address: address.to_owned(),
        dialect,
        ..Options::default()
    };
    let clock = Arc::new(FixedClock::new(noon()));
    GepgClient::new(options, our_keys(), clock, http)
}

fn bill() -> Bill {
    Bill {
        made: new_bill(BILL, "first"),
        state: BillState::Queued,
        number: None,
        flag: String::new(),
    }
}

async fn submit(address: &str) -> Result<Submitted, SubmitError> {
    client(address, Dialect::V4).submit(&bill()).await
}

fn signed(text: &str) -> Vec<u8> {
    let codes = codes::read(text).unwrap();
    let ack = Acknowledges::BillSubmission.write(&codes);
    gateway_keys().seal(&ack).unwrap()
}

/// A v5 acknowledgement of the request with this id.
fn signed_v5(of: Acknowledges, answered: &str, code: u16) -> Vec<u8> {
    let acknowledgement = Acknowledgement {
        of,
        dialect: Dialect::V5,
        ids: Ids {
            own: "GW1".to_owned(),
            answered: answered.to_owned(),
        },
        codes: codes::one(code),
    };
    gateway_keys().seal(&acknowledgement.write()).unwrap()
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
    let slow = post(|| async { tokio::time::sleep(Duration::from_mins(1)).await });
    let slow = serve(Router::new().route(&Paths::v4().submit, slow)).await;
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
        is_unknown(&submit(&gateway(vec![b' '; 2_000_000]).await).await),
        "too large"
    );
}

#[tokio::test]
async fn an_answer_that_the_gateway_did_not_sign_is_not_believed() {
    let ack = Acknowledges::BillSubmission.write(&codes::one(7101));
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
    let address = serve(Router::new().route(&Paths::v4().submit, post(take))).await;
    submit(&address).await.unwrap();
    let (headers, body) = seen.lock().unwrap().take().unwrap();
    assert_eq!(headers["content-type"], "application/xml");
    assert_eq!(headers["gepg-com"], "default.sp.in");
    assert_eq!(headers["gepg-code"], "SP99999");
    let keys = gateway_keys();
    let submission = BillSubmission::read(keys.open(&body, noon()).unwrap().message).unwrap();
    let bill = submission.bills.first().unwrap();
    assert_eq!(bill.payer.name, "Asha O'Neil & Family");
    assert_eq!(bill.expires_at.to_rfc3339(), "2026-12-21T20:59:59+00:00");
}

/// A gateway that says nothing but success to a v5 request and keeps what it was sent.
async fn keeping(answer: Vec<u8>) -> (String, Arc<std::sync::Mutex<Vec<(HeaderMap, String)>>>) {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let take = move |uri: axum::http::Uri, headers: HeaderMap, body: Bytes| async move {
        let body = String::from_utf8(body.to_vec()).unwrap();
        let sent = format!("{} {body}", uri.path());
        keep.lock().unwrap().push((headers, sent));
        Response::new(axum::body::Body::from(answer))
    };
    (serve(Router::new().fallback(post(take))).await, seen)
}

#[tokio::test]
async fn a_v5_bill_goes_to_its_own_path_with_its_own_header_and_the_same_id_again() {
    let id = format!("SP99999{BILL}");
    let answer = signed_v5(Acknowledges::BillSubmission, &id, 7101);
    let (address, seen) = keeping(answer).await;
    let client = client(&address, Dialect::V5);
    for _ in 0..2 {
        let answer = client.submit(&bill()).await.unwrap();
        assert_eq!(answer, Submitted::Accepted);
    }
    let seen = seen.lock().unwrap();
    let [(headers, first), (_, again)] = seen.as_slice() else {
        panic!("{} requests", seen.len());
    };
    assert_eq!(headers["gepg-alg"], "00S2");
    assert_eq!(headers["gepg-com"], "default.sp.in");
    assert!(first.starts_with("/api/bill/20/submission <Gepg><billSubReq>"));
    assert!(first.contains(&format!("<ReqId>{id}</ReqId>")), "{first}");
    assert_eq!(first, again);
}

#[tokio::test]
async fn anothers_acknowledgement_is_not_taken_for_ours() {
    let anothers = signed_v5(Acknowledges::BillSubmission, "SP99999OTHER", 7101);
    let address = gateway(anothers).await;
    assert!(is_unknown(
        &client(&address, Dialect::V5).submit(&bill()).await
    ));
    let of_another_kind = gateway_keys()
        .seal(&Acknowledges::PaymentNotice.write(&codes::one(7101)))
        .unwrap();
    assert!(is_unknown(&submit(&gateway(of_another_kind).await).await));
}

#[tokio::test]
async fn the_number_may_come_in_place_of_the_acknowledgement() {
    for (dialect, file) in [
        (Dialect::V4, "gepg-v4/07_gepgBillSubResp_ok.xml"),
        (Dialect::V5, "gepg-v5/03_billSubRes_ok.xml"),
    ] {
        let address = gateway(recorded(file)).await;
        let answer = client(&address, dialect).submit(&bill()).await.unwrap();
        let Submitted::Numbered(answers) = answer else {
            panic!("{file}: {answer:?}");
        };
        assert_eq!(answers[0].number, ControlNumber::parse(NUMBER).ok());
    }
}

#[tokio::test]
async fn many_bills_go_together_in_v4_and_each_by_itself_in_v5() {
    let charges = ["NY1", "NY2"].map(|id| {
        Charge::of(&Bill {
            made: new_bill(id, id),
            ..bill()
        })
    });
    let (address, seen) = keeping(signed("7101")).await;
    let answer = client(&address, Dialect::V4).submit_many(&charges).await;
    assert_eq!(answer.unwrap(), Submitted::Accepted);
    assert_eq!(seen.lock().unwrap().len(), 1);
    let (address, seen) = keeping(signed_v5(Acknowledges::BillSubmission, "", 7101)).await;
    let answer = client(&address, Dialect::V5).submit_many(&charges).await;
    assert_eq!(answer.unwrap(), Submitted::Accepted);
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_cancellation_is_done_by_7283_alone() {
    let cancel = Cancel {
        bill: BILL.to_owned(),
        product: "CHF".to_owned(),
        reason: "Member chose another product".to_owned(),
    };
    for (dialect, file, meaning) in [
        (
            Dialect::V4,
            "gepg-v4/21_gepgBillCanclResp_ok.xml",
            CodeMeaning::Cancelled,
        ),
        (
            Dialect::V4,
            "gepg-v4/22_gepgBillCanclResp_already_paid.xml",
            CodeMeaning::Settled,
        ),
        (
            Dialect::V5,
            "gepg-v5/15_billCanclRes_ok.xml",
            CodeMeaning::Cancelled,
        ),
    ] {
        let (address, seen) = keeping(recorded(file)).await;
        let answer = client(&address, dialect).cancel(&cancel).await.unwrap();
        assert_eq!(answer.codes.meaning, meaning, "{file}");
        let seen = seen.lock().unwrap();
        assert_eq!(seen[0].0["gepg-com"], "changebill.sp.in");
        assert!(seen[0].1.contains(BILL));
    }
    let config = client(&gateway(signed("7203")).await, Dialect::V4);
    let refused = config.cancel(&cancel).await;
    assert!(matches!(refused, Err(SubmitError::Configuration { .. })));
}

#[tokio::test]
async fn a_change_is_done_by_7334_too() {
    let change = Change {
        bill: BILL.to_owned(),
        product: "CHF".to_owned(),
        expires_at: noon(),
        reason: "Bill expiry extension".to_owned(),
    };
    for (code, done) in [
        ("7334", Submitted::Accepted),
        ("7101", Submitted::Accepted),
        ("7280", Submitted::Rejected("7280".to_owned())),
    ] {
        let (address, seen) = keeping(signed(code)).await;
        let answer = client(&address, Dialect::V4).change(&change).await;
        assert_eq!(answer.unwrap(), done, "{code}");
        let seen = seen.lock().unwrap();
        assert_eq!(seen[0].0["gepg-com"], "changebill.sp.in");
        assert!(seen[0].1.starts_with("/api/bill/sigqrequest_change "));
    }
}

#[tokio::test]
async fn a_number_is_given_again_by_its_own_path_and_header() {
    let charge = Charge {
        reuse: ControlNumber::parse(NUMBER).ok(),
        ..Charge::of(&bill())
    };
    let (address, seen) = keeping(signed("7101")).await;
    let client = client(&address, Dialect::V4);
    client
        .submit_many(std::slice::from_ref(&charge))
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].0["gepg-com"], "reusebill.sp.in");
    assert!(seen[0].1.starts_with("/api/bill/sigqrequest_reuse "));
    assert!(seen[0].1.contains(&format!("<PayCntrNum>{NUMBER}")));
}

#[tokio::test]
async fn a_reconciliation_is_asked_for_and_its_codes_are_told() {
    let day = ReconcileDay {
        request: "2026112101".to_owned(),
        sp_code: "SP99999".to_owned(),
        day: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
    };
    for (code, meaning) in [
        (7101, CodeMeaning::Success),
        (7321, CodeMeaning::NotReady),
        (7318, CodeMeaning::BadDate),
    ] {
        let kind = Acknowledges::ReconciliationRequest;
        let v4 = gateway_keys().seal(&kind.write(&codes::one(code))).unwrap();
        let v5 = signed_v5(kind, &day.request, code);
        for (dialect, answer) in [(Dialect::V4, v4), (Dialect::V5, v5)] {
            let client = client(&gateway(answer).await, dialect);
            assert_eq!(client.reconcile(&day).await.unwrap().meaning, meaning);
        }
    }
}

#[tokio::test]
async fn a_push_carries_the_control_number_and_v4_has_none() {
    let push = PushToPay {
        request: "SP99999P1".to_owned(),
        bill: BILL.to_owned(),
        product: "CHF".to_owned(),
        number: ControlNumber::parse(NUMBER).unwrap(),
        amount: Amount::from_major(30_000, Currency::TZS),
        phone: Msisdn::parse("255700000001").unwrap(),
    };
    let answer = signed_v5(Acknowledges::Push, "SP99999P1", 7101);
    let (address, seen) = keeping(answer).await;
    let pushed = client(&address, Dialect::V5).push(&push).await.unwrap();
    assert_eq!(pushed.codes.meaning, CodeMeaning::Success);
    let sent = seen.lock().unwrap()[0].1.clone();
    assert!(sent.starts_with("/api/bill/20/push <Gepg><billPushToPayReq>"));
    assert!(sent.contains(NUMBER), "{sent}");
    let none = client(&address, Dialect::V4).push(&push).await;
    assert!(matches!(none, Err(SubmitError::Configuration { .. })));
}

#[test]
fn keys_that_may_sign_over_another_digest_are_a_setting() {
    let raw = recorded("negative/06_wrong_digest_sha256_on_v4.xml");
    assert!(our_keys().open(&raw, noon()).is_err());
    let digests = super::super::Digests {
        v4: super::super::Digest::Sha256,
        ..super::super::Digests::default()
    };
    let partner = super::world::pem("gepg_cert");
    let own = super::world::pem("sp_private");
    let differs = Keys::from_pem(&own, [partner.as_str()]).unwrap();
    assert!(differs.with_digests(digests).open(&raw, noon()).is_ok());
}
