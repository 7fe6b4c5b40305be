use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use super::quiet::Quiet;

/// Starts logging to standard error: for people on a terminal, as JSON elsewhere. `RUST_LOG` chooses
/// what; by default our own sentences from `level` up, and warnings of libraries. A sentence that
/// comes again and again is left out, and counted in what is given.
pub(super) fn start(level: &str) -> Quiet {
    let quiet = Quiet::default();
    let chosen = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,nyota={level}")));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    let lines = if std::io::stderr().is_terminal() {
        lines.boxed()
    } else {
        lines.json().flatten_event(true).boxed()
    };
    let subscriber = tracing_subscriber::registry()
        .with(chosen)
        .with(lines.with_filter(quiet.clone()));
    // A second start, as in tests, leaves the first as it is.
    drop(subscriber.try_init());
    quiet
}
