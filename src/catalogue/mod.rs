//! The catalogue: which menus, profiles and SMS texts are current, and every version still in use.
//!
//! 1. [`read_files`] reads the folders that an administrator writes.
//! 2. [`compile`] makes an [`Edition`] of them, or reports every mistake; the set compiles whole or
//!    not at all.
//! 3. [`Catalogue::open`] offers the files to the store and serves what the store says is current.
//!    A line stays on the edition that it began with: sources are kept, so [`Catalogue::edition`]
//!    compiles an old one again, on any node and after any restart.
//!
//! Several menu sets may be served side by side, each under a dial code of its own;
//! [`Edition::dialled`] finds the one that a code opens.
//!
//! Left out for now: publishing by command, differences and rollback.

mod codes;
mod edition;
mod files;
mod installation;
mod needs;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

pub use edition::{Compiled, Edition, Limits, Opened, compile, is_menu, name};
pub use files::{FilesError, read_files};
pub use needs::{Need, Needed};

use crate::{
    gateway::profile::Profile,
    menu::MenuSet,
    model::{Clock, MenusName, source::Source},
    store::{self, Store, StoreError},
};

/// Editions by their name, and which is current.
#[derive(Debug)]
pub struct Catalogue {
    store: Arc<dyn Store>,
    limits: Limits,
    current: Arc<Edition>,
    mistakes: usize,
    compiled: RwLock<HashMap<String, Arc<Edition>>>,
}

/// Why a catalogue cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files have mistakes, and nothing was ever published.
    #[error("the menus and profiles have mistakes; `nyota check` shows them")]
    Mistakes,
    /// There is no menu among the files.
    #[error(
        "there is no menu to serve: a set is a folder such as menus/chf with the file chf.yaml in it"
    )]
    NoMenus,
}

impl Catalogue {
    /// Serves `sources` where they have no mistake, and keeps them in the store for the lines that
    /// begin on them. Where they have, what was published last goes on, and [`Catalogue::mistakes`]
    /// says so.
    pub async fn open(
        store: Arc<dyn Store>,
        clock: &dyn Clock,
        sources: Vec<Source>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let compiled = compile(&sources, limits);
        let mistakes = compiled.mistakes();
        let current = match compiled.edition {
            Some(edition) => {
                publish(&*store, &edition, clock, &sources).await?;
                edition
            }
            None if compiled.sets.is_empty() => return Err(OpenError::NoMenus),
            None => last_published(&*store, limits).await?,
        };
        let current = Arc::new(current);
        let compiled = HashMap::from([(current.name.clone(), Arc::clone(&current))]);
        Ok(Self {
            store,
            limits,
            current,
            mistakes,
            compiled: RwLock::new(compiled),
        })
    }

    /// One that serves an edition that is compiled already, and publishes nothing.
    #[cfg(test)]
    pub(crate) fn of(store: Arc<dyn Store>, edition: &Arc<Edition>) -> Self {
        let compiled = HashMap::from([(edition.name.clone(), Arc::clone(edition))]);
        Self {
            store,
            limits: Limits::default(),
            current: Arc::clone(edition),
            mistakes: 0,
            compiled: RwLock::new(compiled),
        }
    }

    /// How many mistakes keep the files from being served; with none they are what is served.
    pub fn mistakes(&self) -> usize {
        self.mistakes
    }

    /// The current profile of a gateway.
    pub fn gateway(&self, name: &str) -> Option<Arc<Profile>> {
        self.current.gateway(name)
    }

    /// The menus of that name; `None` where their edition was never published or no longer
    /// compiles: then its lines start again.
    pub async fn menus(&self, name: &MenusName) -> Option<Arc<MenuSet>> {
        let edition = self.edition(&name.edition).await?;
        edition.set(&name.set).map(Arc::clone)
    }

    /// What new dialogues begin with.
    pub fn current(&self) -> Arc<Edition> {
        Arc::clone(&self.current)
    }

    /// The edition with this name; `None` where it was never published or no longer compiles: then
    /// its lines start again.
    pub async fn edition(&self, name: &str) -> Option<Arc<Edition>> {
        if let Some(edition) = self.known(name) {
            return Some(edition);
        }
        let edition = Arc::new(published(&*self.store, name, self.limits).await?);
        self.compiled
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), Arc::clone(&edition));
        Some(edition)
    }

    fn known(&self, name: &str) -> Option<Arc<Edition>> {
        let compiled = self.compiled.read().unwrap_or_else(PoisonError::into_inner);
        compiled.get(name).cloned()
    }
}

async fn publish(
    store: &dyn Store,
    edition: &Edition,
    clock: &dyn Clock,
    sources: &[Source],
) -> Result<(), StoreError> {
    let published = store::Edition {
        hash: edition.name.clone(),
        sources: edition::served(sources),
        published_at: clock.now(),
    };
    let mut transaction = store.write().await?;
    transaction.editions().publish(&published).await?;
    transaction.commit().await
}

async fn last_published(store: &dyn Store, limits: Limits) -> Result<Edition, OpenError> {
    let current = store.read().await?.editions().current().await?;
    let name = current.ok_or(OpenError::Mistakes)?;
    let edition = published(store, &name, limits).await;
    edition.ok_or(OpenError::Mistakes)
}

async fn published(store: &dyn Store, name: &str, limits: Limits) -> Option<Edition> {
    let found = async {
        let mut transaction = store.read().await?;
        transaction.editions().get(name).await
    };
    match found.await {
        Ok(edition) => compile(&edition?.sources, limits).edition,
        Err(error) => {
            tracing::error!(edition = name, %error, "an edition of the menus could not be read");
            None
        }
    }
}
