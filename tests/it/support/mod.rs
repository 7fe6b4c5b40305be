//! What the tests share: the running program, a browser, files.

pub(crate) mod browser;
pub(crate) mod demo;
pub(crate) mod sources;
