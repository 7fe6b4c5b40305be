//! A body, as its route expects it.

use super::{
    BodyKind, Charset, Refused,
    charset::{self, Concrete},
    json::Json,
    parsed::{Limits, few},
    rpc::Rpc,
    urlencoded::{self, Pairs},
    xml::Node,
};

/// What is in a body. The text stands beside what it is read as, for `body`.
#[derive(Default)]
pub(super) enum Payload {
    #[default]
    Nothing,
    Text(String),
    /// What is no body of its kind, or not read yet.
    Unread,
    Form(Pairs),
    Json(Json, String),
    Xml(Node, String),
    Rpc(Rpc, String),
}

/// How a body is to be read.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub kind: BodyKind,
    pub charset: Charset,
    /// As the body's sender tells it.
    pub content_type: Option<&'a str>,
    /// Whatever that says: it came with a reply, where many servers say `text/html` of all they send, or the profile
    /// says so.
    pub any_type: bool,
    pub limits: Limits,
}

impl Payload {
    pub(super) fn read(bytes: &[u8], expected: Expected<'_>) -> Result<Self, Refused> {
        admit(expected)?;
        let charset = Concrete::of(expected.charset, expected.content_type)?;
        let limits = expected.limits;
        if expected.kind == BodyKind::Form {
            let pairs = urlencoded::pairs_in(bytes, "body", charset)?;
            few(&pairs, "body", limits)?;
            return Ok(Self::Form(pairs));
        }
        let text = charset::decoded(charset::unmarked(bytes, charset), charset, "body")?;
        Ok(match expected.kind {
            BodyKind::Json => Self::Json(Json::read(&text, limits)?, text),
            BodyKind::Xml => Self::Xml(Node::read(&text, limits)?, text),
            BodyKind::Rpc => Self::Rpc(Rpc::read(&Node::read(&text, limits)?)?, text),
            BodyKind::Text | BodyKind::Form | BodyKind::Nothing => Self::Text(text),
        })
    }
}

/// A body without a media type is read as what is expected: some aggregators send none. So is every reply, and what a profile says it of.
fn admit(expected: Expected<'_>) -> Result<(), Refused> {
    let whole = expected.content_type.unwrap_or_default();
    let sent = whole
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    if sent.is_empty() || expected.any_type {
        return Ok(());
    }
    let (wanted, fits) = match expected.kind {
        BodyKind::Nothing | BodyKind::Text => return Ok(()),
        BodyKind::Form => {
            let form = "application/x-www-form-urlencoded";
            (form, sent == form)
        }
        BodyKind::Json => (
            "application/json",
            sent == "application/json" || sent == "text/json" || sent.ends_with("+json"),
        ),
        BodyKind::Xml | BodyKind::Rpc => (
            "text/xml",
            sent == "text/xml" || sent == "application/xml" || sent.ends_with("+xml"),
        ),
    };
    if fits {
        Ok(())
    } else {
        Err(Refused::ContentType(wanted))
    }
}
