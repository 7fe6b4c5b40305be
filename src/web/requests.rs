//! The last requests of each gateway, for the aggregator's engineer and ours: kept masked, in memory, by the demo only.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{Extension, Json, Router, extract::Path, routing::get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{App, Demo, Error, called::Called};
use crate::{
    gateway::profile::{Channel, Event, Go, Heard, Masked, MaskedPart, Masking, Refusal},
    model::{Clock, ServiceCode, SystemClock},
};

/// So many are kept of one gateway.
const KEPT: usize = 50;
/// Of a longer body, which bears many receipts, only the length is kept.
const LONGEST: usize = 16 * 1024;

/// A request that was taken, with nothing of a person in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Taken {
    /// It grows by one with each request of any gateway.
    pub id: u64,
    /// When it came.
    pub at: DateTime<Utc>,
    /// `ussd` or `sms`: the beginning of its address.
    pub channel: String,
    /// The profile that read it.
    pub profile: String,
    /// What came.
    pub request: Masked,
    /// What it was taken for: `begin`, `input`, `receipt`, …
    pub event: String,
    /// Why it was refused; `None` where it was not.
    pub refused: Option<String>,
    /// The status that was answered.
    pub status: u16,
    /// How long the answer took, in milliseconds.
    pub took: f64,
    /// What was shown, of a turn.
    pub shown: Option<Shown>,
}

/// What a turn showed, without its text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// Whether the session was known before.
    pub known: bool,
    /// `continue` or `end`; `None` where no screen was shown.
    pub go: Option<String>,
    /// How many pages the dialogue has shown, this one included.
    pub pages: u32,
    /// What the session's begin told, masked.
    pub kept: Vec<(String, String)>,
}

/// What a turn showed, as it was.
pub(super) struct Turned {
    pub(super) known: bool,
    pub(super) go: Option<Go>,
    pub(super) pages: u32,
    pub(super) kept: Vec<(String, String)>,
}

/// What came of a request.
pub(super) struct Answered<'a> {
    pub(super) heard: &'a Result<Heard, Refusal>,
    pub(super) turned: Option<Turned>,
    pub(super) status: u16,
    pub(super) took: Duration,
}

/// The last requests of each gateway. Cheap to ask, bounded in size.
#[derive(Debug, Default)]
pub struct Requests(Mutex<Rings>);

#[derive(Debug, Default)]
struct Rings {
    last: u64,
    of: BTreeMap<String, VecDeque<Taken>>,
}

impl Requests {
    /// Keeps a request, where this is the demo.
    pub(super) fn keep(app: &App, called: &Called, answered: Answered<'_>) {
        if let Some(demo) = &app.demo {
            let edition = app.catalogue.current();
            let codes: Vec<ServiceCode> = edition.sets().map(|set| set.service.clone()).collect();
            let taken = taken(called, answered, &codes);
            demo.requests.push(called.account().name(), taken);
        }
    }

    /// The requests of a gateway, the newest first.
    pub fn of(&self, gateway: &str) -> Vec<Taken> {
        let rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = rings.of.get(gateway).into_iter().flatten();
        ring.rev().cloned().collect()
    }

    fn push(&self, gateway: &str, taken: Taken) {
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rings.last += 1;
        let id = rings.last;
        let ring = rings.of.entry(gateway.to_owned()).or_default();
        if ring.len() == KEPT {
            ring.pop_front();
        }
        ring.push_back(Taken { id, ..taken });
    }
}

fn taken(called: &Called, answered: Answered<'_>, codes: &[ServiceCode]) -> Taken {
    let (said, refused) = match answered.heard {
        Ok(heard) => (heard.said(), None),
        Err(refusal) => (&refusal.said, Some(refusal.why.to_string())),
    };
    let masking = Masking {
        said,
        codes,
        secrets_only: false,
    };
    Taken {
        id: 0,
        at: SystemClock.now(),
        channel: match called.channel() {
            Channel::Ussd => "ussd",
            Channel::Sms => "sms",
        }
        .to_owned(),
        profile: called.account().profile().name().to_owned(),
        request: bounded(called.masked(&masking)),
        event: Event::word(said.event).to_owned(),
        refused,
        status: answered.status,
        took: answered.took.as_secs_f64() * 1000.0,
        shown: answered.turned.map(|turned| shown(turned, &masking)),
    }
}

fn shown(turned: Turned, masking: &Masking<'_>) -> Shown {
    let masked = |(name, text): (String, String)| {
        let value = masking.value(&name, &text);
        (name, value)
    };
    Shown {
        known: turned.known,
        go: turned.go.map(|go| go.word().to_owned()),
        pages: turned.pages,
        kept: turned.kept.into_iter().map(masked).collect(),
    }
}

fn bounded(mut request: Masked) -> Masked {
    if let MaskedPart::Read(body) = &request.body
        && body.len() > LONGEST
    {
        request.body = MaskedPart::Unread { bytes: body.len() };
    }
    if request.path.len() > LONGEST {
        "/".clone_into(&mut request.path);
    }
    request
}

/// The addresses that show them.
pub(super) fn routes(demo: Demo) -> Router<App> {
    Router::new()
        .route("/api/v1/gateways/{name}/requests", get(list))
        .route("/api/v1/gateways/{name}/requests/{id}", get(one))
        .layer(Extension(demo))
}

async fn list(
    axum::extract::State(app): axum::extract::State<App>,
    Extension(demo): Extension<Demo>,
    Path(name): Path<String>,
) -> Result<Json<Vec<Taken>>, Error> {
    app.gateways.get(&name).ok_or(Error::UnknownGateway)?;
    Ok(Json(demo.requests.of(&name)))
}

async fn one(
    axum::extract::State(app): axum::extract::State<App>,
    Extension(demo): Extension<Demo>,
    Path((name, id)): Path<(String, u64)>,
) -> Result<Json<Taken>, Error> {
    app.gateways.get(&name).ok_or(Error::UnknownGateway)?;
    let taken = demo.requests.of(&name);
    let found = taken.into_iter().find(|taken| taken.id == id);
    found.map(Json).ok_or(Error::NoRequest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Taken {
        Taken {
            id: 0,
            at: DateTime::UNIX_EPOCH,
            channel: "ussd".into(),
            profile: "x".into(),
            request: Masked {
                method: "POST".into(),
                path: "/".into(),
                query: MaskedPart::Read(Vec::new()),
                headers: Vec::new(),
                body: MaskedPart::Read("a".repeat(LONGEST + 1)),
            },
            event: "begin".into(),
            refused: None,
            status: 200,
            took: 1.0,
            shown: None,
        }
    }

    #[test]
    fn the_last_fifty_of_each_gateway_are_kept_under_growing_numbers() {
        let requests = Requests::default();
        (0..60).for_each(|_| requests.push("a", some()));
        requests.push("b", some());
        let ids: Vec<_> = requests.of("a").iter().map(|taken| taken.id).collect();
        assert_eq!(ids, (11..=60).rev().collect::<Vec<_>>());
        assert_eq!(requests.of("b").first().map(|taken| taken.id), Some(61));
        assert!(requests.of("c").is_empty());
    }

    #[test]
    fn of_a_long_body_only_the_length_is_kept() {
        let unread = MaskedPart::Unread { bytes: LONGEST + 1 };
        assert_eq!(bounded(some().request).body, unread);
    }

    #[test]
    fn a_request_reads_back_as_it_was_written() {
        let written = serde_json::to_string(&some()).unwrap();
        let read: Taken = serde_json::from_str(&written).unwrap();
        assert_eq!(read.request, some().request);
        let unread = serde_json::to_string(&bounded(some().request)).unwrap();
        let read: Masked = serde_json::from_str(&unread).unwrap();
        assert_eq!(read, bounded(some().request));
    }
}
