use super::Template;

/// A value that each account of the profile has its own of.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Setting {
    /// As the profile calls it: `setting.NAME`.
    pub(in crate::gateway) name: String,
    /// What it may be.
    pub(in crate::gateway) kind: SettingKind,
    /// Without one an account must give it. A template may use `{public}`, `{gateway}`, other settings, and
    /// what `places` names.
    pub(in crate::gateway) default: Option<SettingDefault>,
    /// For a text that is filled when it is used (`{ref}` in the address of receipts): the names that may stand in it.
    pub(in crate::gateway) places: Vec<String>,
    /// One sentence for whoever sets it.
    pub(in crate::gateway) about: Option<String>,
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum SettingKind {
    /// Any text.
    Text,
    /// A text that is never shown.
    Secret,
    /// An `http` or `https` address.
    Address,
    /// A whole number.
    Number,
    /// One of these words.
    Choice(Vec<String>),
    /// Texts by texts: `maps` of the account's own.
    Map,
    /// Several texts.
    List,
}

/// What a setting is where an account does not give it.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum SettingDefault {
    /// A text, with places.
    Text(Template),
    /// Texts by texts.
    Map(Vec<(String, String)>),
    /// Several texts; may be none.
    List(Vec<String>),
}
