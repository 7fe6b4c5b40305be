use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::Instant;

use super::lines::NodeSessions;
use crate::{
    model::Rate,
    session::{AliasKey, Committed, LimitKey, LineKey, SessionError, Sessions, Versioned},
};

/// What `session::Copies` does, on the runtime's time: the real ones forget by the machine's, and
/// rest when it is busy, so that no run would be the same twice.
#[derive(Debug)]
pub(super) struct NodeCopies {
    sessions: NodeSessions,
    kept: Mutex<BTreeMap<[u8; 16], (Versioned, Instant)>>,
}

impl NodeCopies {
    pub(super) fn beside(sessions: NodeSessions) -> Arc<dyn Sessions> {
        Arc::new(Self {
            sessions,
            kept: Mutex::default(),
        })
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<[u8; 16], (Versioned, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Sessions for NodeCopies {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        self.sessions.load(key).await
    }

    async fn recall(&self, key: LineKey) -> Option<Versioned> {
        let (copy, until) = self.kept().get(&key.0).cloned()?;
        (until > Instant::now()).then_some(copy)
    }

    async fn answer(&self) -> Result<(), SessionError> {
        self.sessions.answer().await
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        let until = Instant::now() + ttl;
        let committed = self.sessions.commit(key, from, bytes.clone(), ttl).await;
        if let Ok(Committed::Won(version)) = committed {
            let copy = Versioned { version, bytes };
            self.kept().insert(key.0, (copy, until));
        } else {
            self.kept().remove(&key.0);
        }
        committed
    }

    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError> {
        self.sessions.allow(key, rate).await
    }

    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError> {
        self.sessions.remember(alias, bytes, ttl).await
    }

    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        self.sessions.remembered(alias, ttl).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::contract;

    #[tokio::test(start_paused = true)]
    async fn the_copies_of_a_simulation_pass_the_contract_on_the_runtimes_time() {
        contract::every_behaviour(&|| {
            NodeCopies::beside(NodeSessions {
                lines: Arc::default(),
                life: None,
            })
        })
        .await;
    }
}
