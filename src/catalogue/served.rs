use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};

#[cfg(test)]
use super::Limits;
use super::{Edition, Missing, known::Known};
#[cfg(test)]
use crate::store::{NewPublication, Way};
use crate::{
    menu::MenuSet,
    model::MenusName,
    store::{Publication, Standing, Store, StoreError, Switch},
};

/// Editions by their name, which is current, and which services are switched off.
#[derive(Debug)]
pub struct Catalogue {
    pub(super) store: Arc<dyn Store>,
    pub(super) known: Known,
    /// What the files of this node compiled to, when it started.
    pub(super) files: Files,
    pub(super) served: RwLock<Arc<Served>>,
}

/// What the files of a node are.
#[derive(Clone, Debug)]
pub(super) enum Files {
    /// The edition of this name.
    Whole(String),
    /// Not to be served: so many mistakes.
    Mistaken(usize),
}

/// What is served at one moment.
#[derive(Clone, Debug)]
pub(super) struct Served {
    pub(super) edition: Arc<Edition>,
    /// What made it current.
    pub(super) publication: Publication,
    /// A newer one whose edition does not compile with this program.
    pub(super) refused: Option<Publication>,
    /// The switch of each set that is off.
    pub(super) off: HashMap<String, Arc<Switch>>,
    /// As of when.
    pub(super) standing: Standing,
}

/// How a node's files stand to what is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesStand {
    /// They are what is served.
    Served,
    /// They could be, and are not.
    Differ,
    /// They have so many mistakes.
    Mistaken(usize),
}

impl Catalogue {
    /// One that serves an edition which no store has published: what is replayed from a seed compiles
    /// its menus once.
    #[cfg(test)]
    pub(crate) fn of(store: Arc<dyn Store>, edition: &Arc<Edition>) -> Self {
        let publication = Publication {
            number: 1,
            made: NewPublication {
                edition: edition.name.clone(),
                way: Way::Offered,
                at: DateTime::UNIX_EPOCH,
                who: "a test".to_owned(),
                why: String::new(),
            },
        };
        let served = Served {
            edition: Arc::clone(edition),
            publication,
            refused: None,
            off: HashMap::new(),
            standing: Standing::default(),
        };
        Self {
            known: Known::new(Arc::clone(&store), Limits::default()),
            store,
            files: Files::Whole(edition.name.clone()),
            served: RwLock::new(Arc::new(served)),
        }
    }

    /// How the files that this node started with stand to what is served now.
    pub fn files(&self) -> FilesStand {
        match &self.files {
            Files::Mistaken(mistakes) => FilesStand::Mistaken(*mistakes),
            Files::Whole(name) if *name == self.now().edition.name => FilesStand::Served,
            Files::Whole(_) => FilesStand::Differ,
        }
    }

    /// The menus of that name.
    pub async fn menus(&self, name: &MenusName) -> Result<Arc<MenuSet>, Missing> {
        let edition = self.edition(&name.edition).await?;
        edition.set(&name.set).map(Arc::clone).ok_or(Missing::Gone)
    }

    /// What new dialogues begin with.
    pub fn current(&self) -> Arc<Edition> {
        Arc::clone(&self.now().edition)
    }

    /// What made it current.
    pub fn publication(&self) -> Publication {
        self.now().publication.clone()
    }

    /// A newer publication whose edition does not compile with this program, so that an older one is
    /// served.
    pub fn refused(&self) -> Option<Publication> {
        self.now().refused.clone()
    }

    /// The edition with this name. One that is not in memory is read and compiled once, however many
    /// ask.
    pub async fn edition(&self, name: &str) -> Result<Arc<Edition>, Missing> {
        let now = self.now();
        if now.edition.name == name {
            return Ok(Arc::clone(&now.edition));
        }
        self.known.get(name).await
    }

    /// The switch by which the service of a set is off at that time. No input and no output.
    pub fn off(&self, set: &str, at: DateTime<Utc>) -> Option<Arc<Switch>> {
        let now = self.now();
        let switch = now.off.get(set)?;
        switch.made.is_off(at).then(|| Arc::clone(switch))
    }

    /// The switch of that number, which may be over.
    pub async fn switch(&self, number: u64) -> Result<Option<Arc<Switch>>, StoreError> {
        let now = self.now();
        let mut standing = now.off.values();
        if let Some(switch) = standing.find(|switch| switch.number == number) {
            return Ok(Some(Arc::clone(switch)));
        }
        let mut transaction = self.store.read().await?;
        let switch = transaction.switches().numbered(number).await?;
        Ok(switch.map(Arc::new))
    }

    pub(super) fn now(&self) -> Arc<Served> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn serve(&self, served: Served) {
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(served);
    }
}
