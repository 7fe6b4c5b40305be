//! A simulation: nodes, phones, aggregators, a scheme and a payment gateway in one thread, on a time
//! that runs as fast as it can, with all chance from one seed.
//!
//! 1. A seed's [`plan`] says how many nodes and phones there are and how much goes wrong. [`run`] plays
//!    it: real `turn`, `effect`, `outbox`, `sms` and `payment` around simulated lines ([`lines`]), the
//!    store in the process, and an outside [`world`] that is slow, fails, or answers twice.
//! 2. A node does everything to the world through its [`life`], where it may crash, hang or lose an
//!    answer at every wait.
//! 3. The [`judge`] compares what nodes commit and answer with a sequential model, and looks at the
//!    end whether all that was promised is done.
//! 4. `NYOTA_SEED=n cargo test --lib simulation::tests::every_seed -- --nocapture` replays a seed and
//!    tells its events;
//!    `NYOTA_SEEDS=n cargo test --release --lib simulation` runs as many as it says.
//!
//! Left out: sockets, threads, the engines of the store, the seal of its rows, and dialects.

mod copies;
mod courier;
mod dice;
mod judge;
mod life;
mod lines;
mod network;
mod node;
mod phone;
mod plan;
mod register;
mod run;
mod set;
mod stage;
mod tests;
mod world;
