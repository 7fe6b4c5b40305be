//! The shape of profiles as JSON Schema, for editors: what may stand where, what must, and what it
//! means, shown as the author types.
//!
//! Each type here is the shape of one map of a profile; its documentation and that of its fields is
//! what an editor shows. Nothing is ever made of these types. `nyota schema profile` prints the
//! schema of [`ProfileFile`], and `gateways/schema/profile.json` keeps it where editors find it.
//!
//! To add a key to the language: read it in `compile`, add its field here with its documentation, and
//! write the kept file anew: `INSTA_UPDATE=always cargo test --test it fresh`.
//!
//! Left out: whatever `nyota check gateways` finds beyond shape.

mod answer;
mod call;
mod named;
mod profile;
mod route;
mod scalar;
mod setting;

pub use answer::*;
pub use call::*;
pub use named::*;
pub use profile::*;
pub use route::*;
pub use scalar::*;
pub use setting::*;
