//! The demo's facility registry: what a scheme's other system may answer, right and wrong.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{Html, IntoResponse, Response},
    routing,
};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinSet};

use super::gateway::{StartError, listen};
use crate::{
    model::{Clock, MemberNumber, local_day},
    scheme::{CoverStatus, Scheme},
};

/// The name under which the demo's menus call it: `http://registry.sandbox/facilities/110224`.
pub const REGISTRY_HOST: &str = "registry.sandbox";

/// How long the facility takes that is slow: longer than any turn.
const SLOW: Duration = Duration::from_secs(10);

/// Up to which level of facility the demo's cover pays.
const COVERED_LEVEL: u8 = 2;

/// What is behind a facility's number.
#[derive(Clone, Copy, Debug)]
enum Entry {
    Facility(Facility),
    /// It answers after the caller has gone.
    Slow,
    /// It fails.
    Error,
    /// It answers as a machine in between would.
    Nonsense,
}

/// A facility as the registry tells of it.
#[derive(Clone, Copy, Debug, Serialize)]
struct Facility {
    name: &'static str,
    district: &'static str,
    level: u8,
    active: bool,
}

/// The invented facilities, by number.
const FACILITIES: [(&str, Entry); 7] = [
    (
        "110224",
        facility("Kituo cha Afya A", "Wilaya ya Mashariki", 2, true),
    ),
    (
        "110305",
        facility("Zahanati B", "Wilaya ya Mashariki", 1, true),
    ),
    (
        "120417",
        facility("Hospitali C", "Wilaya ya Magharibi", 3, true),
    ),
    (
        "130108",
        facility("Zahanati D", "Wilaya ya Magharibi", 1, false),
    ),
    ("155555", Entry::Slow),
    ("166666", Entry::Error),
    ("177777", Entry::Nonsense),
];

const fn facility(name: &'static str, district: &'static str, level: u8, active: bool) -> Entry {
    Entry::Facility(Facility {
        name,
        district,
        level,
        active,
    })
}

/// The registry, on a loopback listener of its own. It stops when it is dropped.
#[derive(Debug)]
pub struct Registry {
    address: SocketAddr,
    _running: JoinSet<()>,
}

/// What it answers from.
#[derive(Clone, Debug)]
struct Desk {
    scheme: Arc<dyn Scheme>,
    clock: Arc<dyn Clock>,
}

impl Registry {
    /// Listens at a loopback port that is free, and knows the members of `scheme`.
    pub async fn start(scheme: Arc<dyn Scheme>, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let (listener, address) = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let mut running = JoinSet::new();
        running.spawn(serve(listener, Desk { scheme, clock }));
        Ok(Self {
            address,
            _running: running,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn serve(listener: TcpListener, desk: Desk) {
    let router = Router::new()
        .route("/facilities/{code}", routing::get(one_facility))
        .route("/members/{number}/entitlement", routing::get(entitlement))
        .with_state(desk);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the sandbox registry stopped listening");
    }
}

async fn one_facility(Path(code): Path<String>) -> Response {
    let entry = FACILITIES.iter().find(|(known, _)| *known == code);
    match entry.map(|(_, entry)| entry) {
        Some(Entry::Facility(facility)) => Json(facility).into_response(),
        Some(Entry::Slow) => {
            tokio::time::sleep(SLOW).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Some(Entry::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Entry::Nonsense) => Html("<h1>Welcome to this network</h1>").into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Where a member is to be treated.
#[derive(Debug, Deserialize)]
struct Asked {
    facility: String,
}

/// Whether a member is covered today, and up to which level; nothing that says who she is.
async fn entitlement(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let known = |(code, entry): &(&str, Entry)| {
        *code == asked.facility && matches!(entry, Entry::Facility(_))
    };
    if !FACILITIES.iter().any(known) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let Ok(member) = MemberNumber::parse(&number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let today = local_day(desk.clock.now());
    match desk.scheme.cover(member, today).await {
        Ok(Some(cover)) => {
            let covered = cover.status == CoverStatus::Active;
            let level = if covered { COVERED_LEVEL } else { 0 };
            let body = format!(r#"{{"covered":{covered},"level":{level}}}"#);
            ([(CONTENT_TYPE, "application/json")], body).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
