//! The simulator: phones in the browser that dial through the real webhook. In the demo only.
//!
//! 1. [`routes`] gives the page, its parts (`page/`, embedded in the binary) and what its scripts
//!    ask: the demo's world, the inside of a phone's dialogue, the map of its menus, its SMS, a
//!    payment.
//! 2. The phones dial by posting what Africa's Talking posts; nothing here takes part in a turn.
//!
//! To change the page: `page/`, plain modules without a build step; `tests/it/browser.rs` drives it.
//!
//! Left out: a way to write. What a phone changes, it changes as a phone would.

mod assets;
mod inbox;
mod inside;
mod map;
mod pay;
mod phone;
mod routes;
mod world;

pub(super) use routes::routes;
