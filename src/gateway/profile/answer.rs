use serde_json::Value as Json;

use super::{
    Heard, Refused, Response, Values,
    compiled::{Answer, Body, Go, Piece, Profile, Slot, Template, TextRules, Tree},
};

/// What the places of a template are filled with.
#[derive(Default)]
struct Filling<'a> {
    screen: &'a str,
    go: Option<Go>,
    error: &'a str,
    values: Option<&'a Values>,
}

impl Profile {
    /// The response that shows a screen to the caller of `heard`.
    pub fn reply(&self, heard: &Heard, screen: &str, go: Go) -> Response {
        let filling = Filling {
            screen: &self.text.apply(screen),
            go: Some(go),
            values: Some(&heard.values),
            ..Filling::default()
        };
        self.screen.response(&filling)
    }

    /// The response to the news that the dialogue of `heard` is over.
    pub fn ended_reply(&self, heard: &Heard) -> Response {
        let filling = Filling {
            values: Some(&heard.values),
            ..Filling::default()
        };
        self.ended.response(&filling)
    }

    /// The response to a refused request.
    pub fn refuse(&self, refused: &Refused) -> Response {
        let filling = Filling {
            error: &refused.to_string(),
            ..Filling::default()
        };
        self.error.response(&filling)
    }
}

impl TextRules {
    /// The text as the aggregator takes it. It never gets longer, so a page that fits still does.
    fn apply(&self, text: &str) -> String {
        let written = |character| match character {
            '\n' if self.carriage_return => '\r',
            banned if self.banned.contains(&banned) => ' ',
            other => other,
        };
        text.chars().map(written).collect()
    }
}

impl Answer {
    fn response(&self, filling: &Filling<'_>) -> Response {
        let body = match &self.body {
            Body::Text(template) => template.print(filling),
            Body::Json(tree) => tree.fill(filling).to_string(),
        };
        Response {
            status: self.status,
            headers: vec![("content-type", self.media_type.clone())],
            body,
        }
    }
}

impl Tree {
    fn fill(&self, filling: &Filling<'_>) -> Json {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Filled(template) => template.value(filling),
            Self::List(items) => items.iter().map(|item| item.fill(filling)).collect(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, tree)| (key.clone(), tree.fill(filling)))
                .collect(),
        }
    }
}

impl Template {
    fn print(&self, filling: &Filling<'_>) -> String {
        let pieces = self.0.iter().map(|piece| plain(&piece.value(filling)));
        pieces.collect()
    }

    /// As a JSON value: a place that stands alone keeps the type that its map gives it.
    fn value(&self, filling: &Filling<'_>) -> Json {
        match self.0.as_slice() {
            [alone] => alone.value(filling),
            _ => Json::String(self.print(filling)),
        }
    }
}

impl Piece {
    fn value(&self, filling: &Filling<'_>) -> Json {
        let (slot, map) = match self {
            Self::Literal(text) => return Json::String(text.clone()),
            Self::Slot { slot, map } => (slot, map),
        };
        let Some(text) = slot.text(filling) else {
            return Json::Null;
        };
        match map {
            Some(map) => map.get(text).cloned().unwrap_or_default(),
            None => Json::String(text.to_owned()),
        }
    }
}

impl Slot {
    fn text<'f>(self, filling: &Filling<'f>) -> Option<&'f str> {
        match self {
            Self::Screen => Some(filling.screen),
            Self::Go => filling.go.map(Go::word),
            Self::Error => Some(filling.error),
            Self::Said(name) => filling.values?.get(name),
        }
    }
}

/// A JSON value as text; `null` is none.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => value.to_string(),
    }
}
