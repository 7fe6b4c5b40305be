use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Body, OneOrMore, OutCharset, Template, Tests, Text, Tree, Value};

/// A call of ours, and how its reply is read. One of `get`, `post` and `put`.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Call {
    /// What is called.
    #[schemars(flatten)]
    pub request: CallRequest,
    /// On settings and `text.alphabet`: chooses among several calls.
    pub when: Option<Tests>,
    /// The aggregator knows our id and takes a message once.
    pub repeatable: Option<YesOrNo>,
    /// Whether an SMS without a sender is refused; `optional` where it is left out.
    pub sender: Option<Sender>,
    /// Kind of the reply's body; told by what is read where it is left out.
    pub reads: Option<Body>,
    /// What is read from the reply: `message_id`, `error_code`, `error`.
    pub may: Option<BTreeMap<String, Value>>,
    /// What came of it: rules in order, the last a result alone.
    pub result: Vec<SentRule>,
}

/// A call that asks for a receipt.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Poll {
    /// What is called.
    #[schemars(flatten)]
    pub request: CallRequest,
    /// On settings: chooses among several calls.
    pub when: Option<Tests>,
    /// Whether it may be made again.
    pub repeatable: Option<YesOrNo>,
    /// Whether an SMS without a sender is refused; `optional` where it is left out.
    pub sender: Option<Sender>,
    /// Kind of the reply's body; told by what is read where it is left out.
    pub reads: Option<Body>,
    /// What is read from the reply: `state`, `raw_status`.
    pub read: Option<BTreeMap<String, Value>>,
    /// What may be missing.
    pub may: Option<BTreeMap<String, Value>>,
    /// What came of it: rules in order, the last a result alone.
    pub result: Vec<PolledRule>,
}

/// A call: an address by its method, and one body or none.
#[derive(Debug, JsonSchema)]
pub struct CallRequest {
    /// The address; several are tried in order.
    pub get: Option<OneOrMore<Template>>,
    /// The address; several are tried in order.
    pub post: Option<OneOrMore<Template>>,
    /// The address; several are tried in order.
    pub put: Option<OneOrMore<Template>>,
    /// What follows `?`.
    pub query: Option<BTreeMap<String, Template>>,
    /// Headers by name.
    pub headers: Option<BTreeMap<String, Template>>,
    /// How the call proves that it is ours.
    pub auth: Option<Auth>,
    /// Parts that are named, filled in order and used as `{part.NAME}`.
    pub parts: Option<BTreeMap<String, Part>>,
    /// The media type; told by the body where it is left out.
    pub r#type: Option<Text>,
    /// What body and query are written in; `utf8` where it is left out.
    pub charset: Option<OutCharset>,
    /// A text.
    pub text: Option<Template>,
    /// JSON.
    pub json: Option<Tree>,
    /// One element by its name.
    pub xml: Option<BTreeMap<String, Tree>>,
    /// A method of XML-RPC with the value of its parameter.
    pub rpc: Option<BTreeMap<String, Tree>>,
    /// A form.
    pub form: Option<BTreeMap<String, Template>>,
}

/// A part of a call: a text, or JSON written compact.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Part {
    /// A text.
    Text(Template),
    /// JSON.
    Json(JsonPart),
}

/// JSON written compact and in this order.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonPart {
    /// Its value.
    pub json: Tree,
}

/// How a call proves that it is ours: one of these.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Auth {
    /// User and password.
    #[schemars(length(equal = 2))]
    pub basic: Option<Vec<Template>>,
    /// A token.
    pub bearer: Option<Template>,
    /// A call that gets a token, which is kept until a minute before it ends.
    pub oauth2: Option<Box<TokenCall>>,
}

/// A call that gets a token.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TokenCall {
    /// What is called.
    #[schemars(flatten)]
    pub request: CallRequest,
    /// Where the token stands in the reply: `json.access_token`.
    pub token: String,
    /// For how many seconds it is good: `json.expires_in`; an hour where it is left out.
    pub expires: Option<String>,
}

/// `yes` or `no`.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum YesOrNo {
    /// So.
    Yes,
    /// Not so.
    No,
}

/// What came of a call: a result alone, or `RESULT: TEST`.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum SentRule {
    /// Always.
    Result(SentResult),
    /// Where the tests pass.
    Tested(Box<SentTested>),
}

/// What came of a call.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum SentResult {
    /// Done; receipts will tell.
    Accepted,
    /// Never again.
    Rejected,
    /// Again, after a pause.
    Retry,
    /// Again, after a pause, and slower.
    SlowDown,
    /// Never again: the member wants none.
    OptedOut,
    /// Again, after someone has looked.
    BadCredentials,
    /// Again, after someone has looked.
    NoCredit,
    /// By the status; never accepted.
    ByStatus,
}

/// One result with its tests.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub struct SentTested {
    /// Done; receipts will tell.
    pub accepted: Option<Tests>,
    /// Never again.
    pub rejected: Option<Tests>,
    /// Again, after a pause.
    pub retry: Option<Tests>,
    /// Again, after a pause, and slower.
    pub slow_down: Option<Tests>,
    /// Never again: the member wants none.
    pub opted_out: Option<Tests>,
    /// Again, after someone has looked.
    pub bad_credentials: Option<Tests>,
    /// Again, after someone has looked.
    pub no_credit: Option<Tests>,
    /// By the status; never accepted.
    pub by_status: Option<Tests>,
}

/// What came of a poll: a result alone, or `RESULT: TEST`.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum PolledRule {
    /// Always.
    Result(PolledResult),
    /// Where the tests pass.
    Tested(PolledTested),
}

/// What came of a poll.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum PolledResult {
    /// What was read counts.
    Known,
    /// The aggregator does not know the message.
    Unknown,
    /// By the status.
    ByStatus,
}

/// One result with its tests.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub struct PolledTested {
    /// What was read counts.
    pub known: Option<Tests>,
    /// The aggregator does not know the message.
    pub unknown: Option<Tests>,
    /// By the status.
    pub by_status: Option<Tests>,
}

/// Whether an SMS must have a sender.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Sender {
    /// The aggregator refuses one without: a contract must say it.
    Needed,
    /// It has one of its own.
    Optional,
}
