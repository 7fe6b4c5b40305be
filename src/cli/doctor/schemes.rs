use std::{sync::Arc, time::Duration};

use anyhow::bail;
use futures_util::future::join_all;

use super::Part;
use crate::{
    cli::schemes::{Around, schemes},
    config::Settings,
    model::{Clock, SystemClock, local_day},
    scheme::{Finding, Scheme, sandbox},
    store::Store,
};

/// How long a scheme has for all that it is asked.
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks every scheme, or the one that is named, what is right with it; all at once, so that one which
/// hangs takes no other's time.
pub(super) async fn look(
    settings: &Settings,
    store: &Arc<dyn Store>,
    name: Option<&str>,
) -> anyhow::Result<Vec<Part>> {
    let around = Around {
        store: Arc::clone(store),
        clock: Arc::new(SystemClock),
        demo: sandbox::Options::default(),
    };
    let schemes = schemes(&settings.schemes, &around)?;
    let asked: Vec<_> = schemes
        .all()
        .map(|served| &served.scheme)
        .filter(|scheme| name.is_none_or(|name| scheme.name() == name))
        .collect();
    if let (Some(name), true) = (name, asked.is_empty()) {
        let known: Vec<&str> = schemes.all().map(|served| served.scheme.name()).collect();
        bail!("there is no scheme {name}; there are: {}", known.join(", "));
    }
    Ok(join_all(asked.into_iter().map(|scheme| of_one(&**scheme))).await)
}

async fn of_one(scheme: &dyn Scheme) -> Part {
    let today = local_day(SystemClock.now());
    let found = tokio::time::timeout(PATIENCE, scheme.look(today)).await;
    let found = found.unwrap_or_else(|_| {
        vec![Finding::bad(format!(
            "It did not answer in {} s. See that its address is right and that this machine may reach it.",
            PATIENCE.as_secs()
        ))]
    });
    Part::new(format!("scheme {}", scheme.name()), found)
}
