//! The catalogue: which menus, profiles and SMS texts are current, and every version still in use.
//!
//! 1. [`read_files`] reads the folders that an administrator writes.
//! 2. [`compile`] makes an [`Edition`] of them, or reports every mistake; the set compiles whole or
//!    not at all.
//! 3. [`Catalogue::open`] offers the files to the store and serves what the store says is current;
//!    [`Catalogue::follow`] looks every second whether that has changed, and swaps the edition whole.
//!    One that does not compile with this program changes nothing.
//! 4. A line stays on the edition that it began with: sources are kept, so [`Catalogue::edition`]
//!    compiles an old one again, on any node and after any restart.
//! 5. [`Catalogue::off`] says whether a service is switched off, from memory.
//! 6. [`Gateways`] are the current profiles with what the operator's contracts say.
//! 7. [`difference()`] tells what publishing files would change.
//!
//! **Who says what is current.** A publication does: by a person, or by a node that offers its files
//! at its start. It offers only files that were never published, so that nodes with different files
//! do not take turns. Where the store is one node's own it also offers files that have changed since
//! the last offer, so that an edit which is undone is served again; but none that a person has
//! published or rolled back from since.
//!
//! Several menu sets may be served side by side, each under a dial code of its own;
//! [`Edition::dialled`] finds the one that a code opens.

mod codes;
pub mod difference;
mod edition;
mod files;
mod follow;
mod gateways;
mod installation;
mod known;
mod needs;
mod open;
mod served;
#[cfg(test)]
mod tests;

pub use difference::{Difference, difference};
pub use edition::{Compiled, Edition, Limits, Opened, compile, is_menu, name, served};
pub use files::{FilesError, read_files};
pub use gateways::{AddressSecret, Contract, Gateway, GatewayOptions, Gateways, Unserved};
pub use known::Missing;
pub use needs::{Need, Needed};
pub use open::{OpenError, kept};
pub use served::{Catalogue, FilesStand};
