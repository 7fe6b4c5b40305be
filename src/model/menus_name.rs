use serde::{Deserialize, Serialize};

/// Names the menus that a line or an effect belongs to: a set, as it stood in an edition of the
/// files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MenusName {
    /// The edition, by the hash of its content.
    pub edition: String,
    /// The set, by its folder's name.
    pub set: String,
}
