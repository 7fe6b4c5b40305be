use std::fmt;

/// Where random numbers come from. What is replayed from a seed is given one of its own.
pub trait Chance: fmt::Debug + Send + Sync {
    /// 128 random bits. Nobody can guess them from those drawn before.
    fn draw(&self) -> u128;
}

/// The machine's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn draw(&self) -> u128 {
        rand::random_range(..=u128::MAX)
    }
}
