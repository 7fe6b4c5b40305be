use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error: for people on a terminal, as JSON elsewhere. `RUST_LOG` chooses
/// what; by default our own sentences from `level` up, and warnings of libraries.
pub(super) fn start(level: &str) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,nyota={level}")));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    // A second start, as in tests, leaves the first as it is.
    let started = if std::io::stderr().is_terminal() {
        subscriber.try_init()
    } else {
        subscriber.json().flatten_event(true).try_init()
    };
    drop(started);
}
