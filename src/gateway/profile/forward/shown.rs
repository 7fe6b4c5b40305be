//! What a phone shows of an answer.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Forwarded, NoPhone};
use crate::gateway::profile::{
    Account, Channel, Go, Heard, Newline, Replied, Response, Route, Said, Screen, parsed::Limits,
    state, xml::Node,
};

/// Stands where a screen's text will: letters and digits, which every gateway takes.
const SCREEN: &str = "0NyotaScreen0";

/// What an answer says, by place: the body of a text, every value of JSON, every attribute and text of XML, headers.
type Parts = BTreeMap<String, String>;

impl Account {
    /// What the phone shows of the answer to a request, and whether the dialogue goes on.
    pub fn shown(
        &self,
        request: &Forwarded,
        replied: &Replied<'_>,
    ) -> Result<(String, Go), NoPhone> {
        let unshown = || NoPhone::Unshown(self.profile.name.clone());
        let address = self.address(request);
        let heard = self.hear(
            Channel::Ussd,
            &request.as_request(&request.headers(), &address),
        );
        let Ok(Heard::Call(_, said)) = heard else {
            return Err(unshown());
        };
        let template = |go| self.template(&said, go);
        let (goes_on, ends) = (template(Go::Continue), template(Go::End));
        let body = std::str::from_utf8(replied.body).map_err(|_| unshown())?;
        let seen = parts(
            body,
            replied
                .headers
                .iter()
                .filter_map(|(name, value)| Some((*name, std::str::from_utf8(value).ok()?))),
        );
        let read = |this: &Response, other: &Response| {
            let text = found(&of(this), &of(other), &seen)?;
            (this.status == replied.status).then_some(text)
        };
        match (read(&goes_on, &ends), read(&ends, &goes_on)) {
            (Some(text), None) => Ok((self.lines(&text), Go::Continue)),
            (None, Some(text)) => Ok((self.lines(&text), Go::End)),
            (None, None) | (Some(_), Some(_)) => Err(unshown()),
        }
    }

    /// What the answer gives to be brought back with the next input; `None` where the profile asks for nothing.
    pub fn brought_back(&self, replied: &Replied<'_>) -> Option<String> {
        let headers = replied.headers.iter().map(|(_, value)| *value);
        let mut parts = headers.chain([replied.body]);
        let found = || parts.find_map(|part| state::found(std::str::from_utf8(part).ok()?));
        let mut routes = self.profile.receive.iter();
        routes.any(Route::brings_back).then(found).flatten()
    }

    fn template(&self, said: &Said, go: Go) -> Response {
        self.reply(
            said,
            &Screen {
                text: SCREEN,
                go,
                turn: 1,
                dialogue: 1,
                known: true,
                kept: &[],
            },
        )
    }

    fn lines(&self, text: &str) -> String {
        match self.profile.screen.newline {
            Newline::LineFeed => text.to_owned(),
            Newline::CarriageReturn => text.replace('\r', "\n"),
            Newline::Both => text.replace("\r\n", "\n"),
        }
    }
}

fn of(response: &Response) -> Parts {
    let headers = response.headers.iter();
    parts(
        &response.body,
        headers.map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

/// The screen, where an answer is one of this kind: what tells it from the other kind is as it must be, and the rest,
/// which may tell the turn or what a begin told, is not looked at.
fn found(this: &Parts, other: &Parts, seen: &Parts) -> Option<String> {
    let mut text = None;
    for (place, wanted) in this {
        if wanted.contains(SCREEN) {
            text = Some(between(wanted, seen.get(place)?)?);
        } else if other.get(place) != Some(wanted) && !alike(wanted, seen.get(place)) {
            return None;
        }
    }
    let mut others = other.keys().filter(|place| !this.contains_key(*place));
    let is_other = others.any(|place| seen.contains_key(place));
    text.filter(|_| !is_other)
}

/// Whether a place says what it must, or holds a state of ours as it must: that is another one with every page.
fn alike(wanted: &str, seen: Option<&String>) -> bool {
    let holds = |text: &str| state::found(text).is_some();
    seen.is_some_and(|seen| seen == wanted || (holds(wanted) && holds(seen)))
}

/// What stands in `seen` where `template` has the screen.
fn between(template: &str, seen: &str) -> Option<String> {
    let (before, after) = template.split_once(SCREEN)?;
    let text = seen.strip_prefix(before)?.strip_suffix(after)?;
    Some(text.to_owned())
}

fn parts<'h>(body: &str, headers: impl Iterator<Item = (&'h str, &'h str)>) -> Parts {
    let mut parts = Parts::new();
    for (name, value) in headers {
        parts.insert(format!("header {}", name.to_lowercase()), value.to_owned());
    }
    if let Ok(json @ (Json::Object(_) | Json::Array(_))) = serde_json::from_str(body) {
        add_json(&mut parts, "", &json);
    } else if let Ok(document) = Node::read(body, Limits::SMS) {
        add_xml(&mut parts, "", &document);
    } else {
        parts.insert("body".to_owned(), body.to_owned());
    }
    parts
}

fn add_json(parts: &mut Parts, place: &str, json: &Json) {
    match json {
        Json::Object(members) => {
            for (name, member) in members {
                add_json(parts, &format!("{place}.{name}"), member);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                add_json(parts, &format!("{place}.{index}"), item);
            }
        }
        Json::String(text) => _ = parts.insert(place.to_owned(), text.clone()),
        Json::Null | Json::Bool(_) | Json::Number(_) => {
            parts.insert(place.to_owned(), json.to_string());
        }
    }
}

fn add_xml(parts: &mut Parts, place: &str, node: &Node) {
    for (name, value) in &node.attributes {
        parts.insert(format!("{place}@{name}"), value.clone());
    }
    if node.children.is_empty() {
        parts.insert(place.to_owned(), node.text.clone());
    }
    for (index, child) in node.children.iter().enumerate() {
        add_xml(parts, &format!("{place}/{}:{index}", child.local), child);
    }
}
