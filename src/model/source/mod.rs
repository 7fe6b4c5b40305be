//! Files that people write: their text, YAML read with places, and reports of what is wrong in them.
//!
//! 1. [`Source`] is a file's name and text; [`Span`] a place in it.
//! 2. [`yaml::read`] makes a tree of [`yaml::Node`]s that know their places and keep duplicate keys,
//!    so that one run can report every mistake.
//! 3. [`Report`] is one mistake as its reader gets it: code, place, caret, help; or as JSON.
//!
//! Left out: what a menu or a profile means by its keys.

mod fault;
mod nearest;
mod report;
pub mod yaml;

pub use nearest::nearest;
pub use report::{Report, ReportJson, Severity};

/// A file: its name as the reader knows it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the folder that was checked, with `/` between its parts.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A place in one of several sources: byte offsets into its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Index of the source in the set that is being read.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}
