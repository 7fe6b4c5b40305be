use std::time::Duration;

use axum::{
    Json, Router,
    body::Body,
    extract::Path,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use serde_json::json;
use tokio::net::TcpListener;

use super::{PHONE, in_time};
use crate::support::{
    chaos::{Chaos, Weather},
    phone::{Page, Phone},
    stage::Stage,
    until,
};

const MENUS: &str = "tests/menus/registry";
const SORRY: &str = "Samahani, jaribu tena baadaye.";
const FOUND: &str = "Kituo cha Afya A, ngazi 2";

/// A facility as the scheme's registry would tell of it, or something else.
async fn answer(Path(code): Path<String>) -> Response {
    let named = |name: &str| Json(json!({"active": true, "name": name, "level": 2}));
    match code.as_str() {
        "500000" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "503000" => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        "200000" => ([(CONTENT_TYPE, "text/html")], "<h1>Sign in</h1>").into_response(),
        "000000" => named("A\0B\u{202e}C\r\n1. Lipa").into_response(),
        "050000" => fifty_megabytes(),
        _ => named("Kituo cha Afya A").into_response(),
    }
}

fn fifty_megabytes() -> Response {
    let part = "M".repeat(1 << 20);
    let parts = (0..50).map(move |_| Ok::<_, std::io::Error>(part.clone()));
    let json = [(CONTENT_TYPE, "application/json")];
    (json, Body::from_stream(stream::iter(parts))).into_response()
}

/// A server whose menus ask a registry that is behind a proxy.
struct World {
    chaos: Chaos,
    stage: Stage,
}

impl World {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().route("/facilities/{code}", get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let chaos = Chaos::before(port).await;
        let stage = Stage::with_registry_at(chaos.port(), MENUS).await;
        Self { chaos, stage }
    }

    /// What a phone that dials is told of a facility.
    async fn look_up(&self, code: &str) -> Page {
        let mut phone: Phone = self.stage.phone(PHONE);
        phone.skip_dials(rand::random_range(1_000..1_000_000));
        in_time(phone.dial()).await;
        in_time(phone.press(code)).await
    }

    /// Waits until the registry is asked again; each looks for another facility, so that none is
    /// answered from what was kept.
    async fn is_asked_again(&self) {
        until("an answer of the registry", async || {
            let code = rand::random_range(600_000..700_000_u32).to_string();
            (self.look_up(&code).await.text.starts_with(FOUND)).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_a_registry_answers_wrongly_is_said_to_be_down_and_nothing_of_it_is_shown() {
    let world = World::start().await;
    for code in ["500000", "503000", "200000", "050000"] {
        let page = world.look_up(code).await;
        assert_eq!(page.text, SORRY, "{code}");
    }
    world.is_asked_again().await;
    world.stage.stop().await;
}

#[tokio::test]
async fn what_a_name_has_in_it_cannot_change_a_page() {
    let world = World::start().await;
    let page = world.look_up("000000").await;
    let shown = page.text.lines().next().unwrap();
    assert!(
        page.text == SORRY || shown.ends_with(", ngazi 2"),
        "{page:?}"
    );
    assert!(!page.text.contains(['\0', '\r', '\u{202e}']), "{page:?}");
    assert!(!page.text.contains("\n1. Lipa"), "{page:?}");
    world.stage.stop().await;
}

#[tokio::test]
async fn a_registry_whose_connections_fail_is_down_in_time_and_asked_again() {
    let world = World::start().await;
    for (index, weather) in [
        Weather::Reset,
        Weather::Ended,
        Weather::BlackHole,
        Weather::HalfClosed,
        Weather::CutShort(40),
        Weather::Garbled,
        Weather::SlowAnswers(Duration::from_secs(5)),
    ]
    .into_iter()
    .enumerate()
    {
        world.chaos.set(weather);
        let page = world.look_up(&format!("7000{index:02}")).await;
        assert_eq!(page.text, SORRY, "{weather:?}");
        world.chaos.set(Weather::Fair);
        world.is_asked_again().await;
    }
    world
        .chaos
        .set(Weather::SlowAnswers(Duration::from_millis(200)));
    let page = world.look_up("700100").await;
    assert!(page.text.starts_with(FOUND), "{page:?}");
    world.stage.stop().await;
}
