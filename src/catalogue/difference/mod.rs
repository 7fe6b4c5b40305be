//! What publishing files would change, told in the words of those who write them: sets, screens, texts,
//! profiles. Pure.
//!
//! 1. [`difference`] compares the files of two editions.
//! 2. [`Difference::screen`] says what becomes of a screen that a caller is on.
//!
//! Files of menus are compared as trees, so comments and quotes change nothing; profiles file by file.
//! A fragment's screens count in each menu that includes them.

mod compare;
mod shape;

pub use compare::{Changes, Difference, SetDifference, SetFate, difference};

/// What becomes of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenFate {
    /// It is as it was.
    Same,
    /// It does or says something else.
    Changed,
    /// It is not there any more.
    Gone,
}
