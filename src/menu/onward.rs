//! What a menu says of ways that a key alone does not go: returns, shortcuts, a dialogue resumed.

use std::time::Duration;

use super::{MenuId, ScreenId, Texts, VarId};

/// Where a return leads, for one way that opens its menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opener {
    /// The menu that opens.
    pub menu: MenuId,
    /// Its screen that opens.
    pub screen: ScreenId,
    /// Its screen that a return enters; where there is none, it shows the screen that opened.
    pub then: Option<ScreenId>,
}

/// What is dialled behind the set's code to begin at a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The first part behind the code.
    pub key: String,
    /// The screen's menu, which takes nothing.
    pub menu: MenuId,
    /// The screen. It needs nothing that was answered before.
    pub screen: ScreenId,
}

/// What is left of a dialogue that was dropped in a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// For how long after its last turn it is offered.
    pub within: Duration,
    /// The variables that stay.
    pub keep: Vec<VarId>,
    /// The variables that are asked for again.
    pub ask_again: Vec<VarId>,
    /// Whether it can go on from the menu's start where no screen is left to go on from: the key
    /// that goes on is no "yes" there.
    pub from_start: bool,
}

/// The page that offers to go on. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeWords {
    /// The question.
    pub ask: Texts,
    /// Beside [`CARRY_ON`].
    pub carry_on: Texts,
    /// Beside [`START_AGAIN`].
    pub start_again: Texts,
}

/// The key that goes on with a dialogue that was dropped.
pub const CARRY_ON: &str = "1";
/// The key that begins anew.
pub const START_AGAIN: &str = "2";
