use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::Instant;

use super::{
    life::{Hit, Life},
    plan::Bug,
};
use crate::{
    model::Rate,
    session::{AliasKey, Committed, LimitKey, LineKey, SessionError, Sessions, Versioned},
};

/// The lines that all nodes share, on the runtime's time.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    lines: BTreeMap<[u8; 16], (Versioned, Instant)>,
    aliases: BTreeMap<[u8; 16], (Vec<u8>, Instant)>,
    /// When each is as good as new.
    limits: BTreeMap<[u8; 16], Instant>,
    versions: u64,
}

impl Lines {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets one line, whichever comes next to `chance`.
    pub(super) fn evict(&self, chance: [u8; 16]) -> Option<LineKey> {
        let lines = &mut self.kept().lines;
        let key = lines.range(chance..).next().or(lines.iter().next());
        let key = *key?.0;
        lines.remove(&key);
        Some(LineKey(key))
    }

    /// Every stored byte.
    pub(super) fn bytes(&self) -> Vec<Vec<u8>> {
        let kept = self.kept();
        kept.lines
            .values()
            .map(|(line, _)| line.bytes.clone())
            .collect()
    }
}

impl Kept {
    fn stands(&self, key: LineKey) -> Option<Versioned> {
        let (line, until) = self.lines.get(&key.0)?;
        (*until > Instant::now()).then(|| line.clone())
    }

    fn remembered(&mut self, alias: AliasKey, ttl: Duration) -> Option<Vec<u8>> {
        let (bytes, until) = self.aliases.get_mut(&alias.0)?;
        if *until <= Instant::now() {
            return None;
        }
        *until = Instant::now() + ttl;
        Some(bytes.clone())
    }

    fn allows(&mut self, key: LimitKey, rate: Rate) -> bool {
        let now = Instant::now();
        let before = self.limits.get(&key.0).map_or(now, |until| now.max(*until));
        let after = before + rate.each();
        let allowed = after - now <= rate.each() * rate.times.get();
        if allowed {
            self.limits.insert(key.0, after);
        }
        allowed
    }

    fn put(&mut self, key: LineKey, bytes: Vec<u8>, ttl: Duration) -> u64 {
        self.versions += 1;
        let version = self.versions;
        let line = Versioned { version, bytes };
        self.lines.insert(key.0, (line, Instant::now() + ttl));
        version
    }
}

/// The lines as one node sees them.
#[derive(Clone, Debug)]
pub(super) struct NodeSessions {
    pub(super) lines: Arc<Lines>,
    /// `None` for nobody to whom something happens.
    pub(super) life: Option<Arc<Life>>,
}

impl NodeSessions {
    async fn before(&self, tried: &'static str) -> Result<(), SessionError> {
        match &self.life {
            Some(life) => bear(life.before(tried).await, tried).await,
            None => Ok(()),
        }
    }

    async fn after(&self, tried: &'static str) -> Result<(), SessionError> {
        match &self.life {
            Some(life) => bear(life.after(tried), tried).await,
            None => Ok(()),
        }
    }

    fn shows(&self, bug: Bug, rate: u32) -> bool {
        let stage = self.life.as_ref().map(|life| &life.stage);
        stage.is_some_and(|stage| stage.shows(bug, rate))
    }

    fn commit_here(&self, write: Write) -> Committed {
        let Write {
            key,
            from,
            bytes,
            ttl,
        } = write;
        let mut kept = self.lines.kept();
        let stands = kept.stands(key);
        let careless = self.shows(Bug::CommitWithoutCompare, 10_000);
        if stands.as_ref().map(|line| line.version) != from && !careless {
            return Committed::Lost(stands);
        }
        if self.shows(Bug::LineNotKept, 300) {
            kept.versions += 1;
            return Committed::Won(kept.versions);
        }
        let version = kept.put(key, bytes.clone(), ttl);
        drop(kept);
        if let Some(life) = &self.life {
            life.stage.judged_commit(key, &bytes, stands.is_some());
        }
        Committed::Won(version)
    }
}

struct Write {
    key: LineKey,
    from: Option<u64>,
    bytes: Vec<u8>,
    ttl: Duration,
}

async fn bear(hit: Hit, tried: &'static str) -> Result<(), SessionError> {
    match hit {
        Hit::Goes => Ok(()),
        Hit::Fails => Err(SessionError {
            tried,
            source: None,
            told: false,
        }),
        Hit::Gone => std::future::pending().await,
    }
}

#[async_trait]
impl Sessions for NodeSessions {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        const TRIED: &str = "load a line";
        self.before(TRIED).await?;
        let stands = self.lines.kept().stands(key);
        self.after(TRIED).await?;
        Ok(stands)
    }

    async fn answer(&self) -> Result<(), SessionError> {
        self.before("answer").await
    }

    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError> {
        const TRIED: &str = "count";
        self.before(TRIED).await?;
        let allowed = self.lines.kept().allows(key, rate);
        self.after(TRIED).await?;
        Ok(allowed)
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        const TRIED: &str = "commit a line";
        self.before(TRIED).await?;
        let write = Write {
            key,
            from,
            bytes,
            ttl,
        };
        let committed = self.commit_here(write);
        self.after(TRIED).await?;
        Ok(committed)
    }

    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError> {
        const TRIED: &str = "keep an alias";
        self.before(TRIED).await?;
        let until = Instant::now() + ttl;
        self.lines.kept().aliases.insert(alias.0, (bytes, until));
        self.after(TRIED).await
    }

    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        const TRIED: &str = "load an alias";
        self.before(TRIED).await?;
        let remembered = self.lines.kept().remembered(alias, ttl);
        self.after(TRIED).await?;
        Ok(remembered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::contract;

    #[tokio::test(start_paused = true)]
    async fn the_lines_of_a_simulation_pass_the_contract_on_the_runtimes_time() {
        contract::every_behaviour(&|| {
            Arc::new(NodeSessions {
                lines: Arc::default(),
                life: None,
            })
        })
        .await;
    }
}
