/// How a dialogue is known again.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Session {
    pub(in crate::gateway) class: Class,
    /// Names that together are the session; usually `session`.
    pub(in crate::gateway) key: Vec<String>,
    /// Names that a begin tells for the whole session: later requests need not bear them.
    pub(in crate::gateway) keep: Vec<String>,
    /// What an input of a session that nobody knows is.
    pub(in crate::gateway) lost: Lost,
    /// What the first text of an accumulated session is.
    pub(in crate::gateway) first: FirstText,
}

/// What a request says of its place in the dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Class {
    /// All inputs since the begin, joined by `*`.
    Accumulated,
    /// The last input and a request id.
    Identified,
    /// The last input alone.
    Bare,
}

/// What an input of a session that nobody knows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Lost {
    /// A dialogue begins at the start.
    Begin,
    /// It is answered by `reply.lost`.
    Refuse,
}

/// What the first text of an accumulated session is, when it is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum FirstText {
    /// A text of a session whose line was lost: it begins at the start.
    Lost,
    /// What was dialled behind the code.
    Dialled,
    /// One of these, as a setting says.
    Setting(String),
}
