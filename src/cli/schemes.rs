//! The schemes of the settings, as they are asked.

use std::{sync::Arc, time::Duration};

use anyhow::bail;

use crate::{
    config::{SchemeKind, SchemeSettings},
    scheme::{
        Bounds, Guarded, Scheme, Schemes, Served,
        sandbox::{self, SandboxScheme},
    },
    store::Store,
};

/// The schemes, or the demo's own where there are none in the settings.
pub(super) fn schemes(
    settings: &[SchemeSettings],
    store: &Arc<dyn Store>,
    demo: sandbox::Options,
) -> anyhow::Result<Schemes> {
    let sandbox = || SandboxScheme::new(Arc::clone(store), demo);
    if settings.is_empty() {
        return Ok(Schemes::one(Arc::new(sandbox())));
    }
    let served = settings.iter().map(|scheme| {
        let of = &scheme.options;
        let asked: Arc<dyn Scheme> = match of.kind {
            // It is in this process: there is no door to stand at.
            SchemeKind::Sandbox => Arc::new(sandbox().named(&scheme.name)),
            SchemeKind::OpenImis | SchemeKind::ImisRest => {
                Arc::new(Guarded::new(connector(scheme)?, bounds(scheme)))
            }
        };
        Ok(Served {
            scheme: asked,
            sets: of.menus.clone(),
            prefixes: of.prefixes.clone(),
            numbers: of.numbers,
            notices: of.notices,
        })
    });
    Ok(Schemes::new(served.collect::<anyhow::Result<_>>()?))
}

fn bounds(scheme: &SchemeSettings) -> Bounds {
    let of = &scheme.options;
    Bounds {
        at_once: usize::try_from(of.at_once).unwrap_or(usize::MAX),
        answer: Duration::from_secs(of.answer_seconds.into()),
        ..Bounds::default()
    }
}

/// What speaks to the scheme's system.
fn connector(scheme: &SchemeSettings) -> anyhow::Result<Arc<dyn Scheme>> {
    bail!(
        "the scheme {} is of a kind that this version cannot ask",
        scheme.name
    )
}
