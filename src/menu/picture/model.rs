/// A menu set, or one menu of it, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What is drawn: `chf *152*00#`, `chf.renewal`.
    pub(super) title: String,
    /// One for each menu.
    pub(super) panels: Vec<Panel>,
}

/// A menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Panel {
    pub(super) menu: String,
    /// What it takes and who opens it, in a few words; may be empty.
    pub(super) about: String,
    /// Its screens, in the order of the file.
    pub(super) pages: Vec<Page>,
    /// Where a caller comes in, by position.
    pub(super) starts: Vec<usize>,
}

/// A screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// `cover.look`, as the simulator shows it.
    pub(super) screen: String,
    /// `look`.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
    pub(super) rows: Vec<Row>,
    /// The keys that leave every page, as on the phone; may be empty.
    pub(super) foot: String,
    /// Whether entering it sends an SMS.
    pub(super) sms: bool,
    /// How a caller comes in here from outside: what is dialled.
    pub(super) entry: Vec<String>,
}

/// A line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line(pub(super) Vec<Run>);

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    /// Whether a value stands here.
    pub(super) value: bool,
}

/// A way from a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// What is pressed; empty for an outcome.
    pub(super) key: String,
    /// Beside it.
    pub(super) text: String,
    pub(super) leads: Leads,
    /// Whether an SMS tells it when it is late.
    pub(super) sms: bool,
    /// When it is open, where it is not always.
    pub(super) when: Option<String>,
}

/// Where a way leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To the page at this position of the same panel.
    Page(usize),
    /// To the start of another menu.
    Menu {
        menu: String,
        /// `renewal.quote`.
        screen: String,
        /// The page of this panel that a return leads to, where it is another than this.
        then: Option<usize>,
    },
    /// To the menu that opened this one.
    Return,
    /// To the screen before.
    Back,
    /// To the root's start.
    Home,
}

impl Leads {
    /// The page of the same panel where it ends.
    pub(super) fn page(&self) -> Option<usize> {
        match self {
            Self::Page(to) => Some(*to),
            Self::Menu { then, .. } => *then,
            Self::Back | Self::Home | Self::Return => None,
        }
    }
}

/// What a screen does: its verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Options.
    Menu,
    /// Records to choose from.
    List,
    /// Something to type.
    Ask,
    /// Read back.
    Confirm,
    /// Information.
    Show,
    /// The last page.
    End,
    /// Asks something of the world.
    Call,
    /// Languages to choose from.
    Language,
    /// Goes the first way that is open.
    Route,
    /// Sets values.
    Set,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Menu,
        Self::List,
        Self::Ask,
        Self::Confirm,
        Self::Show,
        Self::End,
        Self::Call,
        Self::Language,
        Self::Route,
        Self::Set,
    ];

    /// The verb, as an author writes it; also the class in the style.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::List => "list",
            Self::Ask => "ask",
            Self::Confirm => "confirm",
            Self::Show => "show",
            Self::End => "end",
            Self::Call => "call",
            Self::Language => "language",
            Self::Route => "route",
            Self::Set => "set",
        }
    }

    /// Whether a phone shows it; what is not shown has another shape.
    pub(super) fn is_shown(self) -> bool {
        match self {
            Self::Menu
            | Self::List
            | Self::Ask
            | Self::Confirm
            | Self::Show
            | Self::End
            | Self::Language => true,
            Self::Call | Self::Route | Self::Set => false,
        }
    }
}

impl Line {
    /// Its text.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}
