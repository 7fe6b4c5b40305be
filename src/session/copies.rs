use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AliasKey, Committed, LimitKey, LineKey, SessionError, Sessions, Versioned,
    expiring::{Expiring, Kept, expiring},
};
use crate::model::Rate;

/// How many copies a node keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The most at one time; the least used goes first. 0 for none: then every turn asks for its
    /// line.
    pub capacity: u64,
}

impl Default for Options {
    /// About 20 MB when it is full.
    fn default() -> Self {
        Self { capacity: 40_000 }
    }
}

/// Sessions elsewhere, and beside them a copy of each line that this node was the last to commit, as
/// far as it knows. It spares the caller's next turn one round trip.
///
/// A copy is as sealed as the line, and known by the line's own key. It is gone when the line's time
/// is over, when a commit from it loses, and when nobody knows whether a commit was heard.
#[derive(Debug)]
pub struct Copies {
    sessions: Arc<dyn Sessions>,
    kept: Expiring<LineKey, Versioned>,
}

impl Copies {
    /// Sessions with copies beside them, or as they are where no copy is to be kept.
    pub fn beside(sessions: Arc<dyn Sessions>, options: Options) -> Arc<dyn Sessions> {
        if options.capacity == 0 {
            return sessions;
        }
        Arc::new(Self {
            sessions,
            kept: expiring(options.capacity),
        })
    }
}

#[async_trait]
impl Sessions for Copies {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        self.sessions.load(key).await
    }

    async fn recall(&self, key: LineKey) -> Option<Versioned> {
        self.kept.get(&key).await.map(|kept| kept.value)
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
        // The line's time runs from when its commit is heard, so a copy's runs from before that.
        let asked = Instant::now();
        let committed = self.sessions.commit(key, from, bytes.clone(), ttl).await;
        if let Ok(Committed::Won(version)) = committed {
            let value = Versioned { version, bytes };
            let ttl = ttl.saturating_sub(asked.elapsed());
            self.kept.insert(key, Kept { value, ttl }).await;
        } else {
            self.kept.invalidate(&key).await;
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
    use crate::session::{MemorySessions, contract, memory};

    const TTL: Duration = Duration::from_mins(1);
    const KEY: LineKey = LineKey([7; 16]);

    fn shared() -> Arc<dyn Sessions> {
        Arc::new(MemorySessions::new(memory::Options::default()))
    }

    /// A node on shared sessions.
    fn node(sessions: &Arc<dyn Sessions>) -> Arc<dyn Sessions> {
        Copies::beside(Arc::clone(sessions), Options::default())
    }

    async fn committed(node: &Arc<dyn Sessions>, from: Option<u64>, byte: u8) -> Option<u64> {
        match node.commit(KEY, from, vec![byte], TTL).await.unwrap() {
            Committed::Won(version) => Some(version),
            Committed::Lost(_) => None,
        }
    }

    #[tokio::test]
    async fn sessions_with_copies_pass_the_contract() {
        contract::every_behaviour(&|| node(&shared())).await;
    }

    #[tokio::test]
    async fn a_node_recalls_what_it_committed_and_nothing_else() {
        let sessions = shared();
        let (one, other) = (node(&sessions), node(&sessions));
        assert_eq!(one.recall(KEY).await, None);
        let version = committed(&one, None, 1).await.unwrap();
        let bytes = vec![1];
        assert_eq!(one.recall(KEY).await, Some(Versioned { version, bytes }));
        assert_eq!(other.recall(KEY).await, None);
        other.load(KEY).await.unwrap();
        assert_eq!(other.recall(KEY).await, None);
        assert_eq!(one.recall(LineKey([8; 16])).await, None);
    }

    #[tokio::test]
    async fn a_copy_that_was_overtaken_loses_its_commit_and_is_gone() {
        let sessions = shared();
        let (one, other) = (node(&sessions), node(&sessions));
        let first = committed(&one, None, 1).await;
        assert!(committed(&other, first, 2).await.is_some());
        assert_eq!(one.recall(KEY).await.map(|copy| copy.version), first);
        assert_eq!(committed(&one, first, 3).await, None);
        assert_eq!(one.recall(KEY).await, None);
        assert_eq!(one.load(KEY).await.unwrap().unwrap().bytes, [2]);
    }

    #[tokio::test]
    async fn a_copy_goes_with_its_line() {
        let one = node(&shared());
        let ttl = Duration::from_millis(200);
        one.commit(KEY, None, vec![1], ttl).await.unwrap();
        tokio::time::sleep(ttl).await;
        assert_eq!(one.recall(KEY).await, None);
    }

    #[tokio::test]
    async fn a_node_without_room_keeps_no_copy() {
        let one = Copies::beside(shared(), Options { capacity: 0 });
        committed(&one, None, 1).await.unwrap();
        assert_eq!(one.recall(KEY).await, None);
    }
}
