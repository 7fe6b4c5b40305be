//! What a profile says, compiled: every name is resolved, nothing is read from text any more.

use std::{sync::Arc, time::Duration};

use regex::Regex;

use crate::model::PageSize;

/// How one aggregator speaks.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The file's name without `.yaml`.
    pub(super) name: String,
    pub(super) proof: Proof,
    pub(super) settings: Vec<Setting>,
    pub(super) caller: CallerProof,
    pub(super) session: Session,
    pub(super) screen: ScreenRules,
    /// Country code that a national number gets, without `+`; see [`Filter::E164`].
    pub(super) country: Option<Template>,
    /// The aggregator waits this long for a reply.
    pub(super) deadline: Duration,
    /// It ends a dialogue in which nobody types for this long, where that is known.
    pub(super) idle: Option<Duration>,
    /// How often it sends a request again that was not answered, where that is known.
    pub(super) retries: Option<u32>,
    /// Addresses below `/ussd/NAME`.
    pub(super) receive: Vec<Route>,
    /// Addresses below `/sms/NAME`.
    pub(super) reports: Vec<Route>,
    pub(super) replies: Replies,
    /// The call that shows a screen, of an aggregator that does not read it in our reply.
    pub(super) later: Option<Exchange>,
    /// How an SMS is sent: the first whose conditions hold.
    pub(super) send: Vec<Exchange>,
    /// How an SMS's receipt is asked for.
    pub(super) poll: Option<Exchange>,
}

/// Which of a gateway's addresses are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `/ussd/NAME`.
    Ussd,
    /// `/sms/NAME`.
    Sms,
}

/// How sure the profile is of what it says; each list holds the author's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Seen with the aggregator itself.
    pub live: Vec<String>,
    /// Seen in recorded requests.
    pub recorded: Vec<String>,
    /// Read in documents.
    pub documented: Vec<String>,
    /// Read in code of others.
    pub from_code: Vec<String>,
    /// Likely, not proved: what, and where an account says it.
    pub unsure: Vec<(String, Settled)>,
}

/// Where an account says what its profile is unsure of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// In this setting.
    Setting(String),
    /// In this key of the contract.
    Contract(String),
    /// Nowhere, and why.
    Nowhere(String),
}

/// A value that each account of the profile has its own of.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Setting {
    /// As the profile calls it: `setting.NAME`.
    pub(in crate::gateway) name: String,
    /// What it may be.
    pub(in crate::gateway) kind: SettingKind,
    /// Without one an account must give it. A template may use `{public}`, `{gateway}`, other settings, and
    /// what `places` names.
    pub(in crate::gateway) default: Option<SettingDefault>,
    /// For a text that is filled when it is used (`{ref}` in the address of receipts): the names that may stand in it.
    pub(in crate::gateway) places: Vec<String>,
    /// One sentence for whoever sets it.
    pub(in crate::gateway) about: Option<String>,
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum SettingKind {
    /// Any text.
    Text,
    /// A text that is never shown.
    Secret,
    /// An `http` or `https` address.
    Address,
    /// A whole number.
    Number,
    /// One of these words.
    Choice(Vec<String>),
    /// Texts by texts: `maps` of the account's own.
    Map,
    /// Several texts.
    List,
}

/// What a setting is where an account does not give it.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum SettingDefault {
    /// A text, with places.
    Text(Template),
    /// Texts by texts.
    Map(Vec<(String, String)>),
    /// Several texts; may be none.
    List(Vec<String>),
}

/// How a request proves that it comes from the aggregator. All of it must hold; empty proves nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct CallerProof {
    /// Values that a request bears, compared in constant time.
    pub(in crate::gateway) fields: Vec<(Chain, Template)>,
    /// User and password of basic authentication.
    pub(in crate::gateway) basic: Option<(Template, Template)>,
    /// Twilio's signature, with this key.
    pub(in crate::gateway) twilio: Option<Template>,
    /// Addresses and networks it calls from (`10.0.0.0/8`); the list of a setting.
    pub(in crate::gateway) addresses: Option<Addresses>,
}

/// Addresses that a request may come from.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Addresses {
    /// As the profile says.
    These(Vec<ipnet::IpNet>),
    /// As a setting of kind [`SettingKind::List`] says; an empty list lets all in.
    Setting(String),
}

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

/// What becomes of a screen's text.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct ScreenRules {
    pub(in crate::gateway) page: PageSize,
    pub(in crate::gateway) newline: Newline,
    /// Characters that become a space.
    pub(in crate::gateway) ban: Vec<char>,
    /// White space before the text goes.
    pub(in crate::gateway) trim_start: bool,
    /// What GSM 03.38 does not have becomes `?`.
    pub(in crate::gateway) gsm7_only: bool,
}

/// How lines of a screen are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Newline {
    LineFeed,
    CarriageReturn,
    /// Both. A page's size counts each line's end once more.
    Both,
}

/// One address of ours.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Route {
    /// Parts of the path below the gateway's own address; none for that address itself.
    pub(in crate::gateway) path: Vec<PathPart>,
    /// `GET`, `POST`, `PUT`. Empty for any.
    pub(in crate::gateway) methods: Vec<String>,
    pub(in crate::gateway) body: BodyKind,
    /// How the body's bytes become text.
    pub(in crate::gateway) charset: Charset,
    /// The media type that comes with the body is not looked at.
    pub(in crate::gateway) any_type: bool,
    /// Names of fields, elements and members are found in any case.
    pub(in crate::gateway) any_case: bool,
    /// Where in the body [`Source::Item`] begins, and whether there are several of it, each an event.
    pub(in crate::gateway) item: Option<Item>,
    /// Read from every request.
    pub(in crate::gateway) reads: Vec<Read>,
    /// Read for one event only.
    pub(in crate::gateway) event_reads: Vec<(Event, Vec<Read>)>,
    /// Tried in order; the last has no tests.
    pub(in crate::gateway) rules: Vec<Rule<Event>>,
    /// As the author wrote the path.
    pub(in crate::gateway) written: String,
}

/// `session` or `{session}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum PathPart {
    Literal(String),
    /// Read as `path.NAME`.
    Named(String),
}

/// What a route, or an aggregator's reply, has in its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum BodyKind {
    Nothing,
    Form,
    Json,
    Xml,
    /// XML-RPC.
    Rpc,
    /// Read as `body` only.
    Text,
}

/// How bytes become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Charset {
    Utf8,
    Latin1,
    Utf16,
    /// As the content type says, else UTF-8.
    Declared,
}

/// Where [`Source::Item`] begins.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Item {
    /// A [`Source::Json`] or [`Source::Xml`] place.
    pub(in crate::gateway) at: Source,
    /// Every item there is an event of its own; without it there is one.
    pub(in crate::gateway) each: bool,
}

/// A value with its name.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Read {
    /// `session`, `phone`, `text`, … or a name of the author's own.
    pub(in crate::gateway) name: String,
    pub(in crate::gateway) value: Value,
    /// The request is refused without it.
    pub(in crate::gateway) required: bool,
    /// As the author wrote the first of its places: `form.phoneNumber`.
    pub(in crate::gateway) written: String,
}

/// The first of these that is there.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Value(pub Vec<Chain>);

/// A value and what is done to it, in order.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Chain {
    pub(in crate::gateway) source: Source,
    pub(in crate::gateway) filters: Vec<Filter>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::gateway) enum Source {
    // What is read: a request, or the aggregator's reply to our call.
    Query(String),
    Form(String),
    /// In the form, or else in the query.
    Param(String),
    Header(String),
    Path(String),
    Method,
    /// The status of a reply.
    Status,
    /// The whole body as text.
    Body,
    Json(Vec<JsonStep>),
    Xml(Vec<XmlStep>),
    /// Below the route's item: JSON steps or XML steps, as the item is.
    ItemJson(Vec<JsonStep>),
    ItemXml(Vec<XmlStep>),
    /// The method's name of an XML-RPC call.
    RpcMethod,
    /// A parameter by its number, from 0, and members below it.
    Rpc(usize, Vec<JsonStep>),

    // What is known.
    Setting(String),
    /// A query or form field, a parameter or a header whose name a setting tells: it stands in the place of the name.
    /// An account has the plain place instead.
    Called(Box<Source>),
    /// A name that was read from this request.
    Said(String),
    /// A name that the session's begin told.
    Kept(String),
    /// A part of an [`Exchange`].
    Part(String),
    /// Several of these and literals, as one text: `*{query.input}#`.
    Template(Box<Template>),

    // What is written.
    /// The screen's text, after the screen rules.
    Screen,
    /// `gsm7` or `ucs2`.
    ScreenAlphabet,
    /// `continue` or `end`.
    Go,
    /// The sentence of a refusal.
    Error,
    /// The names of missing values, as the aggregator writes them: a list.
    Missing,
    /// How many pages the dialogue has shown, this one included: 1 for the first.
    Turn,
    /// Whether the session was known: `true` or `false`.
    Known,
    /// Turn and dialogue, signed: what comes back is read through [`Filter::Signed`].
    State,
    /// Our public address, without a slash at its end.
    Public,
    /// The account's name.
    Gateway,
    Now,
    /// To whom an SMS goes, E.164.
    To,
    /// The sender that it shows.
    From,
    /// Its text.
    Text,
    /// `gsm7` or `ucs2`.
    TextAlphabet,
    Segments,
    /// Our id of it.
    Ref,
    /// The aggregator's id of it.
    MessageId,
}

/// One step into JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum JsonStep {
    Name(String),
    /// From 0.
    Index(usize),
    /// The first item of a list whose member has this value: `[id=6]`.
    Where(String, String),
}

/// One step into XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum XmlStep {
    /// The first child element of this name.
    Element(XmlName),
    Attribute(String),
    /// From 0, among the elements of the step before.
    Index(usize),
    /// Among them the first whose attribute or child has this value: `[@id=6]`, `[name=x]`.
    Where(Box<XmlStep>, String),
}

/// The name of an element. Prefixes never count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) struct XmlName {
    /// `None` for any.
    pub(in crate::gateway) namespace: Option<String>,
    pub(in crate::gateway) local: String,
}

/// What is done to a value. One that cannot be done leaves no value.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Filter {
    /// A map of the profile.
    Map(Arc<Map>),
    /// A map that is a setting.
    SettingMap(String),
    /// One of these filters of the language, as a setting chooses.
    Chosen(String, Vec<(String, Filter)>),
    /// Dates of the profile: reads a text into a time, or writes a time.
    Date(Arc<Dates>),
    /// What its first group matches, or the whole match.
    Pattern(Arc<Regex>),
    /// A digest or HMAC of the text.
    Signature(Arc<Signature>),
    Lower,
    Upper,
    Trim,
    /// Digits only.
    Digits,
    /// An international number, with the default country for a national one: `+255…`.
    E164,
    /// The same without `+`.
    Bare,
    /// A number or id that is no phone number: taken as it comes.
    Opaque,
    /// `tel:+255…`.
    Tel,
    /// Without its country code.
    National,
    Number,
    /// A text, whatever type it had.
    Text,
    /// A number, `true` or `false` where it reads as one.
    Typed,
    Bool,
    /// The whole number after it.
    Next,
    /// What stands behind the last `/`.
    LastSegment,
    /// `*` before and `#` behind, where they are missing: `152*00` is `*152*00#`.
    Code,
    /// What stands behind the service code in it, without `#`.
    AfterCode,
    UrlDecode,
    UrlEncode,
    Base64,
    Base64Decode,
    Hex,
    HexDecode,
    /// Hexadecimal UTF-16BE.
    Ucs2Hex,
    Ucs2HexDecode,
    /// Characters beyond ASCII as `\uXXXX`.
    Ascii,
    /// Seconds since 1970, read or written.
    Epoch,
    /// Milliseconds since 1970, read or written.
    EpochMs,
    /// RFC 3339, read or written.
    Iso,
    /// A state of ours that comes back: its turn. Refused where it is not signed by us for this caller.
    Signed,
}

/// Values for values. A plain `true`, `false`, `null` or number is one in JSON too.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Map {
    pub(in crate::gateway) entries: Vec<(String, serde_json::Value)>,
    pub(in crate::gateway) otherwise: Option<serde_json::Value>,
}

/// Formats of `chrono::format::strftime`; the first is written.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Dates {
    pub(in crate::gateway) formats: Vec<String>,
    /// Of a text that bears none; seconds east of UTC.
    pub(in crate::gateway) zone: chrono::FixedOffset,
}

/// A digest or a HMAC.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Signature {
    pub(in crate::gateway) algorithm: Algorithm,
    /// HMAC's key; without it a plain digest.
    pub(in crate::gateway) key: Option<Template>,
    pub(in crate::gateway) encoding: Encoding,
}

/// What a signature is made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

/// How its bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Encoding {
    Hex,
    UpperHex,
    Base64,
}

/// An outcome, when all tests pass.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Rule<Outcome> {
    pub(in crate::gateway) outcome: Outcome,
    pub(in crate::gateway) tests: Vec<Test>,
    /// The answer in place of the outcome's own: a name under `reply`.
    pub(in crate::gateway) reply: Option<String>,
    /// What `{error}` says, for an event that refuses.
    pub(in crate::gateway) say: Option<String>,
    /// As the author wrote it, and its line.
    pub(in crate::gateway) written: String,
    /// Line in its file, from 1.
    pub(in crate::gateway) line: usize,
    /// Number of that file: a preset's rules stand in the preset's.
    pub(in crate::gateway) source: usize,
}

/// One comparison. It passes if it does for any of its values.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Test {
    Compared {
        /// `a or b`: any of them.
        any: Vec<Chain>,
        comparison: Comparison,
    },
    /// Nothing is known of the session. Only where `begin` and `input` are told apart by it.
    SessionNew,
}

/// How a value is compared. One that is not there passes only `IsNot` and what names `Absent`.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Comparison {
    Is(Vec<Operand>),
    IsNot(Vec<Operand>),
    Starts(Vec<Operand>),
    /// Both ends are in it.
    Within(i64, i64),
    Matches(Arc<Regex>),
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Operand {
    Literal(String),
    Setting(String),
    Absent,
    Present,
    Empty,
}

/// What a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A dialogue begins.
    Begin,
    /// The caller typed something.
    Input,
    /// Whatever the line says: `begin: session is new` followed by `input`.
    BeginOrInput,
    /// The caller hung up, or the network dropped the dialogue; told in place of an input.
    Abort,
    /// The network or the aggregator gave up waiting.
    Timeout,
    /// A dialogue has ended; told out of band.
    SessionEnded,
    /// Whether the session is alive.
    StatusQuery,
    /// How far an SMS is.
    Receipt,
    /// An SMS came.
    Message,
    /// Nothing to us.
    Ignored,
    /// Not what the aggregator should send.
    Error,
    /// Not from the aggregator.
    Refused,
}

/// Answers by what they answer. Those that are left out fall back as `gateways/README.md` says.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Replies(pub Vec<(String, Answer)>);

/// How one kind of response is built.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Answer {
    pub(in crate::gateway) status: u16,
    pub(in crate::gateway) headers: Vec<(String, Template)>,
    /// With its parameters; `None` where there is no body.
    pub(in crate::gateway) media_type: Option<String>,
    /// UTF-8 or ISO 8859-1.
    pub(in crate::gateway) charset: Charset,
    pub(in crate::gateway) body: Body,
    /// Line in the profile's file, from 1.
    pub(in crate::gateway) line: usize,
}

/// What a body is made of. Trees are filled and then serialised, so nothing that is filled in can break them.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Body {
    Nothing,
    Text(Template),
    Form(Vec<(String, Template)>),
    Json(Tree),
    Xml(Element),
    /// The value of a method's response, or the one parameter of a call of `method`.
    Rpc {
        method: Option<String>,
        value: Tree,
    },
}

/// A JSON value with places to fill. A place that stands alone keeps its type; without a value its entry is left out.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Tree {
    Fixed(serde_json::Value),
    Filled(Template),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// An XML element. One whose only content or only attributes have no value is left out.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Element {
    /// With its prefix, as written.
    pub(in crate::gateway) name: String,
    pub(in crate::gateway) attributes: Vec<(String, Template)>,
    pub(in crate::gateway) children: Vec<XmlNode>,
}

/// What stands in an element.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum XmlNode {
    Element(Element),
    Text(Template),
}

/// A text with places to fill.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Template(pub Vec<Piece>);

/// A part of a template.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Piece {
    Literal(String),
    Slot(Value),
}

impl PartialEq for Template {
    /// Only for tests of sources, which hold templates: as they print.
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

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

/// How a call of ours ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The aggregator has it.
    Accepted,
    /// Never again.
    Rejected,
    /// Later.
    Retry,
    /// Never again: the member wants none.
    OptedOut,
    /// Our credentials are wrong.
    BadCredentials,
    /// The account has no credit.
    NoCredit,
    /// Later, and slower.
    SlowDown,
    /// It may have been taken, and the aggregator does not know our id: never again, and a person is to see it.
    Unknown,
    /// By the status: 429 slow down; 504 unknown; 3xx, 408, 425 and other 5xx retry; 401 bad credentials, 402 no credit,
    /// else rejected.
    ByStatus,
}
