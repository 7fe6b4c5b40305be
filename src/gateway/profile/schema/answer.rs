use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Template, Text, Tree};

/// What is answered. Any other name is an answer that a rule chooses.
#[derive(Debug, JsonSchema)]
pub struct Replies {
    /// A screen after which the dialogue goes on.
    pub r#continue: Option<Answer>,
    /// A screen after which it is over.
    pub end: Option<Answer>,
    /// Both.
    pub screen: Option<Answer>,
    /// A request whose screen goes out by `later`.
    pub acknowledged: Option<Answer>,
    /// The caller hung up.
    pub abort: Option<Answer>,
    /// The network gave up waiting.
    pub timeout: Option<Answer>,
    /// A dialogue is over.
    pub session_ended: Option<Answer>,
    /// Nothing to us.
    pub ignored: Option<Answer>,
    /// Whether the session is alive.
    pub status_query: Option<Answer>,
    /// A receipt.
    pub receipt: Option<Answer>,
    /// An SMS that came.
    pub message: Option<Answer>,
    /// Any event but `ignored` of a session that is not known.
    pub unknown: Option<Answer>,
    /// Events without an answer of their own.
    pub other: Option<Answer>,
    /// An input whose session nobody knows.
    pub lost: Option<Answer>,
    /// A request without what must be there.
    pub missing: Option<Answer>,
    /// A body that is not what it should be.
    pub malformed: Option<Answer>,
    /// A request that is not the aggregator's.
    pub refused: Option<Answer>,
    /// Every other mistake in a request.
    pub error: Option<Answer>,
    /// Answers that rules choose.
    #[schemars(flatten)]
    pub chosen: BTreeMap<String, Answer>,
}

/// An answer: one body, or none and a status.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Answer {
    /// 200 where it is left out; 400 for mistakes, 403 for `refused`.
    #[schemars(range(min = 200, max = 599))]
    pub status: Option<u16>,
    /// The media type; told by the body where it is left out.
    pub r#type: Option<Text>,
    /// What it is written in; `utf8` where it is left out.
    pub charset: Option<OutCharset>,
    /// Headers by name.
    pub headers: Option<BTreeMap<String, Template>>,
    /// A text.
    pub text: Option<Template>,
    /// JSON.
    pub json: Option<Tree>,
    /// One element by its name. `@NAME` is an attribute, `#` the text beside attributes, a list the same
    /// element several times.
    pub xml: Option<BTreeMap<String, Tree>>,
    /// The value of an XML-RPC response.
    pub rpc: Option<Tree>,
    /// A form.
    pub form: Option<BTreeMap<String, Template>>,
}

/// What an answer or a call is written in.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum OutCharset {
    /// UTF-8.
    Utf8,
    /// ISO 8859-1; what it does not have is a number in XML, else `?`.
    Latin1,
}
