//! What one host is given: so many calls at once, a short queue, and rest when it fails.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use super::Failure;

/// How many calls to one host run at once.
const AT_ONCE: usize = 16;
/// How many more may wait for one of them to end.
const WAITING: usize = 32;
/// After so many failures in a row a host is left alone.
const FAILURES: u32 = 10;
/// For how long.
const REST: Duration = Duration::from_secs(5);

/// One host's.
#[derive(Debug)]
pub(super) struct Room {
    inside: Semaphore,
    running: Semaphore,
    health: Mutex<Health>,
}

#[derive(Clone, Copy, Debug)]
enum Health {
    /// So many failures in a row.
    Well(u32),
    /// Left alone until then; whoever comes first after it tries.
    Resting(Instant),
    /// One call tries whether it is well again.
    Tried,
}

/// A call that runs. Dropped without an answer it is a failure, whoever gave it up.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    room: &'a Room,
    answered: bool,
    _permits: (SemaphorePermit<'a>, SemaphorePermit<'a>),
}

impl Default for Room {
    fn default() -> Self {
        Self {
            inside: Semaphore::new(AT_ONCE + WAITING),
            running: Semaphore::new(AT_ONCE),
            health: Mutex::new(Health::Well(0)),
        }
    }
}

impl Room {
    /// Waits for a place.
    pub(super) async fn enter(&self) -> Result<Pass<'_>, Failure> {
        let inside = self.inside.try_acquire().map_err(|_| Failure::Crowded)?;
        let running = self.running.acquire().await.map_err(|_| Failure::Crowded)?;
        if self.is_left_alone() {
            return Err(Failure::Resting);
        }
        Ok(Pass {
            room: self,
            answered: false,
            _permits: (inside, running),
        })
    }

    /// Whether this call must not be made; the first after a rest is the one that tries.
    fn is_left_alone(&self) -> bool {
        self.change(|health| match *health {
            Health::Well(_) => false,
            Health::Resting(until) if until <= Instant::now() => {
                *health = Health::Tried;
                false
            }
            Health::Resting(_) | Health::Tried => true,
        })
    }

    fn failed(&self) {
        self.change(|health| {
            *health = match *health {
                Health::Well(failures) if failures + 1 < FAILURES => Health::Well(failures + 1),
                Health::Well(_) | Health::Tried => Health::Resting(Instant::now() + REST),
                resting @ Health::Resting(_) => resting,
            };
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Health) -> T) -> T {
        change(&mut self.health.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pass<'_> {
    /// The host answered.
    pub(super) fn answered(mut self) {
        self.answered = true;
        self.room.change(|health| *health = Health::Well(0));
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.room.failed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fail(room: &Room) {
        drop(room.enter().await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_fails_is_left_alone_and_then_tried_once() {
        let room = Room::default();
        for _ in 0..FAILURES {
            fail(&room).await;
        }
        assert!(matches!(room.enter().await, Err(Failure::Resting)));
        tokio::time::advance(REST).await;
        let trying = room.enter().await.unwrap();
        assert!(matches!(room.enter().await, Err(Failure::Resting)));
        drop(trying);
        assert!(matches!(room.enter().await, Err(Failure::Resting)));
        tokio::time::advance(REST).await;
        room.enter().await.unwrap().answered();
        fail(&room).await;
        assert!(room.enter().await.is_ok());
    }

    #[tokio::test]
    async fn an_answer_between_failures_counts_them_anew() {
        let room = Room::default();
        for _ in 0..FAILURES {
            fail(&room).await;
            room.enter().await.unwrap().answered();
        }
        assert!(room.enter().await.is_ok());
    }

    #[tokio::test]
    async fn only_so_many_wait() {
        let room = Room::default();
        let running = futures_util::future::join_all((0..AT_ONCE).map(|_| room.enter())).await;
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(room.enter())).collect();
        for wait in &mut waiting {
            assert!(futures_util::poll!(wait).is_pending());
        }
        assert!(matches!(room.enter().await, Err(Failure::Crowded)));
        assert_eq!(running.len(), AT_ONCE);
    }
}
