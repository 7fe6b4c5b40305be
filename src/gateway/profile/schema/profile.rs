use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{
    Call, Dates, OneOrMore, Poll, Replies, Setting, Signature, SmsRoute, Template, Text, UssdRoute,
};

/// How one aggregator speaks: `gateways/NAME.yaml`.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ProfileFile {
    /// A preset to begin with: `con_end`, or a file in `presets/`.
    pub extends: Option<String>,
    /// How sure the profile is of what it says.
    pub proof: Proof,
    /// What each account has its own of, by name.
    pub settings: Option<BTreeMap<String, Setting>>,
    /// How a request proves that it is the aggregator's. All of it must hold.
    pub caller: Option<Caller>,
    /// Country code that a national number gets, without `+`.
    pub country: Option<Template>,
    /// Milliseconds the aggregator waits; 4000 where it is left out.
    #[schemars(range(min = 500, max = 60_000))]
    pub deadline: Option<u32>,
    /// Seconds after which it ends a dialogue in which nobody types.
    #[schemars(range(min = 5, max = 3_600))]
    pub idle: Option<u32>,
    /// How often it sends a request again that was not answered.
    #[schemars(range(min = 0, max = 100))]
    pub retries: Option<u32>,
    /// How a dialogue and its turns are known again. Needed with `receive`.
    pub session: Option<Session>,
    /// What a page holds, and rules for its text.
    pub screen: Option<Screen>,
    /// Addresses for USSD, below `/ussd/NAME`.
    pub receive: Option<BTreeMap<String, UssdRoute>>,
    /// Addresses for receipts and incoming SMS, below `/sms/NAME`.
    pub reports: Option<BTreeMap<String, SmsRoute>>,
    /// What is answered.
    pub reply: Option<Replies>,
    /// The call that shows a screen, where the answer does not.
    pub later: Option<Call>,
    /// How an SMS is sent; of several the first whose `when` passes.
    pub send: Option<OneOrMore<Call>>,
    /// How a receipt is asked for.
    pub poll: Option<Poll>,
    /// Values for values, by name; `default` stands for every other.
    pub maps: Option<BTreeMap<String, BTreeMap<String, Text>>>,
    /// Formats of dates, by name.
    pub dates: Option<BTreeMap<String, Dates>>,
    /// Regular expressions, by name: their first group, or the whole match.
    pub patterns: Option<BTreeMap<String, Text>>,
    /// Digests and HMACs, by name.
    pub signatures: Option<BTreeMap<String, Signature>>,
    /// Addresses of XML namespaces, by prefix.
    pub namespaces: Option<BTreeMap<String, Text>>,
}

/// How sure a profile is, in its author's words.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Proof {
    /// Seen with the aggregator itself.
    pub live: Option<Vec<Text>>,
    /// Seen in recorded requests.
    pub recorded: Option<Vec<Text>>,
    /// Read in documents.
    pub documented: Option<Vec<Text>>,
    /// Read in code of others.
    pub from_code: Option<Vec<Text>>,
    /// Likely, not proved: what, and `setting.NAME` or `contract.KEY` that says it, or why none can.
    pub unsure: Option<BTreeMap<String, Text>>,
}

/// How a request proves that it is the aggregator's.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Caller {
    /// Values that a request bears, and what they must be.
    pub fields: Option<BTreeMap<String, Template>>,
    /// User and password.
    #[schemars(length(equal = 2))]
    pub basic: Option<Vec<Template>>,
    /// The key of Twilio's signature.
    pub twilio: Option<Template>,
    /// Addresses and networks it calls from, or a setting that lists them.
    pub addresses: Option<OneOrMore<Text>>,
}

/// How a dialogue and its turns are known again.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Session {
    /// What the aggregator sends.
    pub class: Class,
    /// The names that together are the session; `[session]` where it is left out.
    pub key: Option<Vec<String>>,
    /// Names that a begin tells for the whole session.
    pub keep: Option<Vec<String>>,
    /// What an input of a session that nobody knows is; `begin` where it is left out.
    pub lost: Option<Lost>,
    /// What a first text of an accumulated session is that is not empty; `lost` where it is left out.
    pub first: Option<OneOrSetting<First>>,
}

/// What the aggregator sends.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Class {
    /// All inputs since the dialogue began, joined by `*`.
    Accumulated,
    /// The last input, and an id or a counter of the request.
    Identified,
    /// The last input alone.
    Bare,
}

/// What an input of a session that nobody knows is.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Lost {
    /// The begin of a dialogue.
    Begin,
    /// A mistake, answered by `reply.lost`.
    Refuse,
}

/// A word, or a setting that is one: `setting.NAME`.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum OneOrSetting<W> {
    /// The word.
    Word(W),
    /// `setting.NAME`.
    Setting(String),
}

/// What a first text is.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum First {
    /// Of a session whose line is lost.
    Lost,
    /// Dialled behind the code.
    Dialled,
}

/// What a page holds, and rules for its text.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Screen {
    /// What a page holds.
    pub page: Option<Page>,
    /// How lines are parted; `lf` where it is left out.
    pub newline: Option<Newline>,
    /// Characters that become a space.
    pub ban: Option<Text>,
    /// `start` takes white space before the text.
    pub trim: Option<Trim>,
    /// `gsm7` writes `?` for what GSM 03.38 does not have.
    pub alphabet: Option<Alphabet>,
}

/// What a page holds.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Page {
    /// Septets; 160 where it is left out.
    #[schemars(range(min = 40, max = 1_000))]
    pub gsm7: Option<u32>,
    /// UCS-2 characters; 70 where it is left out.
    #[schemars(range(min = 40, max = 1_000))]
    pub ucs2: Option<u32>,
}

/// How lines are parted.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Newline {
    /// A line feed.
    Lf,
    /// A carriage return.
    Cr,
    /// Both.
    Crlf,
}

/// Where white space goes.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Trim {
    /// Before the text.
    Start,
}

/// The only alphabet of a page.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Alphabet {
    /// GSM 03.38.
    Gsm7,
}
