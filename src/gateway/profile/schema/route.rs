use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Body, OneOrMore, Tests, Text, Value};

/// One address for USSD, and what is read there.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct UssdRoute {
    /// What every route has.
    #[schemars(flatten)]
    pub common: Common,
    /// What only a `begin` tells.
    pub begin: Option<EventReads>,
    /// What only an `input` tells.
    pub input: Option<EventReads>,
    /// What only an `abort` tells.
    pub abort: Option<EventReads>,
    /// What only a `timeout` tells.
    pub timeout: Option<EventReads>,
    /// What only a `session_ended` tells.
    pub session_ended: Option<EventReads>,
    /// What only a `status_query` tells.
    pub status_query: Option<EventReads>,
    /// What only an `ignored` request tells.
    pub ignored: Option<EventReads>,
    /// What only an `error` tells.
    pub error: Option<EventReads>,
    /// What only a `refused` request tells.
    pub refused: Option<EventReads>,
    /// What a request is: rules in order, the last an event alone.
    pub event: Vec<UssdRule>,
}

/// One address for receipts or incoming SMS.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SmsRoute {
    /// What every route has.
    #[schemars(flatten)]
    pub common: Common,
    /// What only a `receipt` tells.
    pub receipt: Option<EventReads>,
    /// What only a `message` tells.
    pub message: Option<EventReads>,
    /// What only an `ignored` request tells.
    pub ignored: Option<EventReads>,
    /// What only an `error` tells.
    pub error: Option<EventReads>,
    /// What only a `refused` request tells.
    pub refused: Option<EventReads>,
    /// What a request is: rules in order, the last an event alone.
    pub event: Vec<SmsRule>,
}

/// What every route has.
#[derive(Debug, JsonSchema)]
pub struct Common {
    /// `GET`, `POST`, …; POST where the body is read, else GET.
    pub method: Option<OneOrMore<Method>>,
    /// The kind of body; told by what is read where it is left out.
    pub body: Option<Body>,
    /// How the body's bytes become text; `utf8` where it is left out.
    pub charset: Option<Charset>,
    /// Whether a body is read whatever its media type says.
    pub r#type: Option<AnyType>,
    /// Whether fields, elements and members are found in any case.
    pub names: Option<Names>,
    /// Where `item` begins: `json.event`, `xml.Message.Response`.
    pub at: Option<String>,
    /// A list whose every item is an event of its own: `json.results`.
    pub each: Option<String>,
    /// Values that must be there, by name: `session`, `phone`, `code`, `text`, …
    pub read: Option<BTreeMap<String, Value>>,
    /// Values that may be missing, by name.
    pub may: Option<BTreeMap<String, Value>>,
}

/// A method of HTTP.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

/// How bytes become text.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// ISO 8859-1.
    Latin1,
    /// UTF-16.
    Utf16,
    /// As the content type says, else UTF-8.
    Declared,
}

/// How names are found.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Names {
    /// In any case.
    AnyCase,
}

/// What is read for one event only.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EventReads {
    /// Values that must be there.
    pub read: Option<BTreeMap<String, Value>>,
    /// Values that may be missing.
    pub may: Option<BTreeMap<String, Value>>,
}

/// When a rule passes.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum When {
    /// Its tests.
    Tests(Tests),
    /// With an answer or a sentence of its own.
    Whole(WhenWhole),
}

/// When a rule passes, with what is answered then.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct WhenWhole {
    /// Its tests; without them it always passes.
    pub when: Option<Tests>,
    /// The answer in place of the event's own: a name under `reply`.
    pub reply: Option<String>,
    /// What `{error}` says.
    pub say: Option<Text>,
}

/// What a request for USSD is: an event alone, or `EVENT: TEST`.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum UssdRule {
    /// Always.
    Event(UssdEvent),
    /// Where the tests pass.
    Tested(Box<UssdTested>),
}

/// What a request for USSD is.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum UssdEvent {
    /// A dialogue begins.
    Begin,
    /// The caller typed something.
    Input,
    /// The caller hung up, told in place of an input.
    Abort,
    /// The network or the aggregator gave up waiting.
    Timeout,
    /// A dialogue is over, told at an address of its own.
    SessionEnded,
    /// Whether the session is alive.
    StatusQuery,
    /// Nothing to us.
    Ignored,
    /// What the aggregator should not send.
    Error,
    /// Not from the aggregator.
    Refused,
}

/// One event with its tests.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub struct UssdTested {
    /// A dialogue begins.
    pub begin: Option<When>,
    /// The caller typed something.
    pub input: Option<When>,
    /// The caller hung up, told in place of an input.
    pub abort: Option<When>,
    /// The network or the aggregator gave up waiting.
    pub timeout: Option<When>,
    /// A dialogue is over, told at an address of its own.
    pub session_ended: Option<When>,
    /// Whether the session is alive.
    pub status_query: Option<When>,
    /// Nothing to us.
    pub ignored: Option<When>,
    /// What the aggregator should not send.
    pub error: Option<When>,
    /// Not from the aggregator.
    pub refused: Option<When>,
}

/// What a request for SMS is: an event alone, or `EVENT: TEST`.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum SmsRule {
    /// Always.
    Event(SmsEvent),
    /// Where the tests pass.
    Tested(Box<SmsTested>),
}

/// What a request for SMS is.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum SmsEvent {
    /// How far an SMS is.
    Receipt,
    /// An SMS came.
    Message,
    /// Nothing to us.
    Ignored,
    /// What the aggregator should not send.
    Error,
    /// Not from the aggregator.
    Refused,
}

/// One event with its tests.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub struct SmsTested {
    /// How far an SMS is.
    pub receipt: Option<When>,
    /// An SMS came.
    pub message: Option<When>,
    /// Nothing to us.
    pub ignored: Option<When>,
    /// What the aggregator should not send.
    pub error: Option<When>,
    /// Not from the aggregator.
    pub refused: Option<When>,
}

/// Whether a body is read whatever its media type says.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum AnyType {
    /// It is.
    Any,
}
