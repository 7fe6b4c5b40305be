//! The demo scheme: eight families that stay as they are however old the demo gets.
//!
//! 1. [`SandboxScheme::new`] with a store implements [`super::Scheme`].
//! 2. [`demo_members`] is the list that the simulator shows.
//! 3. What a member has without buying is a constant whose days are counted from the day of the
//!    question; what she bought is in the store and goes before it, its end
//!    included.
//!
//! To add a demo member: a line in `people.rs`.
//!
//! Left out: bills, and the payment gateway, which is a sandbox of its own.

mod cover;
mod people;
mod scheme;
#[cfg(test)]
mod tests;

pub use people::{DemoMember, demo_members};
pub use scheme::{Options, SandboxScheme};
