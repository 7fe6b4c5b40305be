use std::sync::Arc;

use anyhow::bail;

use super::demo;
use crate::{config::Settings, store::Store};

/// The database of a service, for a command beside it. It makes none: an empty one would say that
/// nothing is there.
pub(super) async fn open(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    let path = settings.database()?;
    if !path.exists() {
        bail!(
            "there is no database at {}; run this where the service runs, or set DATABASE_URL",
            path.display()
        );
    }
    Ok(demo::open_store(path).await?.0)
}
