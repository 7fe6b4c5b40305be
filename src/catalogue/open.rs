use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use super::{
    Catalogue, Compiled, Edition, Limits,
    edition::{name, served},
    known::{Known, compile_aside},
    served::{Files, Served},
};
use crate::{
    model::{Clock, source::Source},
    store::{self, NewPublication, Store, StoreError, Switch, Way},
};

/// How many publications are tried until one compiles.
const TRIED: u32 = 20;

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
    /// The process goes.
    #[error("the menus could not be compiled: the process ends")]
    Ending,
}

impl Catalogue {
    /// Offers `sources` where they have no mistake, and serves what the store says is current. Where
    /// that does not compile with this program, the newest that does. [`Catalogue::files`] says how
    /// the files stand to it.
    pub async fn open(
        store: Arc<dyn Store>,
        clock: &dyn Clock,
        sources: Vec<Source>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let compiled = compile_aside(sources, limits.clone()).await;
        let (compiled, sources) = compiled.ok_or(OpenError::Ending)?;
        let known = Known::new(Arc::clone(&store), limits);
        let files = files(&compiled);
        match compiled.edition {
            Some(edition) => {
                offer(&*store, &edition, clock, &sources).await?;
                known.add(&Arc::new(edition)).await;
            }
            None if compiled.sets.is_empty() => return Err(OpenError::NoMenus),
            None => {}
        }
        let served = newest(&*store, &known).await?;
        Ok(Self {
            store,
            known,
            files,
            served: RwLock::new(Arc::new(served)),
        })
    }
}

fn files(compiled: &Compiled) -> Files {
    match &compiled.edition {
        Some(edition) => Files::Whole(edition.name.clone()),
        None => Files::Mistaken(compiled.mistakes()),
    }
}

async fn offer(
    store: &dyn Store,
    edition: &Edition,
    clock: &dyn Clock,
    sources: &[Source],
) -> Result<(), StoreError> {
    let offer = NewPublication {
        edition: edition.name.clone(),
        way: Way::Offered,
        at: clock.now(),
        who: "nyota".to_owned(),
        why: String::new(),
    };
    let again = !store.is_shared();
    let mut transaction = store.write().await?;
    let kept = kept(sources, clock);
    transaction.editions().keep(&kept).await?;
    transaction.publications().offer(&offer, again).await?;
    transaction.commit().await
}

/// The files of an edition as they are kept.
pub fn kept(sources: &[Source], clock: &dyn Clock) -> store::Edition {
    let sources = served(sources);
    store::Edition {
        hash: name(&sources),
        sources,
        kept_at: clock.now(),
    }
}

async fn newest(store: &dyn Store, known: &Known) -> Result<Served, OpenError> {
    let (standing, publications, off) = {
        let mut transaction = store.read().await?;
        let standing = transaction.publications().standing().await?;
        let publications = transaction.publications().newest(TRIED).await?;
        (standing, publications, transaction.switches().off().await?)
    };
    let newest = publications.first().cloned();
    for publication in publications {
        if let Ok(edition) = known.get(&publication.made.edition).await {
            let refused = newest.filter(|newest| newest.number != publication.number);
            return Ok(Served {
                edition,
                publication,
                refused,
                off: by_set(off),
                standing,
            });
        }
    }
    Err(OpenError::Mistakes)
}

pub(super) fn by_set(off: Vec<Switch>) -> HashMap<String, Arc<Switch>> {
    let off = off.into_iter();
    off.map(|switch| (switch.made.set.clone(), Arc::new(switch)))
        .collect()
}
