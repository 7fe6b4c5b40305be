//! GePG against the recorded messages of `tests/payments`, on a real store.

mod client;
mod inbox;
mod load;
mod negative;
mod properties;
mod vectors;
mod world;
