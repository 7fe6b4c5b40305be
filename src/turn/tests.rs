//! Turns on sessions that hang.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::time::Instant;

use super::*;
use crate::{
    effect,
    model::{Call, Caller, FixedClock, Known, Lost, Position, Rate, Signal, SystemChance},
    session::{AliasKey, Committed, LimitKey, LineKey, Versioned},
    store::{Keys, memory::MemoryStore},
};

/// Sessions that never answer.
#[derive(Debug)]
struct Hanging;

#[async_trait]
impl Sessions for Hanging {
    async fn load(&self, _: LineKey) -> Result<Option<Versioned>, SessionError> {
        std::future::pending().await
    }

    async fn answer(&self) -> Result<(), SessionError> {
        std::future::pending().await
    }

    async fn allow(&self, _: LimitKey, _: Rate) -> Result<bool, SessionError> {
        std::future::pending().await
    }

    async fn commit(
        &self,
        _: LineKey,
        _: Option<u64>,
        _: Vec<u8>,
        _: Duration,
    ) -> Result<Committed, SessionError> {
        std::future::pending().await
    }

    async fn remember(&self, _: AliasKey, _: Vec<u8>, _: Duration) -> Result<(), SessionError> {
        std::future::pending().await
    }

    async fn remembered(&self, _: AliasKey, _: Duration) -> Result<Option<Vec<u8>>, SessionError> {
        std::future::pending().await
    }
}

fn turns() -> Arc<Turns> {
    let (effects, catalogue) = effect::tests::effects();
    let (journal, _) = journal(Arc::new(MemoryStore::new()));
    let world = World {
        sessions: Arc::new(Hanging),
        catalogue,
        effects: Arc::new(effects),
        clock: Arc::new(FixedClock::new("2026-03-02T09:00:00Z".parse().unwrap())),
        chance: Arc::new(SystemChance),
        sealer: Arc::new(Sealer::new(&Keys::one(1, [7; 32], [9; 32]))),
        journal,
    };
    Arc::new(Turns::new(world, Options::default()))
}

#[tokio::test(start_paused = true)]
async fn a_call_that_tells_no_phone_is_answered_in_time_where_its_alias_cannot_be_read() {
    let call = Call {
        caller: Caller {
            phone: Known::Before,
            session: "s1".to_owned(),
        },
        signal: Signal::Input,
        position: Position::Accumulated {
            text: "1".to_owned(),
        },
        service_code: None,
        keep: Vec::new(),
        recalls: false,
        lost: Lost::Begin,
        forgets: false,
    };
    let deadline = Duration::from_secs(4);
    let gateway = Gateway {
        name: "phone_once",
        page: PageSize::default(),
        deadline,
    };
    let begun = Instant::now();
    let answered = tokio::time::timeout(2 * deadline, turns().take(gateway, &call)).await;
    assert!(
        matches!(
            answered,
            Ok(Answered {
                reply: Reply::Page { last: true, .. },
                ..
            })
        ),
        "{answered:?}"
    );
    assert!(begun.elapsed() <= deadline, "{:?}", begun.elapsed());
}
