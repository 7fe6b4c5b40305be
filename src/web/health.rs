//! For whoever starts, stops and routes: is the process alive, can it serve.

use std::time::Duration;

use axum::extract::State;

use super::{App, Error};
use crate::store::{Store, StoreError};

/// A store that takes longer than this would keep callers waiting too.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The process can serve: its store answers.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, Error> {
    match tokio::time::timeout(PATIENCE, ask(app.store.as_ref())).await {
        Ok(Ok(())) => Ok("ready\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready: {error}");
            Err(Error::Unready)
        }
        Err(_) => {
            tracing::error!("not ready: the store took longer than {PATIENCE:?}");
            Err(Error::Unready)
        }
    }
}

async fn ask(store: &dyn Store) -> Result<(), StoreError> {
    let mut transaction = store.read().await?;
    transaction.editions().current().await?;
    Ok(())
}
