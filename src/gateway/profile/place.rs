//! Places in JSON and XML: one value, or the items of a batch.

use super::{
    JsonStep, Refused, Source, XmlStep,
    json::Json,
    value::Datum,
    xml::{Found, Node},
};

/// Where `item` begins.
#[derive(Clone)]
pub(super) enum Place {
    Json(Json),
    Xml(Node),
}

impl Place {
    /// The value of a source below it.
    pub(super) fn find(&self, source: &Source, any_case: bool) -> Result<Option<Datum>, Refused> {
        match (self, source) {
            (Self::Json(value), Source::ItemJson(steps)) => json(value, steps, any_case),
            (Self::Xml(node), Source::ItemXml(steps)) => xml(node, steps, any_case),
            (Self::Json(_) | Self::Xml(_), _) => Ok(None),
        }
    }
}

/// The items of a list, or the one value at a place; `None` where there is none.
pub(super) fn items(value: &Json, steps: &[JsonStep], any_case: bool) -> Option<Vec<Place>> {
    match value.at(steps, any_case).into_iter().next()? {
        Json::List(items) => Some(items.iter().cloned().map(Place::Json).collect()),
        Json::Null => None,
        one @ (Json::Plain(_) | Json::Map(_)) => Some(vec![Place::Json(one.clone())]),
    }
}

/// The elements at a place; none of them where there is what would hold them, and `None` where there is not.
pub(super) fn elements(node: &Node, steps: &[XmlStep], any_case: bool) -> Option<Vec<Place>> {
    match node.at(steps, any_case) {
        Found::Elements(nodes) if !nodes.is_empty() => {
            Some(nodes.into_iter().cloned().map(Place::Xml).collect())
        }
        Found::Elements(_) => {
            let (_, above) = steps.split_last()?;
            let holds = match node.at(above, any_case) {
                Found::Elements(nodes) => !above.is_empty() && !nodes.is_empty(),
                Found::Attributes(_) => false,
            };
            holds.then(Vec::new)
        }
        Found::Attributes(_) => None,
    }
}

/// The one value at a place in JSON; `null` is none.
pub(super) fn json(
    value: &Json,
    steps: &[JsonStep],
    any_case: bool,
) -> Result<Option<Datum>, Refused> {
    let written = || json_written(steps);
    let mut texts = Vec::new();
    for found in value.at(steps, any_case) {
        match found {
            Json::Null => {}
            Json::Plain(text) => texts.push(text.as_str()),
            Json::List(_) | Json::Map(_) => return Err(Refused::NotPlain(written())),
        }
    }
    single(texts.into_iter(), written)
}

/// The one value at a place in XML. An element that holds others is no value.
pub(super) fn xml(
    node: &Node,
    steps: &[XmlStep],
    any_case: bool,
) -> Result<Option<Datum>, Refused> {
    let written = || xml_written(steps);
    match node.at(steps, any_case) {
        Found::Attributes(values) => single(values.into_iter(), written),
        Found::Elements(nodes) if nodes.iter().any(|node| !node.children.is_empty()) => {
            Err(Refused::NotPlain(written()))
        }
        Found::Elements(nodes) => single(nodes.iter().map(|node| node.text.as_str()), written),
    }
}

/// The one value of several that must be the same.
pub(super) fn single<'v>(
    mut values: impl Iterator<Item = &'v str>,
    written: impl Fn() -> String,
) -> Result<Option<Datum>, Refused> {
    let Some(first) = values.next() else {
        return Ok(None);
    };
    if values.all(|other| other == first) {
        Ok(Some(Datum::from(first)))
    } else {
        Err(Refused::Twice(written()))
    }
}

/// `json.results.0.id`.
pub(super) fn json_written(steps: &[JsonStep]) -> String {
    written("json", steps.iter().map(json_step))
}

/// `xml.dialog.@type`.
pub(super) fn xml_written(steps: &[XmlStep]) -> String {
    written("xml", steps.iter().map(xml_step))
}

fn written(root: &str, steps: impl Iterator<Item = String>) -> String {
    std::iter::once(root.to_owned()).chain(steps).collect()
}

fn json_step(step: &JsonStep) -> String {
    match step {
        JsonStep::Name(name) => format!(".{name}"),
        JsonStep::Index(index) => format!(".{index}"),
        JsonStep::Where(name, value) => format!("[{name}={value}]"),
    }
}

fn xml_step(step: &XmlStep) -> String {
    match step {
        XmlStep::Element(name) => format!(".{}", name.local),
        XmlStep::Attribute(name) => format!(".@{name}"),
        XmlStep::Index(index) => format!(".{index}"),
        XmlStep::Where(part, value) => {
            format!("[{}={value}]", xml_step(part).trim_start_matches('.'))
        }
    }
}
