//! A request written from what it is to say.

use serde_json::{Map, Value as Json};

use super::{Forwarded, element::Tree, fields::Fields};
use crate::gateway::profile::{
    BodyKind, Item, JsonStep, PathPart, Source, tree::Filled, urlencoded, xmlrpc,
};

impl Fields<'_> {
    pub(super) fn encoded(&self) -> Forwarded {
        let method = self.method();
        let media_type = match self.route.body {
            _ if method == "GET" => None,
            BodyKind::Nothing => None,
            BodyKind::Form => Some("application/x-www-form-urlencoded"),
            BodyKind::Json => Some("application/json"),
            BodyKind::Xml | BodyKind::Rpc => Some("text/xml; charset=utf-8"),
            BodyKind::Text => Some("text/plain; charset=utf-8"),
        };
        let typed = media_type.map(|it| ("content-type".to_owned(), it.to_owned()));
        let headers = self.set.iter().filter_map(|(source, text)| {
            let Source::Header(name) = source else {
                return None;
            };
            Some((name.to_lowercase(), text.clone()))
        });
        Forwarded {
            path: self.path(),
            query: self.query(),
            headers: headers.chain(typed).collect(),
            body: if method == "GET" {
                String::new()
            } else {
                self.body()
            },
            method,
        }
    }

    pub(super) fn method(&self) -> String {
        let usual = match self.route.body {
            BodyKind::Nothing => "GET",
            BodyKind::Form | BodyKind::Json | BodyKind::Xml | BodyKind::Rpc | BodyKind::Text => {
                "POST"
            }
        };
        let first = self.route.methods.first().map(String::as_str);
        let method = self.at(&Source::Method).or(first).unwrap_or(usual);
        method.to_owned()
    }

    fn path(&self) -> String {
        let parts = self.route.path.iter().map(|part| match part {
            PathPart::Literal(literal) => literal.clone(),
            PathPart::Named(name) => {
                let text = self.at(&Source::Path(name.clone())).unwrap_or("1");
                urlencoded::escape(text)
            }
        });
        format!("/{}", parts.collect::<Vec<_>>().join("/"))
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what stands elsewhere is none of this part"
    )]
    fn query(&self) -> String {
        let in_form = self.route.body == BodyKind::Form;
        let pairs = self.set.iter().filter_map(|(source, text)| match source {
            Source::Query(name) => Some((name.as_str(), text.as_str())),
            Source::Param(name) if !in_form => Some((name.as_str(), text.as_str())),
            _ => None,
        });
        urlencoded::written(pairs)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what stands elsewhere is none of this part"
    )]
    pub(super) fn body(&self) -> String {
        match self.route.body {
            BodyKind::Nothing => String::new(),
            BodyKind::Text => self.at(&Source::Body).unwrap_or_default().to_owned(),
            BodyKind::Form => {
                let pairs = self.set.iter().filter_map(|(source, text)| match source {
                    Source::Form(name) | Source::Param(name) => {
                        Some((name.as_str(), text.as_str()))
                    }
                    _ => None,
                });
                urlencoded::written(pairs)
            }
            BodyKind::Json => self.json().to_string(),
            BodyKind::Xml => self.xml(),
            BodyKind::Rpc => self.rpc(),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what stands elsewhere is none of this part"
    )]
    fn json(&self) -> Json {
        let mut root = Json::Object(Map::new());
        for (source, text) in &self.set {
            match source {
                Source::Json(steps) => put_json(&mut root, steps, text),
                Source::ItemJson(steps) => {
                    let mut whole = match &self.route.item {
                        Some(Item {
                            at: Source::Json(at),
                            each,
                        }) => {
                            let first = each.then_some(JsonStep::Index(0));
                            at.iter().cloned().chain(first).collect()
                        }
                        Some(_) | None => Vec::new(),
                    };
                    whole.extend(steps.iter().cloned());
                    put_json(&mut root, &whole, text);
                }
                _ => {}
            }
        }
        root
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what stands elsewhere is none of this part"
    )]
    fn xml(&self) -> String {
        let mut document = Tree::default();
        for (source, text) in &self.set {
            match source {
                Source::Xml(steps) => document.put(steps, text),
                Source::ItemXml(steps) => {
                    let mut whole = match &self.route.item {
                        Some(Item {
                            at: Source::Xml(at),
                            ..
                        }) => at.clone(),
                        Some(_) | None => Vec::new(),
                    };
                    whole.extend(steps.iter().cloned());
                    document.put(&whole, text);
                }
                _ => {}
            }
        }
        document
            .children
            .iter()
            .map(|root| root.write(None))
            .collect()
    }

    fn rpc(&self) -> String {
        let mut first = Json::Object(Map::new());
        for (source, text) in &self.set {
            if let Source::Rpc(0, steps) = source {
                put_json(&mut first, steps, text);
            }
        }
        let method = self.at(&Source::RpcMethod).unwrap_or("call");
        xmlrpc::write(Some(method), &Filled::Plain(first))
    }
}

fn put_json(at: &mut Json, steps: &[JsonStep], text: &str) {
    let Some((step, rest)) = steps.split_first() else {
        *at = Json::String(text.to_owned());
        return;
    };
    match step {
        JsonStep::Name(name) => {
            if !at.is_object() {
                *at = Json::Object(Map::new());
            }
            if let Json::Object(members) = at {
                put_json(
                    members.entry(name.clone()).or_insert(Json::Null),
                    rest,
                    text,
                );
            }
        }
        JsonStep::Index(index) => {
            let mut items = taken(at);
            while items.len() <= *index {
                items.push(Json::Null);
            }
            if let Some(item) = items.get_mut(*index) {
                put_json(item, rest, text);
            }
            *at = Json::Array(items);
        }
        JsonStep::Where(name, wanted) => {
            let mut items = taken(at);
            let is = |item: &Json| item.get(name).and_then(Json::as_str) == Some(wanted);
            let index = items.iter().position(is).unwrap_or_else(|| {
                items.push(serde_json::json!({ name.as_str(): wanted }));
                items.len() - 1
            });
            if let Some(item) = items.get_mut(index) {
                put_json(item, rest, text);
            }
            *at = Json::Array(items);
        }
    }
}

/// The items of a list; none of anything else.
fn taken(at: &mut Json) -> Vec<Json> {
    match at.take() {
        Json::Array(items) => items,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Vec::new()
        }
    }
}
