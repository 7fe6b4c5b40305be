//! Reads profiles: files in, [`Profile`](super::Profile)s or reports out.
//!
//! Every mistake of every file is reported in one run, so a reader here notes a mistake and goes on
//! with the next part; a profile comes out only where there was none.
//!
//! 1. `grammar` cuts the texts of values, templates and tests into their parts.
//! 2. `book` holds what a profile names (settings, maps, dates, …), `scope` what a value may be taken
//!    from where it is written; `values` and `conditions` look the parts up in them.
//! 3. `route`, `replies` and `calls` read what comes, what is answered and what goes out.
//! 4. `never` says which rules can never pass, `needs` what an event lacks, `unused` what nothing uses, `secrets` what must not
//!    stand in a file.

mod bodies;
mod book;
mod caller;
mod calls;
mod conditions;
pub(in crate::gateway) mod entries;
pub(in crate::gateway) mod findings;
pub(in crate::gateway) mod folder;
mod grammar;
mod needs;
mod never;
mod preset;
mod profile;
mod reads;
mod replies;
mod route;
mod rules;
mod scope;
mod secrets;
mod session;
mod settings;
#[cfg(test)]
mod tests;
mod trees;
mod unused;
mod values;

pub(in crate::gateway) use preset::read as read_yaml;
pub use profile::Compiled;
pub(super) use rules::event_word;
