//! The demo's facility registry: what a scheme's other system may answer, right and wrong.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
    routing,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    gateway::{StartError, listen},
    requests::{DISTRICTS, Requests},
    staff::{Doors, Entered},
};
use crate::{
    model::{Clock, NumberRule, local_day},
    scheme::{Cover, CoverStatus, Scheme},
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
    doors: Doors,
    requests: Requests,
}

impl Desk {
    fn today(&self) -> NaiveDate {
        local_day(self.clock.now())
    }
}

impl Registry {
    /// Listens at a loopback port that is free, and knows the members of `scheme`.
    pub async fn start(scheme: Arc<dyn Scheme>, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let (listener, address) = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let mut running = JoinSet::new();
        let desk = Desk {
            scheme,
            clock,
            doors: Doors::default(),
            requests: Requests::default(),
        };
        running.spawn(serve(listener, desk));
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
        .route("/staff/enter", routing::post(enter))
        .route("/districts", routing::get(districts))
        .route("/requests", routing::post(request))
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

/// The facility of this number, where it is one that answers.
fn known(code: &str) -> Option<&'static Facility> {
    let mut entries = FACILITIES.iter();
    entries.find_map(|(number, entry)| match entry {
        Entry::Facility(facility) => (*number == code).then_some(facility),
        Entry::Slow | Entry::Error | Entry::Nonsense => None,
    })
}

/// Where a member is to be treated.
#[derive(Debug, Deserialize)]
struct Asked {
    facility: String,
}

/// Where a member's cover pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    /// At the facility that asks.
    Here,
    /// At facilities of a lower level.
    Elsewhere,
    /// Nowhere today.
    None,
}

/// What a facility needs to know of a member, and nothing that says who she is.
#[derive(Debug, Serialize)]
struct Entitlement {
    covered: bool,
    /// Up to which level of facility.
    level: u8,
    standing: Standing,
    /// The last day of her cover.
    until: NaiveDate,
    /// What she pays at the desk, in whole TZS.
    pays: u32,
}

impl Entitlement {
    fn of(cover: &Cover, facility: &Facility) -> Self {
        let covered = cover.status == CoverStatus::Active;
        let level = if covered { COVERED_LEVEL } else { 0 };
        let standing = match covered {
            true if facility.level <= level => Standing::Here,
            true => Standing::Elsewhere,
            false => Standing::None,
        };
        Self {
            covered,
            level,
            standing,
            until: cover.to,
            pays: 0,
        }
    }
}

/// Whether a member is covered today, and where.
async fn entitlement(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(facility) = known(&asked.facility) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let Ok(member) = NumberRule::Chf.read(&number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match desk.scheme.cover(member, desk.today()).await {
        Ok(Some(cover)) => Json(Entitlement::of(&cover, facility)).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The key that a request is sent with, the same when it is sent again.
fn idempotency_key(headers: &HeaderMap) -> &str {
    let key = headers.get("idempotency-key");
    key.and_then(|key| key.to_str().ok()).unwrap_or_default()
}

/// Who wants to sit at a facility's desk. Not for logs: it has the PIN.
#[derive(Deserialize)]
struct Entering {
    facility: String,
    pin: String,
}

/// The desk that is open.
#[derive(Debug, Serialize)]
struct Opened<'a> {
    facility: &'a str,
    name: &'a str,
}

async fn enter(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Json(entering): Json<Entering>,
) -> Response {
    // A number that nobody has and a wrong PIN are answered alike.
    let Some(facility) = known(&entering.facility) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let key = idempotency_key(&headers);
    match desk.doors.enter(&entering.facility, &entering.pin, key) {
        Entered::Right => Json(Opened {
            facility: &entering.facility,
            name: facility.name,
        })
        .into_response(),
        Entered::Wrong => StatusCode::FORBIDDEN.into_response(),
        Entered::Locked => StatusCode::LOCKED.into_response(),
    }
}

async fn districts() -> Response {
    Json(serde_json::json!({ "districts": DISTRICTS })).into_response()
}

/// What is read of a request to be enrolled; the rest is not kept.
#[derive(Deserialize)]
struct Requested {
    phone: String,
}

async fn request(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Json(requested): Json<Requested>,
) -> Response {
    let key = idempotency_key(&headers);
    match desk.requests.take(&requested.phone, key, desk.today()) {
        Some(slip) => (StatusCode::CREATED, Json(slip)).into_response(),
        None => StatusCode::CONFLICT.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MemberNumber;

    fn standing(status: CoverStatus, facility: &str) -> Standing {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let cover = Cover {
            member: MemberNumber::parse("070707081").unwrap(),
            first_name: "Asha".to_owned(),
            last_name: "Juma".to_owned(),
            status,
            from: day,
            to: day,
            product: None,
            ceiling: None,
            family: Vec::new(),
        };
        Entitlement::of(&cover, known(facility).unwrap()).standing
    }

    #[test]
    fn cover_pays_up_to_its_level_of_facility() {
        assert_eq!(standing(CoverStatus::Active, "110224"), Standing::Here);
        assert_eq!(standing(CoverStatus::Active, "120417"), Standing::Elsewhere);
        assert_eq!(standing(CoverStatus::Expired, "110224"), Standing::None);
    }
}
