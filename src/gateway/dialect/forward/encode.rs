//! A request written from what it is to say.

use quick_xml::escape::escape;
use serde_json::{Map, Value as Json};

use super::{Forwarded, fields::Fields};
use crate::gateway::dialect::{
    BodyKind, Item, JsonStep, PathPart, Source, XmlName, XmlStep, markup, tree::Filled, urlencoded,
    xmlrpc,
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
        let headers = self.set.iter().filter_map(|(source, text)| match source {
            Source::Header(name) => Some((name.to_lowercase(), text.clone())),
            _ => None,
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

    fn query(&self) -> String {
        let in_form = self.route.body == BodyKind::Form;
        let pairs = self.set.iter().filter_map(|(source, text)| match source {
            Source::Query(name) => Some((name.as_str(), text.as_str())),
            Source::Param(name) if !in_form => Some((name.as_str(), text.as_str())),
            _ => None,
        });
        urlencoded::written(pairs)
    }

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

/// An element that grows.
#[derive(Default)]
struct Tree {
    name: String,
    namespace: Option<String>,
    attributes: Vec<(String, String)>,
    children: Vec<Tree>,
    text: String,
}

impl Tree {
    fn put(&mut self, steps: &[XmlStep], text: &str) {
        match steps {
            [] => text.clone_into(&mut self.text),
            [XmlStep::Attribute(name), ..] => {
                self.attributes.retain(|(known, _)| known != name);
                self.attributes.push((name.clone(), text.to_owned()));
            }
            [XmlStep::Element(name), XmlStep::Index(index), rest @ ..] => {
                self.with_child(name, (|_| true, *index), |child| child.put(rest, text));
            }
            [
                XmlStep::Element(name),
                XmlStep::Where(part, wanted),
                rest @ ..,
            ] => {
                let part = std::slice::from_ref(part.as_ref());
                let fits = |child: &Self| child.has(part, wanted);
                self.with_child(name, (fits, 0), |child| {
                    child.put(part, wanted);
                    child.put(rest, text);
                });
            }
            [XmlStep::Element(name), rest @ ..] => {
                self.with_child(name, (|_| true, 0), |child| child.put(rest, text));
            }
            [XmlStep::Index(_) | XmlStep::Where(..), rest @ ..] => self.put(rest, text),
        }
    }

    fn has(&self, part: &[XmlStep], wanted: &str) -> bool {
        match part {
            [XmlStep::Attribute(name)] => {
                let mut attributes = self.attributes.iter();
                attributes.any(|(known, value)| known == name && value == wanted)
            }
            [XmlStep::Element(name)] => {
                let mut children = self.children.iter();
                children.any(|child| child.name == name.local && child.text == wanted)
            }
            _ => false,
        }
    }

    /// Changes the child of that number among those of a name that fit; they are made as far as they are missing.
    fn with_child(
        &mut self,
        name: &XmlName,
        (fits, number): (impl Fn(&Self) -> bool, usize),
        change: impl FnOnce(&mut Self),
    ) {
        let is = |child: &Self| child.name == name.local && fits(child);
        let known = self.children.iter().filter(|child| is(child)).count();
        if known > number {
            let mut fitting = self.children.iter_mut().filter(|child| is(child));
            if let Some(child) = fitting.nth(number) {
                change(child);
            }
            return;
        }
        let new = || Self {
            name: name.local.clone(),
            namespace: name.namespace.clone(),
            ..Self::default()
        };
        self.children.extend((known..number).map(|_| new()));
        let mut child = new();
        change(&mut child);
        self.children.push(child);
    }

    fn write(&self, around: Option<&str>) -> String {
        let namespace = self.namespace.as_deref().or(around);
        let mut attributes = String::new();
        if let Some(namespace) = namespace.filter(|_| namespace != around) {
            attributes.push_str(&format!(" xmlns=\"{}\"", escape(namespace)));
        }
        for (name, value) in &self.attributes {
            attributes.push_str(&format!(" {name}=\"{}\"", escape(value.as_str())));
        }
        let children = self.children.iter().map(|child| child.write(namespace));
        let content = markup::text(&self.text) + &children.collect::<String>();
        markup::element(&self.name, &attributes, &content)
    }
}
