use std::time::Duration;

use crate::model::PageSize;

use super::fields::{BodyKind, Field};

/// How one aggregator speaks, compiled.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The file's name without `.yaml`; its address is `/ussd/NAME`.
    pub(super) name: String,
    pub(super) proof: Proof,
    pub(super) class: Class,
    /// A begin tells the phone for its whole session.
    pub(super) remembers_phone: bool,
    pub(super) deadline: Duration,
    pub(super) page: PageSize,
    pub(super) text: TextRules,
    pub(super) routes: Vec<Route>,
    pub(super) screen: Answer,
    pub(super) ended: Answer,
    pub(super) error: Answer,
}

/// How sure the profile is of what it says; each list holds the author's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Seen with the aggregator itself.
    pub live: Vec<String>,
    /// Seen in recorded requests.
    pub recorded: Vec<String>,
    /// Read in documents or in code of others.
    pub documented: Vec<String>,
    /// Likely, not proved.
    pub unsure: Vec<String>,
}

/// What a request says of its place in the dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// All inputs since the begin, joined by `*`.
    Accumulated,
    /// The last input and a request id.
    Identified,
    /// The last input alone.
    Bare,
}

/// What becomes of a screen's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TextRules {
    /// Lines end in a carriage return instead of a line feed.
    pub carriage_return: bool,
    /// Characters that become a space.
    pub banned: Vec<char>,
}

/// One address below the gateway's own.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub path: String,
    pub body: BodyKind,
    pub reads: Vec<Read>,
    pub rules: Vec<Rule>,
    /// The event when no rule matches.
    pub otherwise: Event,
}

/// One value that a route takes from its requests.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub name: Name,
    pub field: Field,
    pub map: Option<Map>,
    /// The request is refused without it.
    pub required: bool,
}

/// `begin: form.text is empty`.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub event: Event,
    pub field: Field,
    pub test: Test,
}

/// A field that is not there is `Absent` and `IsNot` anything, and passes no other test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Present,
    Absent,
    Empty,
    Is(String),
    IsNot(String),
    Starts(String),
}

impl Test {
    pub(super) fn passes(&self, value: Option<&str>) -> bool {
        match self {
            Self::Present => value.is_some(),
            Self::Absent => value.is_none(),
            Self::Empty => value == Some(""),
            Self::Is(wanted) => value == Some(wanted),
            Self::IsNot(unwanted) => value != Some(unwanted),
            Self::Starts(start) => value.is_some_and(|value| value.starts_with(start)),
        }
    }
}

/// Values for values. A plain `true`, `false`, `null` or number is one in JSON too.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    pub entries: Vec<(String, serde_json::Value)>,
    pub otherwise: Option<serde_json::Value>,
}

impl Map {
    pub(super) fn get(&self, key: &str) -> Option<&serde_json::Value> {
        let entry = self.entries.iter().find(|(from, _)| from == key);
        entry.map(|(_, to)| to).or(self.otherwise.as_ref())
    }
}

/// How one kind of response is built.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub media_type: String,
    pub body: Body,
}

/// What a response's body is made of.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Text(Template),
    Json(Tree),
}

/// A JSON value with places to fill. It is filled as a tree and serialised after that, so nothing
/// that is filled in can break it.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Fixed(serde_json::Value),
    Filled(Template),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// A text with places to fill.
#[derive(Clone, Debug, Default)]
pub(super) struct Template(pub Vec<Piece>);

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Literal(String),
    Slot { slot: Slot, map: Option<Map> },
}

/// What a place is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// The screen's text, after the text rules.
    Screen,
    /// `continue` or `end`.
    Go,
    /// The sentence of a refusal.
    Error,
    /// What the request said, as it came.
    Said(Name),
}

/// Makes an enum of the words that a profile may use, each variant with its word.
macro_rules! words {
    ($(#[$doc:meta])* $visibility:vis enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every word of a profile, in the order of the manual.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word in a profile.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What a word means.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What a request can tell, by the name that a profile gives it.
    pub enum Name {
        /// The aggregator's session id.
        Session = "session",
        /// The caller's phone.
        Phone = "phone",
        /// The service code.
        Code = "code",
        /// What the caller typed, last or accumulated.
        Text = "text",
        /// The aggregator's id of this request.
        Request = "request",
        /// What was dialled, where it is more than the service code; on a begin it is taken for it.
        Dialed = "dialed",
        /// What was dialled behind the service code, parts joined by `*`; on a begin it is taken
        /// together with it.
        Extras = "extras",
        /// The operator's network.
        Network = "network",
        /// The aggregator's name for us.
        Account = "account",
        /// How a dialogue ended: `completed`, `abandoned` or `error`.
        Outcome = "outcome",
        /// The aggregator's own word for that.
        RawStatus = "raw_status",
        /// What the dialogue cost.
        Cost = "cost",
        /// How many requests it took.
        Hops = "hops",
        /// How long it lasted, in milliseconds.
        DurationMs = "duration_ms",
    }
}

words! {
    /// What a request is.
    pub enum Event {
        /// A dialogue begins.
        Begin = "begin",
        /// The caller typed something.
        Input = "input",
        /// The caller hung up, or the network dropped the dialogue; told in place of an input.
        Abort = "abort",
        /// A dialogue has ended; told out of band.
        SessionEnded = "session_ended",
    }
}

words! {
    /// Whether the dialogue goes on after a screen.
    pub enum Go {
        /// The phone shows the screen and waits for a key.
        Continue = "continue",
        /// The phone shows the screen; the dialogue is over.
        End = "end",
    }
}

impl Profile {
    /// The name of the file without `.yaml`; the gateway's address is `/ussd/NAME`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How sure the profile is of what it says.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The aggregator waits this long for a reply.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// What one page holds.
    pub fn page(&self) -> PageSize {
        self.page
    }
}
