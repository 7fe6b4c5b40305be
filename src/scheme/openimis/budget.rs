use std::{fmt, num::NonZeroU32, time::Duration};

use async_trait::async_trait;
use governor::{
    DefaultDirectRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};

/// How many requests an openIMIS is asked a minute where nobody says: it refuses more than 150 from one
/// address.
pub const REQUESTS_A_MINUTE: u32 = 120;

/// How often an openIMIS may be asked: one budget for all nodes that share its address.
#[async_trait]
pub trait Budget: fmt::Debug + Send + Sync {
    /// Takes one request out of it; else says after how long there is one.
    async fn take(&self) -> Result<(), Duration>;
}

/// A budget of this process alone.
pub struct LocalBudget {
    limiter: DefaultDirectRateLimiter,
    clock: DefaultClock,
}

impl LocalBudget {
    /// So many a minute, as many at once; at least one.
    pub fn a_minute(requests: u32) -> Self {
        let requests = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
        Self {
            limiter: DefaultDirectRateLimiter::direct(Quota::per_minute(requests)),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one at once, or says after how long there is one.
    pub(super) fn try_take(&self) -> Result<(), Duration> {
        let taken = self.limiter.check();
        taken.map_err(|full| full.wait_time_from(self.clock.now()))
    }
}

impl fmt::Debug for LocalBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a budget of this process")
    }
}

#[async_trait]
impl Budget for LocalBudget {
    async fn take(&self) -> Result<(), Duration> {
        self.try_take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_the_budget_is_told_when_to_come_again() {
        let budget = LocalBudget::a_minute(2);
        assert!(budget.try_take().is_ok() && budget.try_take().is_ok());
        let after = budget.try_take().unwrap_err();
        assert!(after > Duration::ZERO && after <= Duration::from_secs(30));
    }
}
