use crate::model::source::yaml::Node;

use super::{
    super::{
        Problem,
        compiled::Map,
        fields::{Field, Root},
    },
    entries::text,
    findings::Findings,
    maps::Maps,
};

/// Reads `form.status | outcome`: a field, and the map that its value goes through.
pub(super) fn mapped(
    node: &Node,
    maps: &Maps,
    findings: &mut Findings,
) -> Option<(Field, Option<Map>)> {
    let written = text(node, findings)?;
    let (field_text, map) = split(written);
    let found = field(field_text);
    if found.is_none() {
        let written = field_text.to_owned();
        findings.add(node.span, &Problem::NotAField { written });
    }
    let map = match map {
        Some(name) => Some(maps.get(name, node, findings)?.clone()),
        None => None,
    };
    Some((found?, map))
}

/// What stands before and after a `|`.
pub(super) fn split(written: &str) -> (&str, Option<&str>) {
    match written.split_once('|') {
        Some((before, map)) => (before.trim(), Some(map.trim())),
        None => (written.trim(), None),
    }
}

/// Reads `form.sessionId`.
pub(super) fn field(written: &str) -> Option<Field> {
    let (root, name) = written.split_once('.')?;
    let root = match root {
        "form" => Root::Form,
        "json" => Root::Json,
        "query" => Root::Query,
        "header" => Root::Header,
        _ => return None,
    };
    let path: Vec<String> = if root == Root::Json {
        name.split('.').map(str::to_owned).collect()
    } else {
        vec![name.to_owned()]
    };
    let fits = |part: &String| !part.is_empty() && !part.contains(char::is_whitespace);
    path.iter().all(fits).then(|| Field {
        root,
        path,
        written: written.to_owned(),
    })
}
