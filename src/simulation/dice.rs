use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::model::Chance;

/// All chance of a run. Whoever draws in the same order draws the same.
pub(super) struct Dice(Mutex<StdRng>);

impl fmt::Debug for Dice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}

impl Dice {
    pub(super) fn of(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    fn next(&self) -> u64 {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rng.next_u64()
    }

    /// From 0, less than `end`.
    pub(super) fn below(&self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(super) fn index(&self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    pub(super) fn pick<'a, T>(&self, among: &'a [T]) -> &'a T {
        &among[self.index(among.len())]
    }

    /// Whether it happens that happens so many times in ten thousand. What never happens draws nothing.
    pub(super) fn happens(&self, in_ten_thousand: u32) -> bool {
        in_ten_thousand > 0 && self.below(10_000) < in_ten_thousand.into()
    }

    /// A time between two numbers of milliseconds.
    pub(super) fn millis(&self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to.saturating_sub(from) + 1))
    }
}

impl Chance for Dice {
    fn draw(&self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }
}
