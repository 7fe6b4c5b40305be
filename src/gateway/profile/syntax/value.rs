use super::{Filter, Template};

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
    /// A part of an [`Exchange`](super::Exchange).
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
