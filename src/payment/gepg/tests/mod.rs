//! GePG against the recorded messages of `tests/payments`, on a real store.

mod client;
mod inbox;
mod negative;
mod properties;
mod vectors;
mod world;
