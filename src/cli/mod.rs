//! The commands, and what wires the rest together.
//!
//! 1. [`transcript`] reads the transcripts that lie beside a menu and shows where a phone saw
//!    something else.

pub mod transcript;
