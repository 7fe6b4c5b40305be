//! A menu set as a picture: screens, keys, calls and outcomes, one panel a menu.
//!
//! 1. [`Picture::of`] reads a compiled set into panels, pages and rows. Where a row leads is what
//!    `check` walks, so the picture shows every way that was checked.
//! 2. [`Picture::svg`] lays it out and writes it: a page looks as on the phone, and a wire leaves the
//!    very line that it belongs to. [`Picture::mermaid`] writes the same as text.
//!
//! The layout is layered, from left to right: `layers` says how far a screen is from its menu's
//! start, `order` keeps crossings few, `place` keeps wires straight, `pack` puts the panels together.
//! It is our own because wires leave the lines of a page, which no layout library knows of. What
//! would run backwards, or far, is no wire but a chip with the name of the screen.
//!
//! To add a verb: a variant of [`Kind`], its colour in `picture.css`, and an arm wherever the
//! compiler asks in `read`.
//!
//! Left out: the pages that the engine itself shows, and what is in an SMS.

mod grid;
mod layers;
mod mermaid;
mod model;
mod names;
mod order;
mod pack;
mod page;
mod place;
mod plan;
mod read;
mod size;
mod svg;
#[cfg(test)]
mod tests;
mod texts;

pub use model::{Kind, Picture};
pub use svg::{STYLE, Style};
