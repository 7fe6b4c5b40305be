use std::sync::Arc;

use super::Database;
use crate::{config::Settings, store::Store};

/// The database of a service, for a command beside it. It makes none: an empty one would say that
/// nothing is there.
pub(super) async fn open(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Database::of(settings)?.open_existing().await?.0)
}
