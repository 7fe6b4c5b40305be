//! The catalogue: which menus, profiles and SMS texts are current, and every version still in use.
//!
//! 1. [`read_files`] reads the folders that an administrator writes.
//! 2. [`compile`] makes an [`Edition`] of them, or reports every mistake; the set compiles whole or
//!    not at all.
//! 3. [`Catalogue::open`] offers the files to the store and serves what the store says is current.
//!    A line stays on the edition that it began with: sources are kept, so [`Catalogue::edition`]
//!    compiles an old one again, on any node and after any restart.
//!
//! One menu set is served. More than one among the files is a mistake, whatever they are named.
//!
//! Left out for now: publishing by command, differences and rollback.

mod edition;
mod files;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

pub use edition::{Compiled, Edition, Limits, compile, name};
pub use files::{FilesError, read_files};

use crate::{
    gateway::profile::Profile,
    menu::MenuSet,
    model::{Clock, source::Source},
    store::{self, Store, StoreError},
};

/// Editions by their name, and which is current.
#[derive(Debug)]
pub struct Catalogue {
    store: Arc<dyn Store>,
    limits: Limits,
    current: Arc<Edition>,
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
    /// No order of names may choose what is served.
    #[error(
        "there are several menu sets ({}), and one is served: give its folder with --menus",
        .0.join(", ")
    )]
    SeveralSets(Vec<String>),
}

impl Catalogue {
    /// Offers `sources` and serves what is then current. Files with mistakes are not offered: what
    /// was published before goes on.
    pub async fn open(
        store: Arc<dyn Store>,
        clock: &dyn Clock,
        sources: Vec<Source>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let compiled = compile(&sources, limits);
        if compiled.sets.len() > 1 {
            return Err(OpenError::SeveralSets(compiled.sets));
        }
        let offered = compiled.edition.map(Arc::new);
        if let Some(edition) = &offered {
            let published = store::Edition {
                hash: edition.name.clone(),
                sources: edition::served(&sources),
                published_at: clock.now(),
            };
            let mut transaction = store.write().await?;
            transaction.editions().publish(&published).await?;
            transaction.commit().await?;
        }
        let current = store.read().await?.editions().current().await?;
        let current = match (offered, current) {
            (Some(edition), Some(hash)) if edition.name == hash => edition,
            (offered, Some(hash)) => published(&*store, &hash, limits)
                .await
                .map(Arc::new)
                .or(offered)
                .ok_or(OpenError::Mistakes)?,
            (offered, None) => offered.ok_or(OpenError::Mistakes)?,
        };
        let compiled = HashMap::from([(current.name.clone(), Arc::clone(&current))]);
        Ok(Self {
            store,
            limits,
            current,
            compiled: RwLock::new(compiled),
        })
    }

    /// The current profile of a gateway.
    pub fn gateway(&self, name: &str) -> Option<Arc<Profile>> {
        self.current.gateway(name)
    }

    /// The current menus.
    pub fn menus(&self) -> Arc<MenuSet> {
        Arc::clone(&self.current.menus)
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
