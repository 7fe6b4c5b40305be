//! The older REST interface of openIMIS, against a small server that was written after its source.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use chrono::NaiveDate;
use nyota::{
    model::MemberNumber,
    scheme::{
        CoverStatus, Scheme as _, SchemeError,
        imis_rest::{ImisRest, Options},
        openimis::{Account, LocalBudget},
    },
};
use serde_json::{Value, json};

const MEMBER: &str = "070707081";

/// The paths that were asked, and the token that holds.
#[derive(Clone, Default)]
struct World(Arc<Mutex<(Vec<String>, u32)>>);

impl World {
    fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().0.clone()
    }

    fn forget_tokens(&self) {
        self.0.lock().unwrap().1 += 1;
    }
}

async fn login(State(world): State<World>, body: Bytes) -> Response {
    let mut inside = world.0.lock().unwrap();
    inside.0.push("login".to_owned());
    let body: Value = serde_json::from_slice(&body).unwrap();
    if body != json!({"UserName": "nyota", "Password": "right"}) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    json!({"access_token": format!("token{}", inside.1), "expires_on": "2026-12-01T00:00:00"})
        .to_string()
        .into_response()
}

async fn enquire(
    State(world): State<World>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    let mut inside = world.0.lock().unwrap();
    inside.0.push("enquire".to_owned());
    if headers["authorization"] != format!("Bearer token{}", inside.1) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match number.as_str() {
        MEMBER => json!({"chfid": MEMBER, "insureeName": "Jane Macintyre", "details": [
            {"productCode": "CHF", "effectiveDate": "2025-01-01", "expiryDate": "2025-12-31", "status": "A", "policyValue": 30000.0},
        ]})
        .to_string()
        .into_response(),
        "070707066" => "<html>".into_response(),
        "12345" => StatusCode::BAD_REQUEST.into_response(),
        _ => json!({"chfid": null, "details": []}).to_string().into_response(),
    }
}

async fn start(password: &str) -> (World, ImisRest) {
    let world = World::default();
    let router = Router::new()
        .route("/api/login", post(login))
        .route("/api/insuree/{number}/enquire", get(enquire))
        .with_state(world.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = Options {
        address: format!("http://{}/api/", listener.local_addr().unwrap()),
        account: Account {
            user: "nyota".to_owned(),
            password: password.to_owned(),
        },
        ..Options::default()
    };
    // It ends with the test's runtime.
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let budget = Arc::new(LocalBudget::a_minute(10_000));
    (world, ImisRest::new(options, budget).unwrap())
}

fn today() -> NaiveDate {
    "2026-11-21".parse().unwrap()
}

fn member(number: &str) -> MemberNumber {
    MemberNumber::parse(number).unwrap()
}

#[tokio::test]
async fn an_enquiry_tells_a_cover_by_its_dates() {
    let (world, scheme) = start("right").await;
    let cover = scheme
        .cover(member(MEMBER), today())
        .await
        .unwrap()
        .unwrap();
    // The server says that it is active.
    assert_eq!(
        (cover.status, cover.last_name.as_str()),
        (CoverStatus::Expired, "Macintyre")
    );
    assert_eq!(
        scheme.cover(member("999999991"), today()).await.unwrap(),
        None
    );
    let page = scheme.cover(member("070707066"), today()).await;
    assert!(
        matches!(page, Err(SchemeError::Unavailable { .. })),
        "{page:?}"
    );
    let wrong = scheme.cover(member("12345"), today()).await;
    assert!(
        matches!(wrong, Err(SchemeError::Refused { .. })),
        "{wrong:?}"
    );
    assert_eq!(
        world.asked(),
        ["login", "enquire", "enquire", "enquire", "enquire"]
    );
}

#[tokio::test]
async fn a_token_that_is_not_accepted_any_more_is_made_anew() {
    let (world, scheme) = start("right").await;
    scheme.cover(member(MEMBER), today()).await.unwrap();
    world.forget_tokens();
    assert!(
        scheme
            .cover(member(MEMBER), today())
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        world.asked(),
        ["login", "enquire", "enquire", "login", "enquire"]
    );
    assert!(
        scheme
            .look(today())
            .await
            .iter()
            .all(|finding| finding.good)
    );
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let (world, scheme) = start("wrong").await;
    for _ in 0..3 {
        let refused = scheme.cover(member(MEMBER), today()).await;
        assert!(
            matches!(refused, Err(SchemeError::Refused { .. })),
            "{refused:?}"
        );
    }
    assert!(!scheme.look(today()).await[0].good);
    assert_eq!(world.asked(), ["login"]);
}

#[tokio::test]
async fn it_gives_no_quote_so_that_no_bill_is_made() {
    let (world, scheme) = start("right").await;
    let refused = scheme.quote(member(MEMBER), today()).await;
    assert!(
        matches!(refused, Err(SchemeError::Refused { .. })),
        "{refused:?}"
    );
    assert!(world.asked().is_empty());
}
