//! The shape of menu files as JSON Schema, for editors: what may stand where, what must, and what it
//! means, shown as the author types.
//!
//! 1. Each type here is the shape of one map of the files; its documentation and that of its fields
//!    is what an editor shows. Nothing is ever made of these types.
//! 2. [`Kind::schema`] gives the schema of a kind of file; `nyota schema` prints it, and
//!    `menus/schema/` keeps it where editors find it.
//! 3. [`made_of`] is how a schema is made of a type; transcripts have theirs beside their reader.
//!
//! To add a key to the language: read it in `read`, add its field here with its documentation, and
//! write the kept files anew: `INSTA_UPDATE=always cargo test --test it fresh`. A test compares the
//! keys that are read with those here.
//!
//! Left out: whatever `nyota check` finds beyond shape, such as whether a name leads anywhere.

mod answer;
mod calls;
mod header;
mod made;
mod menu;
mod scalar;
mod screen;
mod target;
mod texts;

pub use answer::*;
pub use calls::*;
pub use header::*;
pub use made::made_of;
pub use menu::*;
pub use scalar::*;
pub use screen::*;
pub use target::*;
pub use texts::*;

/// A kind of file of a menu set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A menu, the root or a fragment.
    Menu,
    /// The texts of one of these in another language.
    Texts,
    /// The calls that a set declares itself.
    Calls,
}

impl Kind {
    /// Its JSON Schema, draft 7, which the YAML language server of most editors reads.
    pub fn schema(self) -> serde_json::Value {
        match self {
            Self::Menu => made_of::<MenuFile>(),
            Self::Texts => made::without_required(made_of::<Texts>()),
            Self::Calls => made_of::<Calls>(),
        }
    }
}
