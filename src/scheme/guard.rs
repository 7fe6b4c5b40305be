//! A scheme behind a door: so many at once, bounded in time, and left alone while it fails.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chrono::NaiveDate;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout},
};

use super::{
    Changes, Complaint, Cover, Cursor, Enrolment, Filed, Finding, Premium, Quote, Scheme,
    SchemeError,
};
use crate::model::{Breaker, MemberNumber, Msisdn, News};

/// For each that may be asked at once, how many may wait for it.
const WAITING_FOR_EACH: usize = 4;
/// After how long to come back where it is crowded.
const CROWDED: Duration = Duration::from_secs(1);

/// How much a scheme is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many questions at once from this node.
    pub at_once: usize,
    /// How long it has for an answer to a question.
    pub answer: Duration,
    /// How long it has to write something: that takes several steps.
    pub writing: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            at_once: 16,
            answer: Duration::from_secs(10),
            writing: Duration::from_mins(1),
        }
    }
}

/// A scheme whose failures are its own: while it is down whoever asks is told so at once, and one at
/// a time tries whether it is back.
#[derive(Debug)]
pub struct Guarded {
    scheme: Arc<dyn Scheme>,
    bounds: Bounds,
    inside: Semaphore,
    running: Semaphore,
    health: Mutex<Health>,
}

#[derive(Debug, Default)]
struct Health {
    breaker: Breaker,
    /// Someone tries whether it is back.
    tried: bool,
}

/// Why it was not asked.
#[derive(Debug, thiserror::Error)]
enum Unasked {
    #[error("it has failed often in a row, and is only tried once a second")]
    LeftAlone,
    #[error("there was no answer in {} s", .0.as_secs())]
    NoAnswer(Duration),
}

impl Guarded {
    /// `scheme` within `bounds`.
    pub fn new(scheme: Arc<dyn Scheme>, bounds: Bounds) -> Self {
        let at_once = bounds.at_once.max(1);
        Self {
            scheme,
            bounds,
            inside: Semaphore::new(at_once * (1 + WAITING_FOR_EACH)),
            running: Semaphore::new(at_once),
            health: Mutex::default(),
        }
    }

    async fn ask<T>(
        &self,
        asked: &'static str,
        question: impl Future<Output = Result<T, SchemeError>> + Send,
    ) -> Result<T, SchemeError> {
        self.within(asked, self.bounds.answer, question).await
    }

    async fn write<T>(
        &self,
        asked: &'static str,
        order: impl Future<Output = Result<T, SchemeError>> + Send,
    ) -> Result<T, SchemeError> {
        self.within(asked, self.bounds.writing, order).await
    }

    async fn within<T>(
        &self,
        asked: &'static str,
        patience: Duration,
        question: impl Future<Output = Result<T, SchemeError>> + Send,
    ) -> Result<T, SchemeError> {
        let pass = self.enter(asked).await?;
        let Ok(answer) = timeout(patience, question).await else {
            return Err(SchemeError::unavailable(asked, Unasked::NoAnswer(patience)));
        };
        let is_outage = |error: &SchemeError| error.is_outage();
        if !answer.as_ref().is_err_and(is_outage) {
            pass.answered();
        }
        answer
    }

    async fn enter(&self, asked: &'static str) -> Result<Pass<'_>, SchemeError> {
        let busy = SchemeError::Busy {
            asked,
            after: CROWDED,
        };
        let Ok(inside) = self.inside.try_acquire() else {
            return Err(busy);
        };
        // Who waits for the end of others' questions learns with them that it is down.
        let running = self.running.acquire().await.map_err(|_| busy)?;
        let tries = self
            .may_ask()
            .ok_or_else(|| SchemeError::unavailable(asked, Unasked::LeftAlone))?;
        Ok(Pass {
            guard: self,
            tries,
            answered: false,
            _permits: (inside, running),
        })
    }

    /// Whether it is asked, and if so whether that only tries.
    fn may_ask(&self) -> Option<bool> {
        self.change(|health| {
            let alone = health.breaker.leaves_alone();
            if alone && health.tried {
                return None;
            }
            let may = health.breaker.may_ask(Instant::now().into_std());
            health.tried |= may && alone;
            may.then_some(alone)
        })
    }

    fn ended(&self, tried: bool, answered: bool) {
        let now = Instant::now().into_std();
        let news = self.change(|health| {
            health.tried &= !tried;
            if answered {
                health.breaker.answered(now)
            } else {
                health.breaker.failed(now)
            }
        });
        let scheme = self.scheme.name();
        match news {
            News::None | News::Failed => {}
            News::LeftAlone => {
                tracing::error!(
                    scheme,
                    "the scheme does not answer: it is left alone and tried once a second; what is known of covers is shown with its date"
                );
            }
            News::Back { after, refused } => {
                let seconds = after.as_secs();
                tracing::info!(scheme, seconds, refused, "the scheme answers again");
            }
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Health) -> T) -> T {
        change(&mut self.health.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A question that runs. Dropped without an answer it has failed: whoever asked gave it up.
#[derive(Debug)]
struct Pass<'a> {
    guard: &'a Guarded,
    tries: bool,
    answered: bool,
    _permits: (SemaphorePermit<'a>, SemaphorePermit<'a>),
}

impl Pass<'_> {
    fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.guard.ended(self.tries, self.answered);
    }
}

#[async_trait]
impl Scheme for Guarded {
    fn name(&self) -> &str {
        self.scheme.name()
    }

    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        self.ask("whose phone it is", self.scheme.member_of_phone(phone))
            .await
    }

    async fn cover(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError> {
        self.ask("the cover", self.scheme.cover(member, today))
            .await
    }

    async fn quote(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError> {
        let quote = self.scheme.quote(member, today);
        self.ask("the price of renewing", quote).await
    }

    async fn enrol(&self, enrolment: &Enrolment) -> Result<Quote, SchemeError> {
        self.write("an enrolment", self.scheme.enrol(enrolment))
            .await
    }

    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError> {
        self.write("the premium", self.scheme.record_payment(premium))
            .await
    }

    async fn changes_since(
        &self,
        cursor: Option<&Cursor>,
        today: NaiveDate,
    ) -> Result<Changes, SchemeError> {
        let changes = self.scheme.changes_since(cursor, today);
        self.write("what has changed", changes).await
    }

    async fn complain(&self, complaint: &Complaint) -> Result<Filed, SchemeError> {
        self.write("a complaint", self.scheme.complain(complaint))
            .await
    }

    /// An operator who looks is told what is there now, not what was.
    async fn look(&self, today: NaiveDate) -> Vec<Finding> {
        self.scheme.look(today).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::fake::{Fake, Mood};

    fn member() -> MemberNumber {
        MemberNumber::parse("070707081").unwrap()
    }

    fn guarded(at_once: usize) -> (Guarded, Arc<Fake>) {
        let fake = Arc::new(Fake::named("dodoma"));
        let bounds = Bounds {
            at_once,
            ..Bounds::default()
        };
        (Guarded::new(Arc::clone(&fake) as _, bounds), fake)
    }

    async fn ask(guarded: &Guarded) -> Result<Option<Cover>, SchemeError> {
        guarded.cover(member(), NaiveDate::default()).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_scheme_that_is_down_is_tried_by_one_at_a_time_until_it_is_back() {
        let (guarded, fake) = guarded(16);
        fake.is(Mood::Fails);
        for _ in 0..20 {
            assert!(ask(&guarded).await.is_err_and(|error| error.is_outage()));
        }
        assert_eq!(fake.asked(), 5);
        fake.is(Mood::Hangs);
        tokio::time::advance(Duration::from_secs(1)).await;
        let mut crowd: Vec<_> = (0..9).map(|_| Box::pin(ask(&guarded))).collect();
        let mut refused = 0;
        for one in &mut crowd {
            refused += u32::from(futures_util::poll!(one).is_ready());
        }
        assert_eq!((refused, fake.asked()), (8, 6));
        // Seconds later the one that tries still hangs: no other is let through.
        tokio::time::advance(Duration::from_secs(5)).await;
        assert!(ask(&guarded).await.is_err());
        assert_eq!(fake.asked(), 6);
        drop(crowd);
        fake.is(Mood::Answers);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(ask(&guarded).await.is_ok() && ask(&guarded).await.is_ok());
        assert_eq!(fake.asked(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_hangs_is_given_up_in_time_and_keeps_only_so_many() {
        let (guarded, fake) = guarded(2);
        fake.is(Mood::Hangs);
        let mut crowd: Vec<_> = (0..10).map(|_| Box::pin(ask(&guarded))).collect();
        for one in &mut crowd {
            assert!(futures_util::poll!(one).is_pending());
        }
        let crowded = ask(&guarded).await;
        assert!(
            matches!(crowded, Err(SchemeError::Busy { .. })),
            "{crowded:?}"
        );
        let begun = Instant::now();
        let ended = futures_util::future::join_all(crowd).await;
        assert!(ended.iter().all(Result::is_err));
        // Three rounds of two, and then it is left alone.
        assert_eq!((fake.asked(), begun.elapsed().as_secs()), (6, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn what_it_refuses_is_no_failure() {
        let (guarded, fake) = guarded(2);
        fake.is(Mood::Refuses);
        for _ in 0..20 {
            let refused = ask(&guarded).await;
            assert!(matches!(refused, Err(SchemeError::Refused { .. })));
        }
        assert_eq!(fake.asked(), 20);
    }
}
