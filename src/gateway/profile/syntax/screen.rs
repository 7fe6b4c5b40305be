use crate::model::PageSize;

/// What becomes of a screen's text.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct ScreenRules {
    pub(in crate::gateway) page: PageSize,
    pub(in crate::gateway) newline: Newline,
    /// Characters that become a space.
    pub(in crate::gateway) ban: Vec<char>,
    /// White space before the text goes.
    pub(in crate::gateway) trim_start: bool,
    /// What GSM 03.38 does not have becomes `?`.
    pub(in crate::gateway) gsm7_only: bool,
}

/// How lines of a screen are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Newline {
    LineFeed,
    CarriageReturn,
    /// Both. A page's size counts each line's end once more.
    Both,
}
