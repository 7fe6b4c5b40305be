use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, bail};

use crate::{
    catalogue::{self, Compiled, kept, read_files},
    cli::Database,
    config::Settings,
    model::{Clock, EAST_AFRICA, SystemClock, source::Source},
    store::{self, NewPublication, Publication, Store, Way},
};

use super::arguments::Account;

/// The store, as whoever publishes needs it.
pub(super) struct Shelf {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: SystemClock,
    /// For how long a line is kept after its last turn.
    pub(super) line: Duration,
}

impl Shelf {
    pub(super) async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let (store, _) = Database::of(settings)?.open().await?;
        Ok(Self {
            store,
            clock: SystemClock,
            line: Duration::from_secs(settings.sections.turns.line_seconds),
        })
    }

    pub(super) async fn current(&self) -> anyhow::Result<Option<Publication>> {
        Ok(self.store.read().await?.publications().current().await?)
    }

    pub(super) async fn newest(&self, most: u32) -> anyhow::Result<Vec<Publication>> {
        let mut transaction = self.store.read().await?;
        Ok(transaction.publications().newest(most).await?)
    }

    /// The files of an edition.
    pub(super) async fn sources(&self, hash: &str) -> anyhow::Result<Vec<Source>> {
        let mut transaction = self.store.read().await?;
        let edition = transaction.editions().get(hash).await?;
        let edition = edition.with_context(|| format!("edition {} is not kept", short(hash)))?;
        Ok(edition.sources)
    }

    /// The edition that a person names by the number of a publication or the beginning of its name.
    pub(super) async fn named(&self, name: &str) -> anyhow::Result<String> {
        let mut transaction = self.store.read().await?;
        if let Ok(number) = name.parse()
            && let Some(publication) = transaction.publications().numbered(number).await?
        {
            return Ok(publication.made.edition);
        }
        let prefix = name.to_ascii_lowercase();
        if prefix.len() < 4 {
            bail!("there is no publication {name}; `nyota menu list` shows them");
        }
        let mut found = transaction.editions().beginning_with(&prefix).await?;
        match (found.pop(), found.is_empty()) {
            (Some(hash), true) => Ok(hash),
            (Some(_), false) => bail!("several editions begin with {name}; give more of the name"),
            (None, _) => bail!(
                "no publication has that number and no edition begins with {name}; `nyota menu list` shows them"
            ),
        }
    }

    /// Makes an edition current.
    pub(super) async fn publish(
        &self,
        edition: &store::Edition,
        way: Way,
        account: &Account,
    ) -> anyhow::Result<u64> {
        let new = NewPublication {
            edition: edition.hash.clone(),
            way,
            at: self.clock.now(),
            who: account.who(),
            why: account.why(),
        };
        let mut transaction = self.store.write().await?;
        transaction.editions().keep(edition).await?;
        let number = transaction.publications().publish(&new).await?;
        transaction.commit().await?;
        Ok(number)
    }
}

/// The files that are served from here, and what came of them.
pub(super) fn files_here(settings: &Settings) -> anyhow::Result<(Vec<Source>, Compiled)> {
    let mut sources = Vec::new();
    for folder in [&settings.menus, &settings.gateways] {
        sources.extend(read(folder)?);
    }
    let compiled = catalogue::compile(&sources, &settings.menu_limits());
    Ok((kept(&sources, &SystemClock).sources, compiled))
}

fn read(folder: &Path) -> anyhow::Result<Vec<Source>> {
    read_files(folder).with_context(|| format!("there are no files in {}", folder.display()))
}

/// The first of an edition's name, as people are told of it.
pub(in crate::cli) fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

/// A time where the scheme is.
pub(super) fn local(time: chrono::DateTime<chrono::Utc>) -> String {
    (time + EAST_AFRICA).format("%Y-%m-%d %H:%M").to_string()
}
