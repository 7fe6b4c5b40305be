//! What is counted, for `/metrics`. Labels are names of ours and of our files: never a phone, a
//! session or anything else that a caller chooses.

use std::time::Duration;

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::{App, Error, door::Turned, limits::Over};
use crate::{
    catalogue::Catalogue,
    model::{self, Clock, SystemClock},
    store::{JobKind, Store, StoreError},
    turn::Reply,
};

/// Seconds, up to the strictest gateway's patience.
const TURN_SECONDS: [f64; 11] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0,
];

/// What is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    turns: Family<TurnLabels, Counter>,
    turn_seconds: Family<GatewayLabel, Histogram, fn() -> Histogram>,
    bad_requests: Family<GatewayLabel, Counter>,
    turns_refused: Family<LimitLabels, Counter>,
    phones: Gauge,
    phones_without_room: Gauge,
    dialogues_refused: Gauge,
    messages_refused: Gauge,
    connections: Gauge,
    turned_away: Family<TurnedLabel, Counter>,
    notices: Family<NoticeLabels, Counter>,
    quarantined: Gauge,
    jobs_open: Family<RouteLabel, Gauge>,
    jobs_given_up: Family<KindLabel, Gauge>,
    jobs_late_seconds: Family<RouteLabel, Gauge>,
    publication: Gauge,
    publication_refused: Gauge,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct KindLabel {
    kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TurnLabels {
    gateway: String,
    signal: Signal,
    outcome: Outcome,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct GatewayLabel {
    gateway: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct LimitLabels {
    gateway: String,
    limit: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TurnedLabel {
    why: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct NoticeLabels {
    provider: &'static str,
    verdict: Verdict,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
enum Signal {
    Begin,
    Input,
    Abort,
    Ended,
}

/// How a turn went, as it is counted.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
pub(super) enum Outcome {
    /// A page that waits for a key.
    Page,
    /// The last page.
    End,
    /// Nothing to show.
    Silence,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
enum Verdict {
    Accepted,
    Refused,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(TURN_SECONDS);
        let mut metrics = Self {
            registry: Registry::with_prefix("nyota"),
            turns: Family::default(),
            turn_seconds: Family::new_with_constructor(histogram),
            bad_requests: Family::default(),
            turns_refused: Family::default(),
            phones: Gauge::default(),
            phones_without_room: Gauge::default(),
            dialogues_refused: Gauge::default(),
            messages_refused: Gauge::default(),
            connections: Gauge::default(),
            turned_away: Family::default(),
            notices: Family::default(),
            quarantined: Gauge::default(),
            jobs_open: Family::default(),
            jobs_given_up: Family::default(),
            jobs_late_seconds: Family::default(),
            publication: Gauge::default(),
            publication_refused: Gauge::default(),
        };
        metrics.register();
        metrics.register_door();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("turns", "USSD turns that were answered", self.turns.clone());
        registry.register(
            "turn_seconds",
            "Time from a turn's call to its page",
            self.turn_seconds.clone(),
        );
        registry.register(
            "bad_requests",
            "Requests of aggregators that their profile refused",
            self.bad_requests.clone(),
        );
        registry.register(
            "notices",
            "Messages of payment providers that were acknowledged",
            self.notices.clone(),
        );
        registry.register(
            "payments_quarantined",
            "Payments that a person must look at",
            self.quarantined.clone(),
        );
        registry.register(
            "jobs_open",
            "Jobs of the outbox that wait or run, by the route that they go by",
            self.jobs_open.clone(),
        );
        registry.register(
            "jobs_late_seconds",
            "For how long the oldest job of a route that is due has waited",
            self.jobs_late_seconds.clone(),
        );
        registry.register(
            "jobs_given_up",
            "Jobs of the outbox that were given up: a person must look at them",
            self.jobs_given_up.clone(),
        );
        registry.register(
            "publication",
            "The publication of menus that is served, by its number",
            self.publication.clone(),
        );
        registry.register(
            "publication_refused",
            "A newer publication that does not compile here, by its number; 0 for none",
            self.publication_refused.clone(),
        );
    }

    /// What concerns who may come in, and how often.
    fn register_door(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "turns_refused",
            "USSD turns that were not taken because of a limit",
            self.turns_refused.clone(),
        );
        registry.register(
            "limited_phones",
            "Phones whose turns are counted on this node",
            self.phones.clone(),
        );
        registry.register(
            "limited_phones_without_room",
            "Turns of phones that could not be counted because there were too many phones",
            self.phones_without_room.clone(),
        );
        registry.register(
            "dialogues_refused",
            "Dialogues that were not begun because their phone begins too many, since the start",
            self.dialogues_refused.clone(),
        );
        registry.register(
            "messages_refused",
            "SMS that are not sent because their phone gets too many: a person must look at them",
            self.messages_refused.clone(),
        );
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register(
            "connections_refused",
            "Connections that were closed at once",
            self.turned_away.clone(),
        );
    }

    /// Reads what is counted elsewhere in this process.
    fn look_around(&self, app: &App) {
        let phones = u64::try_from(app.limits.phones());
        for (gauge, number) in [
            (&self.phones, phones.unwrap_or(u64::MAX)),
            (&self.phones_without_room, app.limits.without_room()),
            (&self.dialogues_refused, app.turns.dialogues_refused()),
        ] {
            gauge.set(i64::try_from(number).unwrap_or(i64::MAX));
        }
    }

    /// Reads from the store what stands in it.
    async fn look(&self, store: &dyn Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut transaction = store.read().await?;
        let quarantined = transaction.payments().quarantined().await?;
        let refused = transaction.messages().refused().await?;
        self.messages_refused.set(whole(refused));
        self.quarantined.set(whole(quarantined));
        let mut jobs = transaction.jobs();
        let open = jobs.open_by_route().await?;
        let given_up = jobs.given_up_by_kind().await?;
        let routes = jobs.open_routes().await?;
        // What is not there any more is not shown as it was.
        self.jobs_open.clear();
        for (route, number) in open {
            let label = RouteLabel { route };
            self.jobs_open.get_or_create(&label).set(whole(number));
        }
        self.jobs_late_seconds.clear();
        for open in routes {
            let late = (now - open.due_at).num_seconds().max(0);
            let label = RouteLabel { route: open.route };
            self.jobs_late_seconds.get_or_create(&label).set(late);
        }
        self.jobs_given_up.clear();
        for kind in JobKind::ALL {
            let found = given_up.iter().find(|(found, _)| *found == kind);
            let number = found.map_or(0, |(_, number)| *number);
            let kind = kind.as_str();
            let gauge = self.jobs_given_up.get_or_create(&KindLabel { kind });
            gauge.set(whole(number));
        }
        Ok(())
    }

    /// Takes down which publication of menus is served.
    fn look_at_menus(&self, catalogue: &Catalogue) {
        let refused = catalogue.refused().map(|refused| refused.number);
        for (gauge, number) in [
            (&self.publication, catalogue.publication().number),
            (&self.publication_refused, refused.unwrap_or_default()),
        ] {
            gauge.set(i64::try_from(number).unwrap_or(i64::MAX));
        }
    }

    /// Counts a turn.
    pub(super) fn turn(
        &self,
        gateway: &str,
        signal: model::Signal,
        outcome: Outcome,
        took: Duration,
    ) {
        let labels = TurnLabels {
            gateway: gateway.to_owned(),
            signal: signal.into(),
            outcome,
        };
        self.turns.get_or_create(&labels).inc();
        let gateway = GatewayLabel {
            gateway: labels.gateway,
        };
        self.turn_seconds
            .get_or_create(&gateway)
            .observe(took.as_secs_f64());
    }

    /// Counts a request that the profile of `gateway` refused.
    pub(super) fn bad_request(&self, gateway: &str) {
        let gateway = GatewayLabel {
            gateway: gateway.to_owned(),
        };
        self.bad_requests.get_or_create(&gateway).inc();
    }

    /// Counts a turn that was not taken.
    pub(super) fn over_limit(&self, gateway: &str, over: Over) {
        let labels = LimitLabels {
            gateway: gateway.to_owned(),
            limit: match over {
                Over::Phone => "phone",
                Over::Gateway => "gateway",
            },
        };
        self.turns_refused.get_or_create(&labels).inc();
    }

    /// Counts a connection that was closed at once.
    pub(super) fn turned_away(&self, turned: Turned) {
        let why = match turned {
            Turned::Often => "often",
            Turned::Many => "many",
            Turned::Full => "full",
        };
        self.turned_away.get_or_create(&TurnedLabel { why }).inc();
    }

    /// How many connections are open.
    pub(super) fn connections(&self) -> Gauge {
        self.connections.clone()
    }

    /// Counts a message of a payment provider.
    pub(super) fn notice(&self, provider: &'static str, accepted: bool) {
        let verdict = if accepted {
            Verdict::Accepted
        } else {
            Verdict::Refused
        };
        let labels = NoticeLabels { provider, verdict };
        self.notices.get_or_create(&labels).inc();
    }

    /// All of it, in the text format that Prometheus reads.
    pub fn print(&self) -> Result<String, std::fmt::Error> {
        let mut printed = String::new();
        text::encode(&mut printed, &self.registry)?;
        Ok(printed)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl From<model::Signal> for Signal {
    fn from(signal: model::Signal) -> Self {
        match signal {
            model::Signal::Begin => Self::Begin,
            model::Signal::Input | model::Signal::BeginOrInput => Self::Input,
            model::Signal::Abort | model::Signal::Timeout => Self::Abort,
            model::Signal::Ended | model::Signal::Status => Self::Ended,
        }
    }
}

impl Outcome {
    pub(super) fn of(reply: &Reply) -> Self {
        match reply {
            Reply::Page { last: true, .. } => Self::End,
            Reply::Page { last: false, .. } => Self::Page,
            Reply::Silence | Reply::Unknown => Self::Silence,
        }
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// `GET /metrics`.
pub(super) async fn page(State(app): State<App>) -> Result<Response, Error> {
    if let Err(error) = app.metrics.look(&*app.store, SystemClock.now()).await {
        tracing::warn!(%error, "the metrics of the store are as they were: {error}");
    }
    app.metrics.look_around(&app);
    app.metrics.look_at_menus(&app.catalogue);
    let printed = app.metrics.print().map_err(|_| Error::Internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], printed).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_refusals_and_notices_are_counted_by_names_of_ours() {
        let metrics = Metrics::new();
        let took = Duration::from_millis(3);
        metrics.turn("at", model::Signal::Begin, Outcome::Page, took);
        metrics.turn("at", model::Signal::Input, Outcome::End, took);
        metrics.turn("at", model::Signal::Input, Outcome::End, took);
        metrics.bad_request("at");
        metrics.notice("gepg", true);
        let printed = metrics.print().unwrap();
        for line in [
            r#"nyota_turns_total{gateway="at",signal="Begin",outcome="Page"} 1"#,
            r#"nyota_turns_total{gateway="at",signal="Input",outcome="End"} 2"#,
            r#"nyota_turn_seconds_bucket{le="0.0025",gateway="at"} 0"#,
            r#"nyota_turn_seconds_bucket{le="0.005",gateway="at"} 3"#,
            r#"nyota_bad_requests_total{gateway="at"} 1"#,
            r#"nyota_notices_total{provider="gepg",verdict="Accepted"} 1"#,
        ] {
            assert!(printed.contains(line), "{line} is not in\n{printed}");
        }
    }
}
