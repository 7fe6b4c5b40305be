//! A request, or a reply to a call of ours, taken apart: what reading sources look into.

use super::{
    Account, BodyKind, Charset, JsonStep, Refused, Replied, Request, Route, Source, XmlStep,
    charset::Concrete,
    json::same,
    payload::{Expected, Payload},
    place::{self, Place},
    rpc::Rpc,
    urlencoded::{self, Pairs},
    value::{Datum, Sources},
};

/// The most that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Of a query and of a body each.
    pub bytes: usize,
    /// Fields, members, items, elements and attributes.
    pub fields: usize,
    /// Levels of JSON or XML.
    pub depth: usize,
}

impl Limits {
    /// A request for a dialogue: no aggregator's comes near it.
    pub(super) const USSD: Self = Self {
        bytes: 16 * 1024,
        fields: 1_000,
        depth: 64,
    };
    /// Receipts come in batches. Replies to calls of ours are as long.
    pub(super) const SMS: Self = Self {
        bytes: 256 * 1024,
        fields: 16_000,
        depth: 64,
    };
}

/// What is read into.
pub(super) struct Parsed<'a> {
    account: &'a Account,
    headers: &'a [(&'a str, &'a [u8])],
    method: &'a str,
    status: Option<u16>,
    path: Vec<(String, String)>,
    query: Pairs,
    /// The body as it came.
    bytes: &'a [u8],
    body: Payload,
    any_case: bool,
    /// The body is read whatever its media type.
    any_type: bool,
    /// What was read so far, by name.
    said: Vec<(String, String)>,
    /// Where `item` begins.
    item: Option<Place>,
}

impl<'a> Parsed<'a> {
    /// A request to a route whose address has these parts. What could not be read is told besides: what was read counts
    /// all the same.
    pub(super) fn request(
        account: &'a Account,
        request: &'a Request<'a>,
        (route, path, limits): (&Route, Vec<(String, String)>, Limits),
    ) -> (Self, Option<Refused>) {
        let mut parsed = Self::new(account, request.headers);
        parsed.method = request.method;
        parsed.bytes = request.body;
        parsed.path = path;
        parsed.any_case = route.any_case;
        parsed.any_type = route.any_type;
        let query = parsed.read_query(request.query, route.charset, limits);
        let form = (route.body, route.charset);
        let body = parsed.read_body(form, limits);
        (parsed, query.and(body).err())
    }

    /// The aggregator's reply to a call of ours. A body that is not what it should be has no values.
    pub(super) fn reply(account: &'a Account, replied: &'a Replied<'a>, kind: BodyKind) -> Self {
        let mut parsed = Self::new(account, replied.headers);
        parsed.status = Some(replied.status);
        parsed.bytes = replied.body;
        // ISO 8859-1 reads anything: a message that was taken must not go out twice for a letter in the reply.
        let charsets = [Charset::Declared, Charset::Utf8, Charset::Latin1];
        let mut tries = charsets.into_iter();
        let mut read = |charset| parsed.read_body((kind, charset), Limits::SMS).is_ok();
        let _read = tries.any(&mut read);
        parsed
    }

    fn new(account: &'a Account, headers: &'a [(&'a str, &'a [u8])]) -> Self {
        Self {
            account,
            headers,
            method: "",
            status: None,
            path: Vec::new(),
            query: Pairs::new(),
            bytes: &[],
            body: Payload::Nothing,
            any_case: false,
            any_type: false,
            said: Vec::new(),
            item: None,
        }
    }

    /// Whether the body was what it should be. An empty one is.
    pub(super) fn is_read(&self) -> bool {
        !matches!(self.body, Payload::Unread)
    }

    /// The body as it came: a signature is of the bytes, whatever they are.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Tells a value by name: those that are read after it may use it.
    pub(super) fn tell(&mut self, name: &str, value: String) {
        self.said.push((name.to_owned(), value));
    }

    /// What was told.
    pub(super) fn said(&self) -> &[(String, String)] {
        &self.said
    }

    /// Goes back to what was told before.
    pub(super) fn retell(&mut self, said: Vec<(String, String)>) {
        self.said = said;
    }

    /// Begins anew at a place: what was told is forgotten.
    pub(super) fn enter(&mut self, item: Option<Place>) {
        self.item = item;
        self.said.clear();
    }

    /// The form in the body, in the order it came.
    pub(super) fn form(&self) -> &[(String, String)] {
        if let Payload::Form(pairs) = &self.body {
            pairs
        } else {
            &[]
        }
    }

    /// The places where a route's items begin; `None` where there is nothing at all.
    pub(super) fn items(&self, at: &Source) -> Option<Vec<Place>> {
        if let (Source::Json(steps), Payload::Json(json, _)) = (at, &self.body) {
            place::items(json, steps, self.any_case)
        } else if let (Source::Xml(steps), Payload::Xml(node, _)) = (at, &self.body) {
            place::elements(node, steps, self.any_case)
        } else {
            None
        }
    }

    fn read_query(&mut self, query: &str, charset: Charset, limits: Limits) -> Result<(), Refused> {
        let charset = Concrete::of(charset, None)?;
        self.query = urlencoded::pairs_in(query.as_bytes(), "query", charset)?;
        few(&self.query, "query", limits)
    }

    fn read_body(
        &mut self,
        (kind, charset): (BodyKind, Charset),
        limits: Limits,
    ) -> Result<(), Refused> {
        let none = self.bytes.is_empty() || kind == BodyKind::Nothing;
        if none || self.method.eq_ignore_ascii_case("GET") {
            return Ok(());
        }
        self.body = Payload::Unread;
        let content_type = self.content_type();
        let expected = Expected {
            kind,
            charset,
            content_type: content_type.as_deref(),
            any_type: self.any_type || self.status.is_some(),
            limits,
        };
        self.body = Payload::read(self.bytes, expected)?;
        Ok(())
    }

    fn content_type(&self) -> Option<String> {
        let mut named = self.named_headers("content-type");
        let text = std::str::from_utf8(named.next()?).ok()?;
        Some(text.to_owned())
    }

    fn named_headers(&self, wanted: &str) -> impl Iterator<Item = &'a [u8]> {
        let headers = self.headers.iter();
        let named = headers.filter(move |(name, _)| name.eq_ignore_ascii_case(wanted));
        named.map(|(_, value)| *value)
    }

    fn header(&self, name: &str) -> Result<Option<Datum>, Refused> {
        let texts = self.named_headers(name).map(std::str::from_utf8);
        let texts: Result<Vec<&str>, _> = texts.collect();
        let texts = texts.map_err(|_| Refused::Charset {
            part: "header",
            charset: "UTF-8",
        })?;
        place::single(texts.into_iter(), || format!("header.{name}"))
    }

    fn pair(
        &self,
        pairs: &[(String, String)],
        name: &str,
        part: &str,
    ) -> Result<Option<Datum>, Refused> {
        let named = pairs
            .iter()
            .filter(|(known, _)| same(known, name, self.any_case));
        place::single(named.map(|(_, value)| value.as_str()), || {
            format!("{part}.{name}")
        })
    }

    fn whole_body(&self) -> Datum {
        match &self.body {
            Payload::Nothing => Datum::from(""),
            Payload::Text(text)
            | Payload::Json(_, text)
            | Payload::Xml(_, text)
            | Payload::Rpc(_, text) => Datum::from(text.as_str()),
            Payload::Form(_) | Payload::Unread => Datum::Bytes(self.bytes.to_vec()),
        }
    }

    fn json(&self, steps: &[JsonStep]) -> Result<Option<Datum>, Refused> {
        if let Payload::Json(json, _) = &self.body {
            place::json(json, steps, self.any_case)
        } else {
            Ok(None)
        }
    }

    fn xml(&self, steps: &[XmlStep]) -> Result<Option<Datum>, Refused> {
        if let Payload::Xml(node, _) = &self.body {
            place::xml(node, steps, self.any_case)
        } else {
            Ok(None)
        }
    }

    fn rpc(&self) -> Option<&Rpc> {
        if let Payload::Rpc(rpc, _) = &self.body {
            Some(rpc)
        } else {
            None
        }
    }
}

impl Sources for Parsed<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        let named = |pairs: &[(String, String)], name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| Datum::from(value.as_str()))
        };
        Ok(match source {
            Source::Query(name) => self.pair(&self.query, name, "query")?,
            Source::Form(name) => self.pair(self.form(), name, "form")?,
            Source::Param(name) => match self.pair(self.form(), name, "param")? {
                None => self.pair(&self.query, name, "param")?,
                found => found,
            },
            Source::Header(name) => self.header(name)?,
            Source::Path(name) => named(&self.path, name),
            Source::Method => Some(Datum::Text(self.method.to_uppercase())),
            Source::Status => self.status.map(|status| Datum::Text(status.to_string())),
            Source::Body => Some(self.whole_body()),
            Source::Json(steps) => self.json(steps)?,
            Source::Xml(steps) => self.xml(steps)?,
            Source::ItemJson(_) | Source::ItemXml(_) => match &self.item {
                Some(item) => item.find(source, self.any_case)?,
                None => None,
            },
            Source::RpcMethod => self
                .rpc()
                .and_then(|rpc| rpc.method.as_deref())
                .map(Datum::from),
            Source::Rpc(number, steps) => {
                match self.rpc().and_then(|rpc| rpc.parameters.get(*number)) {
                    Some(parameter) => place::json(parameter, steps, self.any_case)?,
                    None => None,
                }
            }
            Source::Said(name) => named(&self.said, name),
            Source::Public => Some(Datum::from(self.account.public.as_str())),
            Source::Gateway => Some(Datum::Text(self.account.place())),
            Source::Setting(_) | Source::Template(_) => source.get(self)?,
            Source::Called(_)
            | Source::Kept(_)
            | Source::Part(_)
            | Source::Screen
            | Source::ScreenAlphabet
            | Source::Go
            | Source::Error
            | Source::Missing
            | Source::Turn
            | Source::Known
            | Source::State
            | Source::Now
            | Source::To
            | Source::From
            | Source::Text
            | Source::TextAlphabet
            | Source::Segments
            | Source::Ref
            | Source::MessageId => None,
        })
    }

    fn account(&self) -> &Account {
        self.account
    }
}

pub(super) fn few(pairs: &Pairs, part: &'static str, limits: Limits) -> Result<(), Refused> {
    if pairs.len() > limits.fields {
        return Err(Refused::TooMany {
            part,
            limit: limits.fields,
        });
    }
    Ok(())
}
