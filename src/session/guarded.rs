use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;

use super::{AliasKey, Committed, LimitKey, LineKey, SessionError, Sessions, Versioned};
use crate::model::{Breaker, News, Rate};

/// Sessions that are left alone while they fail, so that an outage makes no caller wait: after some
/// failures in a row every asking fails at once, and one a second is let through to see whether they
/// answer again. An outage is logged when it begins and when it ends.
#[derive(Debug)]
pub struct GuardedSessions {
    sessions: Arc<dyn Sessions>,
    breaker: Mutex<Breaker>,
}

impl GuardedSessions {
    /// `sessions`, guarded.
    pub fn new(sessions: Arc<dyn Sessions>) -> Self {
        Self {
            sessions,
            breaker: Mutex::default(),
        }
    }

    async fn asked<T>(
        &self,
        tried: &'static str,
        asking: impl Future<Output = Result<T, SessionError>>,
    ) -> Result<T, SessionError> {
        if self.with(|breaker| breaker.may_ask(Instant::now())) {
            self.seen(asking.await)
        } else {
            Err(SessionError {
                tried,
                source: None,
                told: true,
            })
        }
    }

    /// Tells what is news of an answer.
    fn seen<T>(&self, answer: Result<T, SessionError>) -> Result<T, SessionError> {
        let now = Instant::now();
        match answer {
            Ok(answer) => {
                tell_end(self.with(|breaker| breaker.answered(now)));
                Ok(answer)
            }
            Err(error) => {
                let news = self.with(|breaker| breaker.failed(now));
                tell_begin(news, &error);
                let told = error.told || news != News::Failed;
                Err(SessionError { told, ..error })
            }
        }
    }

    fn with<T>(&self, what: impl FnOnce(&mut Breaker) -> T) -> T {
        what(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn tell_begin(news: News, error: &SessionError) {
    if news == News::LeftAlone {
        let cause: &dyn std::error::Error = error;
        tracing::error!(
            cause,
            "the sessions fail: callers are told to dial again, and the sessions are tried once a second; look at the Redis of REDIS_URL"
        );
    }
}

fn tell_end(news: News) {
    if let News::Back { after, refused } = news {
        let seconds = after.as_secs_f64();
        tracing::warn!(
            seconds,
            refused,
            "the sessions answer again, after {after:.1?}"
        );
    }
}

#[async_trait]
impl Sessions for GuardedSessions {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        self.asked("load a line", self.sessions.load(key)).await
    }

    /// Asks in any case: who routes calls wants to know.
    async fn answer(&self) -> Result<(), SessionError> {
        self.seen(self.sessions.answer().await)
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        let commit = self.sessions.commit(key, from, bytes, ttl);
        self.asked("commit a line", commit).await
    }

    async fn recall(&self, key: LineKey) -> Option<Versioned> {
        self.sessions.recall(key).await
    }

    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError> {
        let remember = self.sessions.remember(alias, bytes, ttl);
        self.asked("remember a caller", remember).await
    }

    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        let remembered = self.sessions.remembered(alias, ttl);
        self.asked("recall a caller", remembered).await
    }

    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError> {
        self.asked("count", self.sessions.allow(key, rate)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    use super::*;
    use crate::session::{MemorySessions, Options, contract};

    /// Sessions that fail while they are told to, and count how often they were asked.
    #[derive(Debug, Default)]
    struct Flaky {
        down: AtomicBool,
        asked: AtomicU32,
    }

    #[async_trait]
    impl Sessions for Flaky {
        async fn load(&self, _: LineKey) -> Result<Option<Versioned>, SessionError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.down.load(Ordering::SeqCst) {
                return Err(SessionError {
                    tried: "load a line",
                    source: Some("gone".into()),
                    told: false,
                });
            }
            Ok(None)
        }

        async fn answer(&self) -> Result<(), SessionError> {
            self.load(LineKey([0; 16])).await.map(drop)
        }

        async fn commit(
            &self,
            _: LineKey,
            _: Option<u64>,
            _: Vec<u8>,
            _: Duration,
        ) -> Result<Committed, SessionError> {
            Ok(Committed::Lost(None))
        }

        async fn remember(&self, _: AliasKey, _: Vec<u8>, _: Duration) -> Result<(), SessionError> {
            Ok(())
        }

        async fn remembered(
            &self,
            _: AliasKey,
            _: Duration,
        ) -> Result<Option<Vec<u8>>, SessionError> {
            Ok(None)
        }

        async fn allow(&self, _: LimitKey, _: Rate) -> Result<bool, SessionError> {
            Ok(true)
        }
    }

    #[tokio::test]
    async fn guarded_sessions_pass_the_contract() {
        let guarded = || {
            let memory = Arc::new(MemorySessions::new(Options::default()));
            Arc::new(GuardedSessions::new(memory)) as Arc<dyn Sessions>
        };
        contract::every_behaviour(&guarded).await;
    }

    #[tokio::test]
    async fn an_outage_is_told_once_and_then_asked_about_at_most_once_a_second() {
        let flaky = Arc::new(Flaky::default());
        flaky.down.store(true, Ordering::SeqCst);
        let sessions = GuardedSessions::new(Arc::clone(&flaky) as Arc<dyn Sessions>);
        let begun = Instant::now();
        let mut untold = 0;
        for _ in 0..100 {
            let error = sessions.load(LineKey([1; 16])).await.unwrap_err();
            untold += u32::from(!error.told);
        }
        // Four that failed before the fifth told of the outage; then one a second.
        assert_eq!(untold, 4);
        let probes = u32::try_from(begun.elapsed().as_secs()).unwrap();
        assert!(flaky.asked.load(Ordering::SeqCst) <= 5 + probes);
    }

    #[tokio::test]
    async fn whoever_asks_whether_they_answer_ends_an_outage_at_once() {
        let flaky = Arc::new(Flaky::default());
        flaky.down.store(true, Ordering::SeqCst);
        let sessions = GuardedSessions::new(Arc::clone(&flaky) as Arc<dyn Sessions>);
        for _ in 0..6 {
            sessions.answer().await.unwrap_err();
        }
        flaky.down.store(false, Ordering::SeqCst);
        sessions.answer().await.unwrap();
        sessions.load(LineKey([1; 16])).await.unwrap();
    }
}
