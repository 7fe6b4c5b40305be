//! Bodies, written again.

use serde_json::{Value as Json, value::RawValue};

use super::{
    places::{Marks, Places},
    shape::{Kind, Shapes},
};
use crate::gateway::profile::{
    JsonStep, Route, Source, XmlStep,
    json::{Json as Sent, Members},
    markup,
    rpc::Rpc,
    tree::Filled,
    urlencoded::{self, Pairs},
    xml::{Found, Node},
    xmlrpc,
};

/// Writes the bodies of a route.
pub(super) struct Bodies<'a> {
    pub(super) route: &'a Route,
    pub(super) places: &'a Places,
    pub(super) shapes: &'a Shapes<'a>,
}

impl Bodies<'_> {
    pub(super) fn form(&self, pairs: &Pairs) -> String {
        let pairs = self.pairs(pairs, |name| self.places.form(name, self.route.any_case));
        urlencoded::written(
            pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }

    /// Names, and values as their names say.
    pub(super) fn pairs(&self, pairs: &Pairs, kind: impl Fn(&str) -> Kind) -> Pairs {
        let masked = |(name, value): &(String, String)| {
            (self.name(name), self.shapes.write(kind(name), value))
        };
        pairs.iter().map(masked).collect()
    }

    /// A name is the aggregator's, and may still hold a number.
    fn name(&self, name: &str) -> String {
        self.shapes.write(Kind::Own, name)
    }

    pub(super) fn json(&self, root: &Sent, text: &str) -> Option<String> {
        let mut marks = Marks::default();
        for (source, kind) in self.places.all() {
            if let Source::Json(steps) = source {
                self.mark_json(&mut marks, (root, steps), kind);
            } else if let Source::ItemJson(steps) = source {
                for item in self.json_items(root) {
                    self.mark_json(&mut marks, (item, steps), kind);
                }
            }
        }
        if let Some(Source::Json(at)) = self.route.item.as_ref().map(|item| &item.at) {
            self.mark_selected(&mut marks, root, at);
        }
        self.json_text(root, serde_json::from_str(text).ok()?, &marks)
    }

    fn json_items<'j>(&self, root: &'j Sent) -> Vec<&'j Sent> {
        let Some(Source::Json(at)) = self.route.item.as_ref().map(|item| &item.at) else {
            return Vec::new();
        };
        let found = root.at(at, self.route.any_case).into_iter();
        let items = found.flat_map(|one| match one {
            Sent::List(items) => items.iter().collect(),
            Sent::Null | Sent::Plain(_) | Sent::Map(_) => vec![one],
        });
        items.collect()
    }

    fn mark_json(&self, marks: &mut Marks, (root, steps): (&Sent, &[JsonStep]), kind: Kind) {
        let found = root.at(steps, self.route.any_case);
        for value in found {
            marks.set(value, kind);
        }
        self.mark_selected(marks, root, steps);
    }

    /// What chooses an item of a list: without it the item would not be found again.
    fn mark_selected(&self, marks: &mut Marks, root: &Sent, steps: &[JsonStep]) {
        for (place, step) in steps.iter().enumerate() {
            if let JsonStep::Where(name, _) = step {
                let mut to = steps.get(..=place).unwrap_or_default().to_vec();
                to.push(JsonStep::Name(name.clone()));
                let found = root.at(&to, self.route.any_case);
                for value in found {
                    marks.set(value, Kind::Told);
                }
            }
        }
    }

    /// The text of a value: as it came, so that a number stays one.
    fn json_text(&self, value: &Sent, raw: &RawValue, marks: &Marks) -> Option<String> {
        Some(match value {
            Sent::Null => "null".to_owned(),
            Sent::Plain(text) => {
                let masked = self.shapes.write(marks.of(value), text);
                plain(raw.get(), masked)
            }
            Sent::List(items) => {
                let raws: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
                let items = items.iter().zip(raws);
                let written = items.map(|(item, raw)| self.json_text(item, raw, marks));
                format!("[{}]", written.collect::<Option<Vec<_>>>()?.join(","))
            }
            Sent::Map(members) => {
                let raws: Members<'_> = serde_json::from_str(raw.get()).ok()?;
                let members = members.iter().zip(raws.0);
                let written = members.map(|((name, value), (_, raw))| {
                    let value = self.json_text(value, raw, marks)?;
                    Some(format!("{}:{value}", Json::from(self.name(name))))
                });
                format!("{{{}}}", written.collect::<Option<Vec<_>>>()?.join(","))
            }
        })
    }

    pub(super) fn xml(&self, document: &Node) -> String {
        let mut marks = Marks::default();
        for (source, kind) in self.places.all() {
            if let Source::Xml(steps) = source {
                self.mark_xml(&mut marks, (document, steps), kind);
            } else if let Source::ItemXml(steps) = source {
                for item in self.xml_items(document) {
                    self.mark_xml(&mut marks, (item, steps), kind);
                }
            }
        }
        if let Some(Source::Xml(at)) = self.route.item.as_ref().map(|item| &item.at) {
            self.mark_chosen(&mut marks, document, at);
        }
        let roots = document.children.iter();
        roots
            .map(|root| self.xml_text(root, None, &marks))
            .collect()
    }

    fn xml_items<'n>(&self, document: &'n Node) -> Vec<&'n Node> {
        match self.route.item.as_ref().map(|item| &item.at) {
            Some(Source::Xml(at)) => match document.at(at, self.route.any_case) {
                Found::Elements(nodes) => nodes,
                Found::Attributes(_) => Vec::new(),
            },
            Some(_) | None => Vec::new(),
        }
    }

    fn mark_xml(&self, marks: &mut Marks, (root, steps): (&Node, &[XmlStep]), kind: Kind) {
        mark_found(marks, &root.at(steps, self.route.any_case), kind);
        self.mark_chosen(marks, root, steps);
    }

    /// What chooses an element.
    fn mark_chosen(&self, marks: &mut Marks, root: &Node, steps: &[XmlStep]) {
        for (place, step) in steps.iter().enumerate() {
            if let XmlStep::Where(part, _) = step {
                let mut to = steps.get(..=place).unwrap_or_default().to_vec();
                to.push(part.as_ref().clone());
                mark_found(marks, &root.at(&to, self.route.any_case), Kind::Told);
            }
        }
    }

    fn xml_text(&self, node: &Node, around: Option<&str>, marks: &Marks) -> String {
        let namespace = node.namespace.as_deref();
        let declared = (namespace != around).then(|| {
            let namespace = namespace.unwrap_or_default().to_owned();
            ("xmlns".to_owned(), namespace)
        });
        let attributes = node.attributes.iter().map(|(name, value)| {
            (
                self.name(name),
                self.shapes.write(marks.of(value.as_str()), value),
            )
        });
        let attributes = declared.into_iter().chain(attributes);
        let attributes: String = attributes
            .map(|(name, value)| markup::attribute(&name, &value))
            .collect();
        let children = node
            .children
            .iter()
            .map(|child| self.xml_text(child, namespace, marks));
        let children: String = children.collect();
        // Between elements stands white space, which is for readers.
        let own = match node.text.trim() {
            "" if !children.is_empty() => String::new(),
            _ => self.shapes.write(marks.of(node), &node.text),
        };
        markup::element(
            &self.name(&node.local),
            &attributes,
            &(markup::text(&own) + &children),
        )
    }

    pub(super) fn rpc(&self, rpc: &Rpc) -> String {
        let mut marks = Marks::default();
        for (source, kind) in self.places.all() {
            if let Source::Rpc(number, steps) = source
                && let Some(parameter) = rpc.parameters.get(*number)
            {
                self.mark_json(&mut marks, (parameter, steps), kind);
            }
        }
        let method = rpc.method.as_deref();
        let method = method.map(|name| self.shapes.write(self.places.rpc_method(), name));
        let parameters = rpc
            .parameters
            .iter()
            .map(|value| self.filled(value, &marks));
        xmlrpc::write_all(method.as_deref(), &parameters.collect::<Vec<_>>())
    }

    /// A value of XML-RPC. All that is plain reads the same as a text.
    fn filled(&self, value: &Sent, marks: &Marks) -> Filled {
        match value {
            Sent::Null => Filled::Plain(Json::Null),
            Sent::Plain(text) => {
                Filled::Plain(Json::String(self.shapes.write(marks.of(value), text)))
            }
            Sent::List(items) => {
                Filled::List(items.iter().map(|item| self.filled(item, marks)).collect())
            }
            Sent::Map(members) => {
                let members = members.iter();
                let members =
                    members.map(|(name, value)| (self.name(name), self.filled(value, marks)));
                Filled::Map(members.collect())
            }
        }
    }
}

fn mark_found(marks: &mut Marks, found: &Found<'_>, kind: Kind) {
    match found {
        Found::Elements(nodes) => nodes.iter().for_each(|node| marks.set(*node, kind)),
        Found::Attributes(values) => values.iter().for_each(|value| marks.set(*value, kind)),
    }
}

/// A plain value of JSON with another text. One that was a text is one; a number that can still be one stays it.
fn plain(raw: &str, masked: String) -> String {
    let is_value = matches!(raw, "true" | "false");
    if is_value {
        return raw.to_owned();
    }
    let stays = !raw.starts_with('"') && serde_json::from_str::<&RawValue>(&masked).is_ok();
    if stays {
        masked
    } else {
        Json::String(masked).to_string()
    }
}
