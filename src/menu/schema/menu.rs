use schemars::JsonSchema;

use super::{
    Keyed, Keys, Late, Messages, Name, Named, Off, Resume, Screen, ServiceCode, Setting, Tag, Text,
    TypeName, Words,
};

/// A file of a menu set: the root, which bears the folder's name; a menu; or a fragment, whose screens
/// stand in several menus.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum MenuFile {
    /// The root.
    Root(Box<Root>),
    /// A menu.
    Menu(Box<Menu>),
    /// A fragment.
    Fragment(Fragment),
}

/// The root: what the whole set shares, and the first menu.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Root {
    /// The menu's name, which is the file's.
    pub menu: Name,
    /// The code that callers dial, in quotes: `"*152*00#"`.
    pub service: ServiceCode,
    /// Each language's tag and its own name, as callers read it. The first stands in the menus
    /// themselves; callers whose language is not known read it.
    pub languages: std::collections::BTreeMap<Tag, Text>,
    /// The keys that mean the same on every screen.
    pub keys: Keys,
    /// What stands beside these keys, and what the engine says by itself.
    pub words: Words,
    /// How a late answer is opened on a phone that is not the member's. Needed where a call can be late.
    pub late: Option<Late>,
    /// The SMS that no screen sends. Needed where the set takes payments.
    pub messages: Option<Messages>,
    /// The screen for a caller whose language is not known; usually a `language` screen.
    pub first_dial: Name,
    /// What an installation may set, with its type and what it is where nothing is set. Used as
    /// `{setting.hotline}` in texts and `setting.hotline` elsewhere.
    pub settings: Option<Named<Setting>>,
    /// What every menu has.
    #[schemars(flatten)]
    pub body: Body,
}

/// A menu other than the root.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Menu {
    /// The menu's name, which is the file's.
    pub menu: Name,
    /// What it is opened with: names and their types, in order.
    pub takes: Option<Named<TypeName>>,
    /// What it returns with: names and their types, in order.
    pub gives: Option<Named<TypeName>>,
    /// What every menu has.
    #[schemars(flatten)]
    pub body: Body,
}

/// What every menu has, the root too.
#[derive(Debug, JsonSchema)]
pub struct Body {
    /// Fragments whose screens stand in this menu as if they were written here.
    pub include: Option<Vec<Name>>,
    /// When the menu is switched off, and what is shown instead.
    pub off: Option<Off>,
    /// What is left of a dialogue that was dropped in this menu, when the same code is dialled soon.
    pub resume: Option<Resume>,
    /// Keys dialled behind the service code and the screens that they begin at: `{"7": number}`.
    pub shortcuts: Option<Keyed<Name>>,
    /// Its first screen.
    pub start: Name,
    /// Its screens by name.
    pub screens: Named<Screen>,
}

/// Screens that stand in every menu that includes them.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fragment {
    /// Its name, which is the file's.
    pub fragment: Name,
    /// Its screens by name.
    pub screens: Named<Screen>,
}
