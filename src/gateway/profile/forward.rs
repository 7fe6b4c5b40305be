//! The other side of a profile: what an aggregator forwards for a phone, and what the phone shows.
//!
//! Both are derived from what the profile reads and answers, and proved by it: a request is used only
//! if the profile itself hears in it what the phone did.

use serde_json::{Map as JsonMap, Value as Json};

use super::{
    Request,
    answer::plain,
    compiled::{Body, Class, Event, Go, Name, Profile, Read, Route, Test},
    fields::{BodyKind, Field, Root},
    urlencoded,
};
use crate::model::{Msisdn, Position, ServiceCode, Signal};

/// What a phone has done in one dialogue, up to now.
#[derive(Clone, Copy)]
pub struct Dialled<'a> {
    /// The aggregator's id of the session.
    pub session: &'a str,
    /// Whose phone.
    pub phone: &'a Msisdn,
    /// What was dialled.
    pub code: &'a ServiceCode,
    /// What was typed since, in order.
    pub inputs: &'a [String],
    /// The aggregator's id of this request.
    pub request: &'a str,
}

/// A request as the aggregator forwards it.
#[derive(Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path below the gateway's own address.
    pub path: String,
    /// What stands after `?`, encoded; empty for nothing.
    pub query: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Why no phone can speak through a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPhone {
    /// No address of it takes what a phone does.
    #[error("no request can be derived from the profile of {0}: a phone cannot dial through it")]
    Unforwarded(String),
    /// Its answers do not say where the screen stands, or whether the dialogue goes on.
    #[error("an answer of {0} does not tell a phone what to show")]
    Unshown(String),
}

/// A private-use character, which no menu prints: it stands where a screen's text will.
const SCREEN: &str = "\u{E000}";

impl Profile {
    /// The request that tells what a phone did last.
    pub fn forward(&self, dialled: &Dialled<'_>) -> Result<Forwarded, NoPhone> {
        let event = if dialled.inputs.is_empty() {
            Event::Begin
        } else {
            Event::Input
        };
        let tries = self.routes.iter().flat_map(|route| {
            let tests = route.rules.iter().filter(move |rule| rule.event == event);
            let tests = tests.map(|rule| Some((&rule.field, &rule.test)));
            let otherwise = (route.otherwise == event).then_some(None);
            let tests: Vec<_> = tests.chain(otherwise).collect();
            tests.into_iter().map(move |test| (route, test))
        });
        tries
            .filter_map(|(route, test)| self.request(route, test, dialled))
            .find(|request| self.hears(request, dialled))
            .ok_or_else(|| NoPhone::Unforwarded(self.name.clone()))
    }

    /// What the phone shows of the answer to a request, and whether the dialogue goes on.
    pub fn shown(
        &self,
        request: &Forwarded,
        status: u16,
        body: &str,
    ) -> Result<(String, Go), NoPhone> {
        let unshown = || NoPhone::Unshown(self.name.clone());
        let heard = self.hear(&request.as_request(&request.headers()));
        let heard = heard.map_err(|_| unshown())?;
        let read = |go| {
            let template = self.reply(&heard, SCREEN, go);
            let text = self.screen_text(&template.body, body)?;
            (template.status == status).then_some((text, go))
        };
        match (read(Go::Continue), read(Go::End)) {
            (Some((text, go)), None) | (None, Some((text, go))) => Ok((self.lines(&text), go)),
            (None, None) | (Some(_), Some(_)) => Err(unshown()),
        }
    }

    fn screen_text(&self, template: &str, body: &str) -> Option<String> {
        match self.screen.body {
            Body::Text(_) => between(template, body),
            Body::Json(_) => {
                let template: Json = serde_json::from_str(template).ok()?;
                let body: Json = serde_json::from_str(body).ok()?;
                let mut text = None;
                same(&template, &body, &mut text).then_some(text).flatten()
            }
        }
    }

    fn lines(&self, text: &str) -> String {
        if self.text.carriage_return {
            text.replace('\r', "\n")
        } else {
            text.to_owned()
        }
    }

    fn request(
        &self,
        route: &Route,
        test: Option<(&Field, &Test)>,
        dialled: &Dialled<'_>,
    ) -> Option<Forwarded> {
        let mut fields: Vec<(&Field, String)> = Vec::new();
        for read in &route.reads {
            let told = self.told(read.name, dialled);
            match told.filter(|_| !self.need_not_tell(read, dialled)) {
                Some(value) => fields.push((&read.field, written(read, value)?)),
                None if read.required => fields.push((&read.field, written(read, "1".into())?)),
                None => {}
            }
        }
        if let Some((field, test)) = test {
            pass(&mut fields, field, test);
        }
        Some(encoded(route, &fields))
    }

    /// What the aggregator says of a phone by a name; `None` for what it need not say.
    fn told(&self, name: Name, dialled: &Dialled<'_>) -> Option<String> {
        match name {
            Name::Session => Some(dialled.session.to_owned()),
            Name::Phone => Some(dialled.phone.e164()),
            Name::Code | Name::Dialed => Some(dialled.code.to_string()),
            Name::Text => Some(match self.class {
                Class::Accumulated => dialled.inputs.join("*"),
                Class::Identified | Class::Bare => {
                    dialled.inputs.last().cloned().unwrap_or_default()
                }
            }),
            Name::Request => Some(dialled.request.to_owned()),
            Name::Network
            | Name::Extras
            | Name::Account
            | Name::Outcome
            | Name::RawStatus
            | Name::Cost
            | Name::Hops
            | Name::DurationMs => None,
        }
    }

    /// Whether a request may leave out what the session's begin told for all: then an aggregator does.
    fn need_not_tell(&self, read: &Read, dialled: &Dialled<'_>) -> bool {
        let once = self.remembers_phone && matches!(read.name, Name::Phone | Name::Code);
        once && !read.required && !dialled.inputs.is_empty()
    }

    /// Whether the profile hears in a request what the phone did.
    fn hears(&self, request: &Forwarded, dialled: &Dialled<'_>) -> bool {
        let Ok(heard) = self.hear(&request.as_request(&request.headers())) else {
            return false;
        };
        let signal = match dialled.inputs {
            [] => Signal::Begin,
            [_, ..] => Signal::Input,
        };
        let call = heard.call;
        let code = call.service_code;
        call.signal == signal
            && call
                .caller
                .phone
                .told()
                .is_none_or(|phone| phone == dialled.phone)
            && call.caller.session == dialled.session
            && code.is_none_or(|code| code == *dialled.code)
            && (signal == Signal::Begin || typed_last(&call.position, dialled))
    }
}

fn typed_last(position: &Position, dialled: &Dialled<'_>) -> bool {
    let last = dialled.inputs.last().map(String::as_str);
    match position {
        Position::Accumulated { text } => *text == dialled.inputs.join("*"),
        Position::Identified { text, request } => {
            Some(text.as_str()) == last && request == dialled.request
        }
        Position::Bare { text } => Some(text.as_str()) == last,
    }
}

impl Forwarded {
    fn headers(&self) -> Vec<(&str, &[u8])> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect()
    }

    fn as_request<'a>(&'a self, headers: &'a [(&'a str, &'a [u8])]) -> Request<'a> {
        Request {
            method: self.method,
            path: &self.path,
            query: &self.query,
            headers,
            body: self.body.as_bytes(),
        }
    }
}

impl std::fmt::Debug for Forwarded {
    /// Without query, headers and body: they hold phone numbers and what callers type.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl std::fmt::Debug for Dialled<'_> {
    /// Without the phone and what was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dialled({} inputs)", self.inputs.len())
    }
}

/// What is to be sent for a value, so that the profile's map reads the value in it.
fn written(read: &Read, value: String) -> Option<String> {
    let Some(map) = &read.map else {
        return Some(value);
    };
    let mut entries = map.entries.iter();
    let entry = entries.find(|(_, to)| plain(to) == value);
    entry.map(|(from, _)| from.clone())
}

/// Has a field pass a rule's test, where a value can.
fn pass<'a>(fields: &mut Vec<(&'a Field, String)>, field: &'a Field, test: &Test) {
    let stands = fields.iter().find(|(known, _)| *known == field);
    let stands = stands.map(|(_, value)| value.as_str());
    if test.passes(stands) {
        return;
    }
    let value = match test {
        Test::Present => Some("1".to_owned()),
        Test::Empty => Some(String::new()),
        Test::Is(wanted) | Test::Starts(wanted) => Some(wanted.clone()),
        Test::Absent | Test::IsNot(_) => None,
    };
    fields.retain(|(known, _)| *known != field);
    fields.extend(value.map(|value| (field, value)));
}

fn encoded(route: &Route, fields: &[(&Field, String)]) -> Forwarded {
    let of = |root| {
        let found = fields.iter().filter(move |(field, _)| field.root == root);
        found.filter_map(|(field, value)| Some((field.path.first()?.as_str(), value.as_str())))
    };
    let mut headers: Vec<_> = of(Root::Header)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let media_type = route.body.media_type();
    headers.extend(media_type.map(|it| ("content-type".to_owned(), it.to_owned())));
    Forwarded {
        method: route.body.method(),
        path: route.path.clone(),
        query: urlencoded::written(of(Root::Query)),
        headers,
        body: match route.body {
            BodyKind::Nothing => String::new(),
            BodyKind::Form => urlencoded::written(of(Root::Form)),
            BodyKind::Json => json(fields).to_string(),
        },
    }
}

fn json(fields: &[(&Field, String)]) -> Json {
    let mut root = JsonMap::new();
    for (field, value) in fields.iter().filter(|(field, _)| field.root == Root::Json) {
        put(&mut root, &field.path, value);
    }
    Json::Object(root)
}

fn put(map: &mut JsonMap<String, Json>, path: &[String], value: &str) {
    match path {
        [] => {}
        [name] => {
            map.insert(name.clone(), Json::String(value.to_owned()));
        }
        [name, rest @ ..] => {
            let inner = map
                .entry(name.clone())
                .or_insert_with(|| Json::Object(JsonMap::new()));
            if let Json::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// What stands in `body` where `template` has the screen.
fn between(template: &str, body: &str) -> Option<String> {
    let (before, after) = template.split_once(SCREEN)?;
    let text = body.strip_prefix(before)?.strip_suffix(after)?;
    Some(text.to_owned())
}

/// Whether two documents are the same but for the screen, which is kept in `text`.
fn same(template: &Json, body: &Json, text: &mut Option<String>) -> bool {
    match (template, body) {
        (Json::String(wanted), Json::String(seen)) if wanted.contains(SCREEN) => {
            *text = between(wanted, seen);
            text.is_some()
        }
        (Json::Array(wanted), Json::Array(seen)) => {
            let mut pairs = wanted.iter().zip(seen);
            wanted.len() == seen.len() && pairs.all(|(wanted, seen)| same(wanted, seen, text))
        }
        (Json::Object(wanted), Json::Object(seen)) => {
            let mut entries = wanted.iter();
            wanted.len() == seen.len()
                && entries.all(|(name, wanted)| {
                    seen.get(name).is_some_and(|seen| same(wanted, seen, text))
                })
        }
        (wanted, seen) => wanted == seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Source;

    fn profiles(sources: &[(&str, &str)]) -> Vec<Profile> {
        let sources: Vec<_> = sources
            .iter()
            .map(|(name, text)| Source {
                name: (*name).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let compiled = Profile::compile(&sources);
        assert!(compiled.reports.is_empty(), "{:?}", compiled.reports);
        compiled.profiles
    }

    fn shipped() -> Vec<Profile> {
        let con_end = include_str!("../../../gateways/presets/con_end.yaml");
        let at = include_str!("../../../gateways/africastalking.yaml");
        let safaricom = include_str!("../../../gateways/safaricom_direct.yaml");
        profiles(&[
            ("presets/con_end.yaml", con_end),
            ("africastalking.yaml", at),
            ("safaricom_direct.yaml", safaricom),
        ])
    }

    /// Dials and types on a profile; the request and what a phone shows of its answer.
    fn shows(profile: &Profile, inputs: &[&str], go: Go) -> (String, Go) {
        let inputs: Vec<_> = inputs.iter().map(|it| (*it).to_owned()).collect();
        let forwarded = profile.forward(&Dialled {
            session: "s1",
            phone: &Msisdn::parse("+255700000001").unwrap(),
            code: &ServiceCode::parse("*152*00#").unwrap(),
            inputs: &inputs,
            request: "r1",
        });
        let forwarded = forwarded.unwrap();
        let heard = profile.hear(&forwarded.as_request(&forwarded.headers()));
        let response = profile.reply(&heard.unwrap(), "Karibu\n1 CON \"x\"", go);
        profile
            .shown(&forwarded, response.status, &response.body)
            .unwrap()
    }

    const SCREEN_TEXT: &str = "Karibu\n1 CON \"x\"";

    #[test]
    fn a_phone_dials_and_types_through_every_shipped_gateway() {
        let shipped = shipped();
        assert_eq!(shipped.len(), 2);
        for profile in &shipped {
            for (inputs, go) in [
                (&[][..], Go::Continue),
                (&["1"], Go::Continue),
                (&["1", "a b&c+é"], Go::End),
            ] {
                let shown = shows(profile, inputs, go);
                assert_eq!(shown, (SCREEN_TEXT.to_owned(), go), "{}", profile.name());
            }
        }
    }

    #[test]
    fn an_answer_that_is_no_screen_is_not_shown() {
        for profile in shipped() {
            let forwarded = profile.forward(&Dialled {
                session: "s1",
                phone: &Msisdn::parse("+255700000001").unwrap(),
                code: &ServiceCode::parse("*152*00#").unwrap(),
                inputs: &[],
                request: "r1",
            });
            let shown = profile.shown(&forwarded.unwrap(), 200, "Karibu");
            let refused = NoPhone::Unshown(profile.name().to_owned());
            assert_eq!(shown, Err(refused));
        }
    }
}
