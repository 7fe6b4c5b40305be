//! A request with nothing of a person in it, and no secret: what may be kept, shown and recorded.
//!
//! 1. [`Account::masked`](super::Account::masked) finds by the profile where phones, texts and secrets stand, and writes
//!    the request again without them: `phone`, `from` and `to` are invented numbers of the same shape, what a caller typed
//!    keeps its `*` and `#` only, a secret is [`SECRET`].
//! 2. What the profile does not read keeps its name and the shape of its value: nobody knows what it holds.
//! 3. Where a body cannot be read nothing of it is kept but its length.

mod bodies;
mod places;
mod request;
mod shape;
#[cfg(test)]
mod tests;

pub use request::{Masked, Masking, Part};
pub use shape::SECRET;
