//! What is counted, for `/metrics`. Labels are names of ours and of our files: never a phone, a
//! session or anything else that a caller chooses.

use std::time::Duration;

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::{App, Error};
use crate::{
    catalogue::Catalogue,
    model,
    store::{Store, StoreError},
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
    notices: Family<NoticeLabels, Counter>,
    quarantined: Gauge,
    jobs_open: Gauge,
    jobs_given_up: Gauge,
    publication: Gauge,
    publication_refused: Gauge,
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
            notices: Family::default(),
            quarantined: Gauge::default(),
            jobs_open: Gauge::default(),
            jobs_given_up: Gauge::default(),
            publication: Gauge::default(),
            publication_refused: Gauge::default(),
        };
        metrics.register();
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
            "Jobs of the outbox that wait or run",
            self.jobs_open.clone(),
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

    /// Reads from the store what stands in it.
    async fn look(&self, store: &dyn Store) -> Result<(), StoreError> {
        let mut transaction = store.read().await?;
        let quarantined = transaction.payments().quarantined().await?;
        let open = transaction.jobs().open().await?;
        let given_up = transaction.jobs().given_up().await?;
        for (gauge, number) in [
            (&self.quarantined, quarantined),
            (&self.jobs_open, open),
            (&self.jobs_given_up, given_up),
        ] {
            gauge.set(i64::try_from(number).unwrap_or(i64::MAX));
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
            model::Signal::Input => Self::Input,
            model::Signal::Abort => Self::Abort,
            model::Signal::Ended => Self::Ended,
        }
    }
}

impl Outcome {
    pub(super) fn of(reply: &Reply) -> Self {
        match reply {
            Reply::Page { last: true, .. } => Self::End,
            Reply::Page { last: false, .. } => Self::Page,
            Reply::Silence => Self::Silence,
        }
    }
}

/// `GET /metrics`.
pub(super) async fn page(State(app): State<App>) -> Result<Response, Error> {
    if let Err(error) = app.metrics.look(&*app.store).await {
        tracing::warn!(%error, "the metrics of the store are as they were: {error}");
    }
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
