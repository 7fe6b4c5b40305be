use std::borrow::Cow;

use super::{
    Refused, Request,
    json::Json,
    urlencoded::{self, Pairs},
};

/// Longest query and longest body that are looked at, in bytes each: no aggregator's request comes
/// near it.
pub(super) const LONGEST: usize = 16 * 1024;

/// Where in a request a value stands: `form.sessionId`, `json.payload.response`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Which part of the request.
    pub root: Root,
    /// The name in it; several, from the outside in, for JSON.
    pub path: Vec<String>,
    /// As the profile writes it.
    pub written: String,
}

/// The part of a request that a field is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// The form in the body.
    Form,
    /// The JSON document in the body.
    Json,
    /// What follows `?` in the address.
    Query,
    /// The headers.
    Header,
}

/// What a route expects in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyKind {
    /// Nothing: the route takes GET.
    Nothing,
    /// A form: the route takes POST.
    Form,
    /// A JSON document: the route takes POST.
    Json,
}

impl BodyKind {
    /// The method of a route.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Nothing => "GET",
            Self::Form | Self::Json => "POST",
        }
    }

    /// The media type; `None` for any.
    pub(super) fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Form => Some("application/x-www-form-urlencoded"),
            Self::Json => Some("application/json"),
        }
    }
}

/// The decoded parts of a request.
pub(super) struct Fields<'a> {
    headers: &'a [(&'a str, &'a [u8])],
    query: Pairs,
    form: Pairs,
    json: Json,
}

impl<'a> Fields<'a> {
    /// Decodes what the route reads, or says what is wrong with it.
    pub(super) fn read(request: &Request<'a>, kind: BodyKind) -> Result<Self, Refused> {
        admit(request, kind)?;
        let mut fields = Self {
            headers: request.headers,
            query: urlencoded::pairs(request.query.as_bytes(), "query")?,
            form: Pairs::new(),
            json: Json::Null,
        };
        match kind {
            BodyKind::Nothing => {}
            BodyKind::Form => fields.form = urlencoded::pairs(request.body, "body")?,
            BodyKind::Json => fields.json = Json::read(request.body).ok_or(Refused::NotJson)?,
        }
        Ok(fields)
    }

    /// The one value of a field; `None` where it is not there.
    pub(super) fn get(&self, field: &Field) -> Result<Option<Cow<'_, str>>, Refused> {
        let name = field.path.first().map_or("", String::as_str);
        match field.root {
            Root::Form => single(named(&self.form, name), field),
            Root::Query => single(named(&self.query, name), field),
            Root::Header => self.header(name, field),
            Root::Json => self.json(field),
        }
    }

    fn header(&self, name: &str, field: &Field) -> Result<Option<Cow<'_, str>>, Refused> {
        let named = self
            .headers
            .iter()
            .filter(|(header, _)| header.eq_ignore_ascii_case(name));
        let texts: Result<Vec<&str>, _> =
            named.map(|(_, value)| std::str::from_utf8(value)).collect();
        let texts = texts.map_err(|_| Refused::NotUtf8("header"))?;
        single(texts.into_iter().map(Cow::Borrowed), field)
    }

    fn json(&self, field: &Field) -> Result<Option<Cow<'_, str>>, Refused> {
        let texts: Result<Vec<_>, _> = self
            .json
            .at(&field.path)
            .into_iter()
            .filter_map(|value| plain(value, field))
            .collect();
        single(texts?.into_iter(), field)
    }
}

/// A body without a media type is read as what the route expects: some aggregators send none.
fn admit(request: &Request<'_>, kind: BodyKind) -> Result<(), Refused> {
    if !request.method.eq_ignore_ascii_case(kind.method()) {
        return Err(Refused::Method(kind.method()));
    }
    if request.body.len() > LONGEST || request.query.len() > LONGEST {
        return Err(Refused::TooLong(LONGEST));
    }
    match (kind.media_type(), request.media_type()) {
        (Some(wanted), Some(sent)) if sent != wanted => Err(Refused::ContentType(wanted)),
        _ => Ok(()),
    }
}

fn named<'p>(pairs: &'p Pairs, name: &str) -> impl Iterator<Item = Cow<'p, str>> {
    let found = pairs.iter().filter(move |(found, _)| found == name);
    found.map(|(_, value)| Cow::Borrowed(value.as_str()))
}

/// `null` is a value that is not there.
fn plain<'j>(value: &'j Json, field: &Field) -> Option<Result<Cow<'j, str>, Refused>> {
    match value {
        Json::Null => None,
        Json::Plain(text) => Some(Ok(Cow::Borrowed(text.as_str()))),
        Json::Fraction | Json::List | Json::Map(_) => {
            Some(Err(Refused::NotPlain(field.written.clone())))
        }
    }
}

fn single<'v>(
    mut values: impl Iterator<Item = Cow<'v, str>>,
    field: &Field,
) -> Result<Option<Cow<'v, str>>, Refused> {
    let Some(first) = values.next() else {
        return Ok(None);
    };
    if values.all(|other| other == first) {
        Ok(Some(first))
    } else {
        Err(Refused::Twice(field.written.clone()))
    }
}
