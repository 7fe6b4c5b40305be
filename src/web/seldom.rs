use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How often at most.
const PAUSE: Duration = Duration::from_mins(1);

/// Something that may happen a thousand times a second, and is logged once a minute.
#[derive(Debug, Default)]
pub(super) struct Seldom(Mutex<Since>);

#[derive(Debug, Default)]
struct Since {
    told: Option<Instant>,
    untold: u64,
}

impl Seldom {
    /// It happened. Gives how often it did since it was last to be told, where it is to be told now.
    pub(super) fn due(&self) -> Option<u64> {
        self.due_at(Instant::now())
    }

    fn due_at(&self, now: Instant) -> Option<u64> {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.untold += 1;
        if since
            .told
            .is_some_and(|told| now.duration_since(told) < PAUSE)
        {
            return None;
        }
        since.told = Some(now);
        Some(std::mem::take(&mut since.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_often_is_told_once_a_minute_with_its_number() {
        let seldom = Seldom::default();
        let begin = Instant::now();
        let at = |seconds| seldom.due_at(begin + Duration::from_secs(seconds));
        assert_eq!(at(0), Some(1));
        assert_eq!([at(1), at(2), at(59)], [None; 3]);
        assert_eq!(at(60), Some(4));
        assert_eq!(at(61), None);
    }
}
