use super::{Event, Rule, Source, Value};

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
