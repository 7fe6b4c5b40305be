use std::{sync::Arc, time::Duration};

use moka::{Expiry, future::Cache};

use super::{Compiled, Edition, Limits, compile};
use crate::{
    model::source::{Severity, Source},
    store::{Store, StoreError},
};

/// Why an edition cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// It was never published, or no longer compiles: its lines start again.
    #[error("that edition was never published, or does not compile with this version of nyota")]
    Gone,
    /// The store cannot be asked just now: its lines wait.
    #[error("that edition cannot be read from the database just now")]
    Away,
}

type Found = Result<Arc<Edition>, Missing>;

/// How many editions are kept compiled: the current one, and those that lines still are on.
const ROOM: u64 = 16;
/// How long a failure is believed.
const BELIEVED: Duration = Duration::from_secs(5);

/// Editions by their name, each compiled once however many ask for it at the same time.
#[derive(Clone, Debug)]
pub(super) struct Known {
    store: Arc<dyn Store>,
    limits: Limits,
    compiled: Cache<String, Found>,
}

impl Known {
    pub(super) fn new(store: Arc<dyn Store>, limits: Limits) -> Self {
        let compiled = Cache::builder()
            .max_capacity(ROOM)
            .expire_after(Failures)
            .build();
        Self {
            store,
            limits,
            compiled,
        }
    }

    /// Has it be found without being compiled again.
    pub(super) async fn add(&self, edition: &Arc<Edition>) {
        let found = Ok(Arc::clone(edition));
        self.compiled.insert(edition.name.clone(), found).await;
    }

    /// The edition with this name.
    pub(super) async fn get(&self, name: &str) -> Found {
        if let Some(found) = self.compiled.get(name).await {
            return found;
        }
        // In a task of its own: a caller whose deadline ends must not have the next begin anew.
        let (known, name) = (self.clone(), name.to_owned());
        let found = tokio::spawn(async move {
            let load = known.load(&name);
            known.compiled.get_with_by_ref(&name, load).await
        });
        found.await.unwrap_or(Err(Missing::Away))
    }

    async fn load(&self, name: &str) -> Found {
        let sources = match self.sources(name).await {
            Ok(Some(sources)) => sources,
            Ok(None) => return Err(Missing::Gone),
            Err(error) => {
                tracing::error!(edition = name, %error, "an edition of the menus could not be read: {error}");
                return Err(Missing::Away);
            }
        };
        let (compiled, sources) = compile_aside(sources, self.limits.clone())
            .await
            .ok_or(Missing::Away)?;
        let why = why(&compiled, &sources);
        compiled.edition.map(Arc::new).ok_or_else(|| {
            tracing::error!(
                edition = name,
                "an edition of the menus does not compile with this version of nyota: {why}"
            );
            Missing::Gone
        })
    }

    async fn sources(&self, name: &str) -> Result<Option<Vec<Source>>, StoreError> {
        let mut transaction = self.store.read().await?;
        let edition = transaction.editions().get(name).await?;
        Ok(edition.map(|edition| edition.sources))
    }
}

/// Compiles off the threads that take turns: a large set takes longer than a turn may wait. `None`
/// where the process goes.
pub(super) async fn compile_aside(
    sources: Vec<Source>,
    limits: Limits,
) -> Option<(Compiled, Vec<Source>)> {
    let compiled = tokio::task::spawn_blocking(move || (compile(&sources, &limits), sources));
    let compiled = compiled.await;
    compiled
        .inspect_err(|error| tracing::error!(%error, "menus could not be compiled: {error}"))
        .ok()
}

/// The first mistake, with its place.
fn why(compiled: &Compiled, sources: &[Source]) -> String {
    let mut errors = compiled.reports.iter();
    let first = errors.find(|report| report.severity == Severity::Error);
    let first = first.map(|report| report.print(sources));
    let lines = first.as_deref().unwrap_or("it has no menu").lines();
    lines.take(2).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Failures are believed for a while only; an edition stays while there is room.
struct Failures;

impl Expiry<String, Found> for Failures {
    fn expire_after_create(
        &self,
        _name: &String,
        found: &Found,
        _now: std::time::Instant,
    ) -> Option<Duration> {
        found.is_err().then_some(BELIEVED)
    }
}
