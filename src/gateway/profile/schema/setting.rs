use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Template, Text};

/// What each account has its own of: its kind, or a map with a default.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Setting {
    /// Its kind; an account must give it.
    Kind(SettingKind),
    /// With more.
    Whole(SettingWhole),
}

/// A kind of setting.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum SettingKind {
    /// Any text.
    Text,
    /// A text that is never shown, and has no default.
    Secret,
    /// An `http` or `https` address.
    Address,
    /// A whole number.
    Number,
    /// Several texts.
    List,
    /// Texts by texts: a map of the account's own.
    Map,
}

/// A setting with its default, its words or what it is for.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SettingWhole {
    /// Its kind; told by the default where it is left out.
    pub kind: Option<SettingKind>,
    /// The words of which it is one.
    pub choice: Option<Vec<Text>>,
    /// What it is where an account does not give it. May hold `{public}`, `{gateway}`, `{setting.OTHER}`
    /// and its places.
    pub default: Option<SettingDefault>,
    /// Names that are filled in when it is used: `[ref]`.
    pub places: Option<Vec<String>>,
    /// One sentence for whoever sets it.
    pub about: Option<Text>,
}

/// What a setting is where an account does not give it.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum SettingDefault {
    /// A text.
    Text(Template),
    /// Several texts.
    List(Vec<Text>),
    /// Texts by texts.
    Map(BTreeMap<String, Text>),
}
