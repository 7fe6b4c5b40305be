use super::{DialogueId, Msisdn, ServiceCode};

/// What an aggregator told us in one request, whatever its dialect: the gateway's profile makes it
/// from the wire, `turn` makes an event of it with what the line remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls, and in which of the aggregator's sessions.
    pub caller: Caller,
    /// What the request says of itself.
    pub signal: Signal,
    /// What the caller typed or dialled, and where in the dialogue that is.
    pub position: Position,
    /// The code that was dialled, where the request carries it.
    pub service_code: Option<ServiceCode>,
    /// What a begin tells for its whole session besides phone and code, by the profile's names.
    pub keep: Vec<(String, String)>,
    /// Whether the answer needs what the session's begin told.
    pub recalls: bool,
    /// What an input is whose session nobody knows.
    pub lost: Lost,
    /// When a dialogue is over, its session is to be forgotten: the gateway does not say when the next
    /// one begins, and may use the session's id for it.
    pub forgets: bool,
}

/// What an input is whose session nobody knows. A path is never replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lost {
    /// A dialogue begins at its start.
    #[default]
    Begin,
    /// It is refused: the aggregator wants to be told.
    Refuse,
}

/// The two keys by which a caller is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The phone. One phone has one line on a gateway.
    pub phone: Known,
    /// The aggregator's session id: a value in the line, not its key.
    pub session: String,
}

/// How a request tells its caller's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It tells it, as every request of its gateway does.
    Told(Msisdn),
    /// It tells it for the whole session: later requests need not, so it is to be remembered, and the
    /// service code with it.
    ToldForAll(Msisdn),
    /// It does not: what the session's begin told counts.
    Before,
}

impl Known {
    /// The phone, where the request tells it.
    pub fn told(&self) -> Option<&Msisdn> {
        match self {
            Self::Told(phone) | Self::ToldForAll(phone) => Some(phone),
            Self::Before => None,
        }
    }
}

/// What a request says of itself. Where it says nothing, the line decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A dialogue begins.
    Begin,
    /// The caller typed something.
    Input,
    /// It says nothing: a begin where the line knows nothing of the session, else an input.
    BeginOrInput,
    /// The caller hung up, or the network dropped the dialogue.
    Abort,
    /// The network or the aggregator gave up waiting.
    Timeout,
    /// The aggregator asks whether the session is alive.
    Status,
    /// The aggregator tells of the end of a dialogue, out of band.
    Ended,
}

/// The text of a request, by the class of its gateway.
#[derive(Clone, PartialEq, Eq)]
pub enum Position {
    /// All inputs since the dialogue began, joined by `*`; the length is the position.
    Accumulated {
        /// The whole text. Never stored: PINs come back in it.
        text: String,
    },
    /// The last input, with a request id or sequence that is the position.
    Identified {
        /// The last input.
        text: String,
        /// The aggregator's id of this request.
        request: String,
    },
    /// The last input, and the page that it was typed on: the gateway brings back what we signed for it.
    Shown {
        /// The last input.
        text: String,
        /// How many pages the dialogue had shown with that one.
        pages: u32,
        /// The dialogue that showed it.
        dialogue: DialogueId,
    },
    /// The last input alone.
    Bare {
        /// The last input.
        text: String,
    },
}

impl std::fmt::Debug for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (class, text) = match self {
            Self::Accumulated { text } => ("Accumulated", text),
            Self::Identified { text, .. } => ("Identified", text),
            Self::Shown { text, .. } => ("Shown", text),
            Self::Bare { text } => ("Bare", text),
        };
        write!(f, "{class}({} characters)", text.chars().count())
    }
}
