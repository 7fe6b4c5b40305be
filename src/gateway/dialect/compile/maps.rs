use serde_json::Value as Json;

use crate::model::source::{
    nearest,
    yaml::{Kind, Node},
};

use super::{
    super::{Problem, compiled::Map},
    entries::{Entries, text},
    findings::Findings,
};

/// The maps of a profile by name.
#[derive(Debug, Default)]
pub(super) struct Maps(Vec<(String, Map)>);

impl Maps {
    /// Reads `maps:`.
    pub(super) fn read(node: Option<&Node>, findings: &mut Findings) -> Self {
        let maps = node.and_then(|node| Entries::any(node, "`maps`", findings));
        let mut read = Self::default();
        for (_, name, node) in maps.iter().flat_map(Entries::iter) {
            if let Some(map) = map(node, findings) {
                read.0.push((name.to_owned(), map));
            }
        }
        read
    }

    /// A map that is named at `at`.
    pub(super) fn get(&self, name: &str, at: &Node, findings: &mut Findings) -> Option<&Map> {
        let found = self.0.iter().find(|(known, _)| known == name);
        if found.is_none() {
            let known = self.0.iter().map(|(known, _)| known.as_str());
            let nearest = nearest(name, known).map(str::to_owned);
            let name = name.to_owned();
            findings.add(at.span, &Problem::UnknownMap { name, nearest });
        }
        found.map(|(_, map)| map)
    }
}

fn map(node: &Node, findings: &mut Findings) -> Option<Map> {
    let entries = Entries::any(node, "a map of values", findings)?;
    let mut map = Map::default();
    for (_, key, value) in entries.iter() {
        let Some(value) = typed(value, findings) else {
            continue;
        };
        if key == "default" {
            map.otherwise = Some(value);
        } else {
            map.entries.push((key.to_owned(), value));
        }
    }
    Some(map)
}

/// A scalar as JSON: written plain, `true`, `false`, `null` and numbers are what they are in JSON;
/// all else is a text, `no` and `007` too.
pub(super) fn typed(node: &Node, findings: &mut Findings) -> Option<Json> {
    let text = text(node, findings)?;
    let is_plain = matches!(node.kind, Kind::Scalar { plain: true, .. });
    let value = is_plain.then(|| serde_json::from_str(text).ok()).flatten();
    Some(value.unwrap_or_else(|| Json::String(text.to_owned())))
}
