//! The schemes of the settings, as they are asked.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};

use crate::{
    config::{SchemeKind, SchemeSettings, Secret},
    model::Clock,
    scheme::{
        Bounds, Guarded, Scheme, Schemes, Served,
        openimis::{self, LocalBudget, OpenImis},
        sandbox::{self, SandboxScheme},
    },
    store::Store,
};

/// What schemes are made of besides their settings.
pub(super) struct Around {
    /// Where the sandbox's bought cover is.
    pub(super) store: Arc<dyn Store>,
    /// The time of day.
    pub(super) clock: Arc<dyn Clock>,
    /// How the sandbox behaves.
    pub(super) demo: sandbox::Options,
}

/// The schemes, or the demo's own where there are none in the settings.
pub(super) fn schemes(settings: &[SchemeSettings], around: &Around) -> anyhow::Result<Schemes> {
    let sandbox = || SandboxScheme::new(Arc::clone(&around.store), around.demo);
    if settings.is_empty() {
        return Ok(Schemes::one(Arc::new(sandbox())));
    }
    let served = settings.iter().map(|scheme| {
        let of = &scheme.options;
        let asked: Arc<dyn Scheme> = match of.kind {
            // It is in this process: there is no door to stand at.
            SchemeKind::Sandbox => Arc::new(sandbox().named(&scheme.name)),
            SchemeKind::OpenImis | SchemeKind::ImisRest => Arc::new(Guarded::new(
                connector(scheme, &around.clock)?,
                bounds(scheme),
            )),
        };
        Ok(Served {
            scheme: asked,
            sets: of.menus.clone(),
            prefixes: of.prefixes.clone(),
            numbers: of.numbers,
            notices: of.notices,
            languages: of.languages.clone(),
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
fn connector(scheme: &SchemeSettings, clock: &Arc<dyn Clock>) -> anyhow::Result<Arc<dyn Scheme>> {
    match scheme.options.kind {
        SchemeKind::OpenImis => {
            let budget = LocalBudget::a_minute(scheme.options.requests_a_minute);
            let openimis = OpenImis::new(options(scheme), Arc::clone(clock), Arc::new(budget));
            let named = || format!("the scheme {} cannot be asked", scheme.name);
            Ok(Arc::new(openimis.with_context(named)?))
        }
        SchemeKind::ImisRest | SchemeKind::Sandbox => bail!(
            "the scheme {} has the older REST interface, which this version cannot ask yet; `kind: openimis` asks its GraphQL",
            scheme.name
        ),
    }
}

fn options(scheme: &SchemeSettings) -> openimis::Options {
    let of = &scheme.options;
    let password = scheme.password.as_ref().map(Secret::expose);
    openimis::Options {
        name: scheme.name.clone(),
        address: of.address.clone(),
        account: openimis::Account {
            user: of.user.clone(),
            password: password.unwrap_or_default().to_owned(),
        },
        currency: of.currency,
        calling_code: of.calling_code.clone(),
        products: of.products.clone(),
        officer: of.officer.clone(),
        renewable_days: of.renewable_days,
        expiring_days: of.expiring_days,
        timeout: Duration::from_secs(of.answer_seconds.into()),
        ..openimis::Options::default()
    }
}
