//! For whoever starts, stops and routes: is the process alive, can it serve.

use std::time::Duration;

use axum::extract::State;

use super::{App, Error};
use crate::store::{Store, StoreError};

/// A part that takes longer than this would keep callers waiting too.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The process can serve: it is not about to end, and its store and its sessions answer.
pub(super) async fn ready(State(app): State<App>) -> Result<String, Error> {
    if app.closing.is_leaving() {
        return Err(Error::Leaving);
    }
    answers("store", ask(app.store.as_ref())).await?;
    answers("sessions", app.turns.ready()).await?;
    let refused = app.catalogue.refused().map(|refused| {
        format!(
            "publication {} does not compile with this version of nyota; an older one is served\n",
            refused.number
        )
    });
    Ok(format!("ready\n{}", refused.unwrap_or_default()))
}

async fn answers<E: std::error::Error>(
    part: &str,
    asked: impl Future<Output = Result<(), E>>,
) -> Result<(), Error> {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(part, %error, "not ready: {error}");
            Err(Error::Unready)
        }
        Err(_) => {
            tracing::error!(part, "not ready: the {part} took longer than {PATIENCE:?}");
            Err(Error::Unready)
        }
    }
}

async fn ask(store: &dyn Store) -> Result<(), StoreError> {
    let mut transaction = store.read().await?;
    transaction.publications().standing().await?;
    Ok(())
}
