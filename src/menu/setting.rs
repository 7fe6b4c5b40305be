//! Settings: constants that each installation gives its own value.

use super::{MenuSet, Path, Type, Value, VarId};

/// A setting of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// As written after the point: `{setting.hotline}`.
    pub name: String,
    /// Its type: a text, a number, an amount or one of a few words.
    pub of: Type,
    /// Its value here: the installation's, else the set's own.
    pub value: Value,
}

impl Path {
    /// The settings stand behind every variable that a menu can have, as one record.
    const SETTINGS: VarId = VarId::MAX;

    /// The setting at `index` of its set.
    pub(crate) fn to_setting(index: u16) -> Self {
        Self {
            variable: Self::SETTINGS,
            field: Some(index),
        }
    }

    /// Which setting it is; `None` where it is a variable or a field of one.
    pub fn setting(self) -> Option<u16> {
        self.field.filter(|_| self.variable == Self::SETTINGS)
    }
}

impl MenuSet {
    /// The value of a setting; `None` where the path is none of its settings.
    pub fn setting(&self, path: Path) -> Option<&Value> {
        let setting = self.settings.get(usize::from(path.setting()?))?;
        Some(&setting.value)
    }
}
