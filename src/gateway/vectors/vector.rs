//! A vector: what goes over the wire in one case, and what must come of it.

use chrono::{DateTime, Utc};

use crate::{
    gateway::profile::{Channel, Go, SettingValue},
    model::{Msisdn, source::Span},
};

/// Names and values, in the order written.
pub(super) type Pairs = Vec<(String, String)>;
/// Names and values; `None` for one that must have none.
pub(super) type Values = Vec<(String, Option<String>)>;

/// One case.
#[derive(Debug)]
pub(super) struct Vector {
    pub(super) name: String,
    /// Where it stands.
    pub(super) span: Span,
    pub(super) channel: Channel,
    /// Settings of the account.
    pub(super) config: Vec<(String, SettingValue)>,
    /// The clock.
    pub(super) now: DateTime<Utc>,
    pub(super) case: Case,
}

/// Who calls whom.
#[derive(Debug)]
pub(super) enum Case {
    /// The aggregator calls us.
    Inbound(Box<Inbound>),
    /// We call the aggregator.
    Outbound(Box<Sending>),
}

/// A request of the aggregator's.
#[derive(Debug)]
pub(super) struct Inbound {
    /// What was kept of the session; `None` for a new one.
    pub(super) session: Option<Pairs>,
    pub(super) request: Wire,
    /// `type` and the values of the event.
    pub(super) event: Values,
    /// Those of a batch, where the vector tells all of them; the first is `event`.
    pub(super) events: Option<Vec<Values>>,
    /// What the application answers; of a repeat what it answered before.
    pub(super) app: Option<Said>,
    pub(super) response: Option<Wanted>,
    /// The call that shows the screen.
    pub(super) then: Option<Wire>,
}

/// A call of ours.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) message: Message,
    /// The call that gets a token, and its reply.
    pub(super) token: Option<(Wire, Reply)>,
    pub(super) request: Wire,
    pub(super) reply: Reply,
    pub(super) result: Values,
    /// It asks for a receipt; else it sends the message.
    pub(super) polls: bool,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) method: String,
    /// Of a request of ours the whole address.
    pub(super) path: String,
    /// Decoded.
    pub(super) query: Pairs,
    pub(super) headers: Pairs,
    /// Empty for none.
    pub(super) body: String,
    pub(super) body_match: BodyMatch,
}

/// A response of ours.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) status: Option<u16>,
    pub(super) headers: Pairs,
    pub(super) body: String,
    pub(super) body_match: BodyMatch,
}

/// The aggregator's reply.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Pairs,
    pub(super) body: String,
}

/// What an application answers.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) go: Go,
    pub(super) text: String,
}

/// An SMS of ours.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) to: Msisdn,
    pub(super) from: Option<String>,
    pub(super) text: String,
    pub(super) own_id: String,
    /// The aggregator's.
    pub(super) id: Option<String>,
}

/// How two bodies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyMatch {
    Exact,
    Json,
    /// Ours may have more members.
    JsonSuperset,
    Xml,
    /// Ours may have more elements and attributes.
    XmlSuperset,
    Rpc,
    RpcFault,
    Form,
    /// Any body of a success.
    Any2xx,
    /// Any response.
    Any,
}

impl BodyMatch {
    const ALL: [(&'static str, Self); 10] = [
        ("exact", Self::Exact),
        ("json", Self::Json),
        ("json_superset", Self::JsonSuperset),
        ("xml", Self::Xml),
        ("xml_superset", Self::XmlSuperset),
        ("xmlrpc", Self::Rpc),
        ("xmlrpc_fault", Self::RpcFault),
        ("form", Self::Form),
        ("any_2xx", Self::Any2xx),
        ("any", Self::Any),
    ];

    /// Every word of it.
    pub(super) fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|(word, _)| *word).collect()
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, by)| *by)
    }

    /// How a body is compared where the vector does not say: by its media type.
    pub(super) fn of(headers: &Pairs) -> Self {
        let media_type = header(headers, "content-type").unwrap_or_default();
        match media_type.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Self::Form,
            "application/json" => Self::Json,
            "text/xml" | "application/xml" => Self::Xml,
            _ => Self::Exact,
        }
    }
}

/// The value of a header, its name in any case.
pub(super) fn header<'a>(headers: &'a Pairs, name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

impl Inbound {
    /// What was kept of the session by a name.
    pub(super) fn kept(&self, name: &str) -> Option<&str> {
        let mut kept = self.session.iter().flatten();
        let found = kept.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// How many pages its dialogue has shown.
    pub(super) fn shown(&self) -> u32 {
        let told = self.kept("turn").and_then(|turn| turn.parse().ok());
        told.unwrap_or(1)
    }

    /// A value of the event that must be there.
    pub(super) fn expected(&self, name: &str) -> Option<&str> {
        let mut values = self.event.iter();
        let found = values.find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.as_deref())
    }
}
