use super::{Body, BodyKind, Chain, Charset, Outcome, Read, Rule, Template, Test, Tree};

/// A call of ours to the aggregator, and how its reply is read.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Exchange {
    /// On settings and the text only.
    pub(in crate::gateway) when: Vec<Test>,
    pub(in crate::gateway) request: OutRequest,
    /// How the reply's body is read.
    pub(in crate::gateway) reads: BodyKind,
    /// `message_id`, `error_code`, `error`; for a poll also `state`, `raw_status`.
    pub(in crate::gateway) values: Vec<Read>,
    /// Tried in order.
    pub(in crate::gateway) rules: Vec<Rule<Outcome>>,
}

/// What a call of ours looks like.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct OutRequest {
    pub(in crate::gateway) method: String,
    /// Several hosts are tried in this order.
    pub(in crate::gateway) addresses: Vec<Template>,
    pub(in crate::gateway) query: Vec<(String, Template)>,
    pub(in crate::gateway) headers: Vec<(String, Template)>,
    pub(in crate::gateway) auth: Option<Auth>,
    /// Named, filled in this order, each usable in those after it and in all else.
    pub(in crate::gateway) parts: Vec<(String, Part)>,
    pub(in crate::gateway) body: Body,
    pub(in crate::gateway) media_type: Option<String>,
    /// Of the body and of what is escaped in the query: UTF-8 or ISO 8859-1.
    pub(in crate::gateway) charset: Charset,
    /// The aggregator knows our id, so what may have been taken can be sent again.
    pub(in crate::gateway) knows_our_id: bool,
    /// The aggregator refuses an SMS without a sender.
    pub(in crate::gateway) needs_sender: bool,
    /// Line in the profile's file, from 1.
    pub(in crate::gateway) line: usize,
}

/// A part named before it is used: serialised JSON, or a text.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Part {
    Text(Template),
    Json(Tree),
}

/// How our call proves that it is ours.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Auth {
    Basic(Template, Template),
    Bearer(Template),
    /// The token of another call, kept until it ends, got again after a 401.
    OAuth2(Box<TokenCall>),
}

/// The call that gets a token.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct TokenCall {
    pub(in crate::gateway) request: OutRequest,
    /// `json.access_token`.
    pub(in crate::gateway) token: Chain,
    /// Seconds: `json.expires_in`, a number or a text; an hour where it is absent.
    pub(in crate::gateway) expires: Chain,
}
