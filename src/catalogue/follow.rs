use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};

use super::{Catalogue, Missing, open::by_set, served::Served};
use crate::store::{Publication, Standing, StoreError, Switch};

/// How often the store is asked.
const EVERY: Duration = Duration::from_secs(1);
/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a look finds that is new.
#[derive(Debug, Default)]
struct News {
    standing: Standing,
    publication: Option<Publication>,
    off: Option<Vec<Switch>>,
}

impl Catalogue {
    /// Looks every second what is current and which services are off, until it is told to end. Where
    /// the store is away, what is served goes on.
    pub async fn follow(self: Arc<Self>, mut end: watch::Receiver<bool>) {
        let mut away = false;
        loop {
            tokio::select! {
                biased;
                // Nobody left to tell is an end too.
                _ = end.wait_for(|end| *end) => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            let looked = timeout(PATIENCE, self.look()).await;
            away = match looked {
                Ok(Ok(())) => {
                    if away {
                        tracing::info!("the published menus are followed again");
                    }
                    false
                }
                Ok(Err(error)) => {
                    if !away {
                        tracing::warn!(%error, "the published menus cannot be followed; those that are served go on: {error}");
                    }
                    true
                }
                Err(_) => {
                    if !away {
                        tracing::warn!(
                            "the published menus cannot be followed: the database takes longer than {PATIENCE:?}; those that are served go on"
                        );
                    }
                    true
                }
            };
        }
    }

    /// Looks once, and serves what is new.
    pub async fn look(&self) -> Result<(), StoreError> {
        let before = self.now();
        let News {
            standing,
            publication,
            off,
        } = self.news(before.standing).await?;
        let mut now = Served::clone(&before);
        now.standing.switch = standing.switch;
        if let Some(off) = off {
            now.off = by_set(off);
        }
        if let Some(publication) = publication {
            self.take(&mut now, publication).await;
        }
        if now.standing != before.standing {
            self.serve(now);
        }
        Ok(())
    }

    async fn news(&self, before: Standing) -> Result<News, StoreError> {
        let mut transaction = self.store.read().await?;
        let standing = transaction.publications().standing().await?;
        let mut news = News {
            standing,
            ..News::default()
        };
        if standing.publication != before.publication {
            news.publication = transaction.publications().current().await?;
        }
        if standing.switch != before.switch {
            news.off = Some(transaction.switches().off().await?);
        }
        Ok(news)
    }

    /// Serves a publication where its edition compiles. Where it cannot be read just now, it is news
    /// again at the next look.
    async fn take(&self, now: &mut Served, publication: Publication) {
        let (number, name) = (publication.number, publication.made.edition.clone());
        match self.edition(&name).await {
            Ok(edition) => {
                tracing::info!(publication = number, edition = %name, "the menus of another publication are served");
                // Its lines still are on it.
                self.known.add(&now.edition).await;
                now.edition = edition;
                now.publication = publication;
                now.refused = None;
            }
            Err(Missing::Gone) => {
                tracing::error!(publication = number, edition = %name, "the menus that were published are not served here: they do not compile with this version of nyota; those before go on");
                now.refused = Some(publication);
            }
            Err(Missing::Away) => return,
        }
        now.standing.publication = number;
    }
}
