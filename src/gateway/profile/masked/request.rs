//! A whole request, written again.

use serde::{Deserialize, Serialize};

use super::{
    bodies::Bodies,
    places::{self, Places},
    shape::{Kind, SECRET, Shapes, shape},
};
use crate::{
    gateway::profile::{
        Account, BodyKind, Channel, Charset, PathPart, Request, Route, Said,
        charset::Concrete,
        parsed::Limits,
        payload::{Expected, Payload},
        urlencoded,
    },
    model::ServiceCode,
};

/// A request without what is a person's or secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path below the gateway's own address: `/` for the address itself.
    pub path: String,
    /// Names and values, decoded.
    pub query: Part<Vec<(String, String)>>,
    /// The content type, what the profile reads, and that there was a proof.
    pub headers: Vec<(String, String)>,
    /// The body, written again as its kind is.
    pub body: Part<String>,
}

/// What could be read, or only how long it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part<T> {
    /// Read, and masked.
    Read(T),
    /// Not what it should be: nothing of it is kept.
    Unread {
        /// Its length.
        bytes: usize,
    },
}

/// How a request is masked.
#[derive(Clone, Copy, Debug)]
pub struct Masking<'a> {
    /// What the request was heard to tell.
    pub said: &'a Said,
    /// Services that are dialled: no secret, so they stay.
    pub codes: &'a [ServiceCode],
    /// Only secrets go. For requests that were invented.
    pub secrets_only: bool,
}

impl Masking<'_> {
    /// A value that the session's begin told by a name.
    pub fn value(&self, name: &str, text: &str) -> String {
        let shapes = Shapes {
            codes: self.codes,
            words: Vec::new(),
            phones: phones(self.said),
            secrets_only: self.secrets_only,
        };
        shapes.write(places::kind(name), text)
    }
}

/// Headers that prove the caller whatever the profile says of them.
const PROOFS: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-twilio-signature",
];
/// Longer is no media type.
const MEDIA_TYPE: usize = 100;

impl Account {
    /// A request without what is a person's or secret. It reads as the request did, as far as it could be read.
    pub fn masked(&self, channel: Channel, request: &Request<'_>, masking: &Masking<'_>) -> Masked {
        let mut shapes = Shapes {
            codes: masking.codes,
            words: Vec::new(),
            phones: phones(masking.said),
            secrets_only: masking.secrets_only,
        };
        let limits = match channel {
            Channel::Ussd => Limits::USSD,
            Channel::Sms => Limits::SMS,
        };
        let method = match request.method {
            long if long.len() > 16 => shape(long),
            method => method.to_owned(),
        };
        let Ok((route, _)) = self.route(channel, request) else {
            return Masked {
                method,
                path: self.unknown_path(request.path),
                query: unknown_query(request.query, limits),
                headers: headers(request, |_| None, &shapes),
                body: length(request.body),
            };
        };
        shapes.words = Places::words(self, route);
        let places = Places::of(&self.profile, route);
        let bodies = Bodies {
            route,
            places: &places,
            shapes: &shapes,
        };
        Masked {
            method,
            path: path(request.path, &bodies),
            query: query(request.query, &bodies, limits),
            headers: headers(request, |name| places.header(name), &shapes),
            body: body(request, &bodies, limits),
        }
    }

    /// Words that the profile has and short ones without digits stay: they tell what was meant.
    fn unknown_path(&self, path: &str) -> String {
        let routes = self.profile.receive.iter().chain(&self.profile.reports);
        let known: Vec<&PathPart> = routes.flat_map(|route| &route.path).collect();
        let part = |part: &str| {
            let is = |known: &&PathPart| matches!(known, PathPart::Literal(word) if word == part);
            let word = part.len() < 16
                && part
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || b"-_".contains(&it));
            if word || known.iter().any(is) {
                part.to_owned()
            } else {
                shape(part)
            }
        };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

/// The digits of every phone that was told.
fn phones(said: &Said) -> Vec<String> {
    let told = ["phone", "from", "to"]
        .into_iter()
        .filter_map(|name| said.get(name));
    let digits = told.map(|text| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    });
    digits.filter(|digits| digits.len() >= 7).collect()
}

/// The parts that the route names, masked.
fn path(path: &str, bodies: &Bodies<'_>) -> String {
    let sent = path.strip_prefix('/').unwrap_or(path);
    let sent = sent.strip_suffix('/').unwrap_or(sent);
    let parts = sent.split('/').zip(&bodies.route.path);
    let parts = parts.map(|(sent, part)| match part {
        PathPart::Literal(_) => sent.to_owned(),
        PathPart::Named(name) => {
            let text = urlencoded::segment(sent).unwrap_or_default();
            let masked = bodies.shapes.write(bodies.places.path(name), &text);
            if masked == SECRET {
                masked
            } else {
                urlencoded::escape(&masked)
            }
        }
    });
    format!("/{}", parts.collect::<Vec<_>>().join("/"))
}

fn query(text: &str, bodies: &Bodies<'_>, limits: Limits) -> Part<Vec<(String, String)>> {
    let charset = Concrete::of(bodies.route.charset, None);
    let read = |charset| urlencoded::pairs_in(text.as_bytes(), "query", charset);
    match charset.and_then(read) {
        Ok(pairs) if fits(text.len(), pairs.len(), limits) => {
            let kind = |name: &str| bodies.places.query(name, bodies.route.any_case);
            Part::Read(bodies.pairs(&pairs, kind))
        }
        Ok(_) | Err(_) => length(text.as_bytes()),
    }
}

/// Names tell which address was meant; of values nobody knows what they are.
fn unknown_query(text: &str, limits: Limits) -> Part<Vec<(String, String)>> {
    match urlencoded::pairs(text.as_bytes(), "query") {
        Ok(pairs) if fits(text.len(), pairs.len(), limits) => {
            let pairs = pairs.iter();
            Part::Read(
                pairs
                    .map(|(name, value)| (shape_digits(name), shape(value)))
                    .collect(),
            )
        }
        Ok(_) | Err(_) => length(text.as_bytes()),
    }
}

fn shape_digits(name: &str) -> String {
    let has_digits = name.chars().any(char::is_numeric);
    if has_digits || !name.is_ascii() {
        shape(name)
    } else {
        name.to_owned()
    }
}

fn fits(bytes: usize, pairs: usize, limits: Limits) -> bool {
    bytes <= limits.bytes && pairs <= limits.fields
}

fn length<T>(bytes: &[u8]) -> Part<T> {
    Part::Unread { bytes: bytes.len() }
}

fn headers(
    request: &Request<'_>,
    kind: impl Fn(&str) -> Option<Kind>,
    shapes: &Shapes<'_>,
) -> Vec<(String, String)> {
    let kept = request.headers.iter().filter_map(|(name, value)| {
        let name = name.to_lowercase();
        let text = || std::str::from_utf8(value).ok();
        let value = if PROOFS.contains(&name.as_str()) {
            SECRET.to_owned()
        } else if let Some(kind) = kind(&name) {
            text().map_or_else(String::new, |text| shapes.write(kind, text))
        } else if name == "content-type" {
            let text = text().filter(|text| text.len() < MEDIA_TYPE);
            shapes.write(Kind::Own, text?)
        } else {
            return None;
        };
        Some((name, value))
    });
    kept.collect()
}

fn body(request: &Request<'_>, bodies: &Bodies<'_>, limits: Limits) -> Part<String> {
    let unread = length(request.body);
    let route: &Route = bodies.route;
    if request.body.is_empty() {
        return Part::Read(String::new());
    }
    let bare = route.body == BodyKind::Nothing || request.method.eq_ignore_ascii_case("GET");
    // What is written is UTF-8: in UTF-16 it would not read as it did.
    if bare || route.charset == Charset::Utf16 || request.body.len() > limits.bytes {
        return unread;
    }
    let mut types = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = types
        .next()
        .and_then(|(_, value)| std::str::from_utf8(value).ok());
    let expected = Expected {
        kind: route.body,
        charset: route.charset,
        content_type,
        any_type: route.any_type,
        limits,
    };
    let written = match Payload::read(request.body, expected) {
        Ok(Payload::Form(pairs)) => Some(bodies.form(&pairs)),
        Ok(Payload::Json(json, text)) => bodies.json(&json, &text),
        Ok(Payload::Xml(root, _)) => Some(bodies.xml(&root)),
        Ok(Payload::Rpc(rpc, _)) => Some(bodies.rpc(&rpc)),
        Ok(Payload::Text(text)) => Some(bodies.shapes.write(Kind::Unread, &text)),
        Ok(Payload::Nothing | Payload::Unread) | Err(_) => None,
    };
    written.map_or(unread, Part::Read)
}
