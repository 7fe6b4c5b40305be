//! Menus in the format of another program, turned into files of ours.
//!
//! 1. [`ussd_airflow`] reads a journey of that program and gives an [`Imported`]: the files of a set,
//!    and whatever could not be carried over, each at its place in the journey.
//! 2. [`Imported::prove`] checks the files as `nyota check` would and adds what is left to mend, so
//!    that the check of the files finds nothing that was not said.
//!
//! To add a format: a module here that gives an [`Imported`], its problems at the end of [`Problem`],
//! and its word in `cli/import.rs`.
//!
//! Left out: reading the journey's file and writing ours, which is `cli`'s.
#![deny(clippy::disallowed_types)]

mod problem;
mod prove;
mod set_name;
pub mod ussd_airflow;
mod yaml;

pub use problem::{Found, Problem};
pub use set_name::{ParseSetNameError, SetName};

use crate::model::source::{Source, Span};

/// A set made from a journey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The set's name, which is its folder's.
    pub set: String,
    /// Its files, named with the folder: `salamu/salamu.yaml`. None where the journey cannot be read.
    pub files: Vec<Source>,
    /// What could not be carried over, and what its author should know, by its place in the journey.
    pub found: Vec<Found>,
    /// How much there was, and how much came over.
    pub count: Count,
    /// Where each screen and call of ours comes from.
    places: Vec<(String, Span)>,
}

/// How much of a journey was carried over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Screens of the journey.
    pub screens: usize,
    /// Those that became screens of ours.
    pub carried: usize,
    /// Those behind which nothing leads, kept as comments.
    pub kept_as_comments: usize,
    /// Screens that ours have besides: routes, sets and ends that a journey needs none for.
    pub added: usize,
    /// The languages' tags, the first the set's own.
    pub languages: Vec<String>,
}
