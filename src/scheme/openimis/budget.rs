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
    /// So many in any minute, at least two: a quarter of them at once, the rest one after the other. Whoever
    /// may send all of them at once has sent nearly twice as many after a minute.
    pub fn a_minute(requests: u32) -> Self {
        let at_once = (requests / 4).max(1);
        let spread = requests.saturating_sub(at_once).max(1);
        let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(Duration::from_mins(1) / spread);
        let quota = quota.unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        Self {
            limiter: DefaultDirectRateLimiter::direct(quota.allow_burst(at_once)),
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
        let budget = LocalBudget::a_minute(8);
        assert!(budget.try_take().is_ok() && budget.try_take().is_ok());
        let after = budget.try_take().unwrap_err();
        assert!(after > Duration::ZERO && after <= Duration::from_secs(10));
    }
}
