//! HTTP: what aggregators, payment gateways, machines and the demo's browser talk to.
//!
//! 1. Put an [`App`] together from the parts that it names.
//! 2. [`router`] makes the routes of it; the simulator is among them only where [`App::demo`] is.
//! 3. [`serve::serve`] takes connections for it, from whom [`door::Door`] lets in, until
//!    [`serve::Closing`] says that it is time.
//! 4. [`limits::Limits`] is asked before each turn whether its phone and its gateway may take it.
//!
//! To add a webhook: a file beside `hooks`, its route in `router`, a limit for its body. Every
//! refusal is an [`Error`], so that all of them read alike and none tells more than it should.
//!
//! Left out: what a call does (`turn`), how an aggregator speaks (`gateway`), what a payment notice
//! means (`payment`). Here nothing is decided, only read, handed on and written.

mod app;
mod body;
mod bucket;
mod called;
mod closing;
mod deliveries;
pub mod door;
mod error;
mod guard;
mod headers;
mod health;
mod hooks;
mod index;
pub mod limits;
mod metrics;
mod payments;
mod reports;
mod requests;
mod router;
mod seldom;
pub mod serve;
mod simulator;

pub use app::{App, Demo};
pub use deliveries::Deliveries;
pub use door::Door;
pub use error::Error;
pub use limits::Limits;
pub use metrics::Metrics;
pub use requests::{Requests, Shown, Taken};
pub use router::router;
