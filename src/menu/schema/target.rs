use schemars::JsonSchema;

use super::{Name, Named, ValuePath};

/// Where something leads: a screen of this menu, `back`, `home`, `return`, or a map that opens another
/// menu or returns values.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Target {
    /// A screen of this menu, `back`, `home` or `return`.
    Screen(Name),
    /// The start of another menu.
    Open(Open),
    /// Back to the menu that opened this one, with values.
    Return(Return),
}

/// The start of another menu.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Open {
    /// The menu.
    pub open: Name,
    /// What it is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// Names for what it returns with, in the order of its `gives:`.
    pub r#as: Option<Vec<Name>>,
    /// The screen to go on with when it returns; the one that opened it where this is left out.
    pub then: Option<Name>,
}

/// Back to the menu that opened this one, with values.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Return {
    /// A value for each name of `gives:`: `{bill: bill.number}`.
    pub r#return: Named<ValuePath>,
}
