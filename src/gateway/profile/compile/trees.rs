//! What answers and calls are made of: texts, forms, JSON, XML, XML-RPC.

use crate::model::source::yaml::{Kind, Node};

use super::{
    super::{Body, Charset, Element, Piece, Problem, Template, Tree, XmlNode},
    book::typed,
    entries::{self, Entries, word},
    findings::Findings,
    scope::Scope,
    secrets, values,
};

/// The kinds of bodies, of which there is one.
pub(super) const BODIES: &[&str] = &["text", "json", "xml", "rpc", "form"];

const PLAIN: &str = "text/plain; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";

/// Where a body stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// An answer of ours.
    Answer,
    /// A call of ours.
    Call,
}

/// A body with how it is written.
pub(super) struct Bodied {
    pub(super) body: Body,
    /// `None` where there is none.
    pub(super) media_type: Option<String>,
    pub(super) charset: Charset,
}

/// Reads what is under one of [`BODIES`], with its media type and its character set.
pub(super) fn body(
    entries: &Entries<'_>,
    node: &Node,
    side: Side,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Bodied> {
    let mut said = BODIES
        .iter()
        .filter_map(|key| Some((*key, entries.get(key)?)));
    let first = said.next();
    if said.next().is_some() {
        findings.add(node.span, &Problem::BodyNotOne);
        return None;
    }
    let charset = charset(entries, first.map(|(key, _)| key), findings);
    let own = entries
        .get("type")
        .map(|node| media_type(node, charset, findings));
    let Some((key, content)) = first else {
        let is_said = side == Side::Call || entries.get("status").is_some();
        if !is_said {
            findings.add(node.span, &Problem::BodyNotOne);
        }
        return Some(Bodied {
            body: Body::Nothing,
            media_type: own.flatten(),
            charset,
        });
    };
    let (body, usual) = match key {
        "json" => (
            tree(content, scope, findings).map(Body::Json),
            "application/json",
        ),
        "xml" => (xml(content, scope, findings).map(Body::Xml), XML),
        "rpc" => (rpc(content, side, scope, findings), XML),
        "form" => (
            pairs(content, "`form`", scope, findings).map(Body::Form),
            "application/x-www-form-urlencoded",
        ),
        _ => (
            values::template(content, scope, findings).map(Body::Text),
            PLAIN,
        ),
    };
    let media_type = match own {
        Some(own) => own?,
        None => in_charset(usual, charset),
    };
    if let Some(Body::Text(template)) = &body {
        written_by_hand(template, &media_type, content, findings);
    }
    Some(Bodied {
        body: body?,
        media_type: Some(media_type),
        charset,
    })
}

/// In which character set an answer or a call is written.
fn charset(entries: &Entries<'_>, body: Option<&str>, findings: &mut Findings) -> Charset {
    let Some(node) = entries.get("charset") else {
        return Charset::Utf8;
    };
    let read = word(node, "character set", &["utf8", "latin1"], findings);
    if read != Some("latin1") {
        return Charset::Utf8;
    }
    if body == Some("json") {
        let expected = "`utf8` beside `json`, which is in no other character set";
        let found = "`latin1`";
        findings.add(node.span, &Problem::WrongType { expected, found });
    }
    Charset::Latin1
}

/// A media type that tells the character set.
fn in_charset(media_type: &str, charset: Charset) -> String {
    match charset {
        Charset::Latin1 => {
            let bare = media_type.split(';').next().unwrap_or_default();
            format!("{bare}; charset=iso-8859-1")
        }
        Charset::Utf8 | Charset::Utf16 | Charset::Declared => media_type.to_owned(),
    }
}

fn media_type(node: &Node, written: Charset, findings: &mut Findings) -> Option<String> {
    let text = entries::text(node, findings)?;
    let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let (main, sub) = text.split_once('/').unwrap_or_default();
    // Another character set in the header than what goes out in would be untrue.
    let declared = super::super::charset::declared(text);
    let is_true = declared.as_deref().is_none_or(|declared| match written {
        Charset::Latin1 => matches!(declared, "iso-8859-1" | "iso8859-1" | "latin1"),
        Charset::Utf8 | Charset::Utf16 | Charset::Declared => {
            matches!(declared, "utf-8" | "utf8")
        }
    });
    if is_printable && is_true && !main.trim().is_empty() && !sub.trim().is_empty() {
        return Some(match declared {
            Some(_) => text.to_owned(),
            None => in_charset(text, written),
        });
    }
    let written = text.to_owned();
    findings.add(node.span, &Problem::NotAMediaType { written });
    None
}

/// A text that looks like JSON or XML is broken by the first quote or `<` that is filled in.
fn written_by_hand(template: &Template, media_type: &str, node: &Node, findings: &mut Findings) {
    let is_filled = template
        .0
        .iter()
        .any(|piece| matches!(piece, Piece::Slot(_)));
    let start = match template.0.first() {
        Some(Piece::Literal(text)) => text.trim_start().chars().next(),
        Some(Piece::Slot(_)) | None => None,
    };
    let kind = match start {
        _ if media_type.contains("json") => "json",
        _ if media_type.contains("xml") => "xml",
        Some('{' | '[') => "json",
        Some('<') => "xml",
        _ => return,
    };
    if is_filled {
        findings.add(node.span, &Problem::BodyAsText { kind });
    }
}

/// Names and texts: a form, a query, headers.
pub(super) fn pairs(
    node: &Node,
    place: &'static str,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Vec<(String, Template)>> {
    let entries = Entries::any(node, place, findings)?;
    let pairs: Vec<_> = entries
        .iter()
        .map(|(_, name, node)| {
            let template = values::template(node, scope, findings)?;
            named_secret(name, &template, node, scope, findings);
            Some((name.to_owned(), template))
        })
        .collect();
    pairs.into_iter().collect()
}

/// Headers, whose names must be such.
pub(super) fn headers(
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Vec<(String, Template)>> {
    for (key, _) in node.map().unwrap_or_default() {
        let name = key.text().unwrap_or_default();
        let fits = |it: char| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it);
        if name.is_empty() || !name.chars().all(fits) {
            let written = name.to_owned();
            findings.add(key.span, &Problem::NotAHeader { written });
        }
    }
    pairs(node, "`headers`", scope, findings)
}

/// A JSON value with places to fill.
pub(super) fn tree(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Tree> {
    match &node.kind {
        Kind::Scalar { text, .. } if !text.contains(['{', '}']) => {
            typed(node, findings).map(Tree::Fixed)
        }
        Kind::Scalar { .. } => values::template(node, scope, findings).map(Tree::Filled),
        Kind::List(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| tree(item, scope, findings))
                .collect();
            items.into_iter().collect::<Option<_>>().map(Tree::List)
        }
        Kind::Map(_) => {
            let entries = Entries::any(node, "a JSON map", findings)?;
            let entries: Vec<_> = entries
                .iter()
                .map(|(_, key, value)| {
                    let tree = tree(value, scope, findings)?;
                    secret_member(key, &tree, value, scope, findings);
                    Some((key.to_owned(), tree))
                })
                .collect();
            entries.into_iter().collect::<Option<_>>().map(Tree::Map)
        }
    }
}

/// Notes a secret that stands in a call; what stands in an answer proves nothing.
fn named_secret(
    name: &str,
    text: &Template,
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) {
    if scope.is_call {
        secrets::named(name, text, node, findings);
    }
}

fn secret_member(key: &str, tree: &Tree, node: &Node, scope: &Scope<'_>, findings: &mut Findings) {
    match tree {
        Tree::Fixed(serde_json::Value::String(text)) => {
            let text = Template(vec![Piece::Literal(text.clone())]);
            named_secret(key, &text, node, scope, findings);
        }
        Tree::Filled(template) => named_secret(key, template, node, scope, findings),
        Tree::Fixed(_) | Tree::List(_) | Tree::Map(_) => {}
    }
}

/// The value of an answer, or a call's method with its value: `{send.message: {…}}`.
fn rpc(node: &Node, side: Side, scope: &Scope<'_>, findings: &mut Findings) -> Option<Body> {
    if side == Side::Answer {
        let method = None;
        let value = tree(node, scope, findings)?;
        return Some(Body::Rpc { method, value });
    }
    let (_, name, value) = only(node, "one method with its value", findings)?;
    Some(Body::Rpc {
        method: Some(name.to_owned()),
        value: tree(value, scope, findings)?,
    })
}

/// A map's one entry.
fn only<'n>(
    node: &'n Node,
    expected: &'static str,
    findings: &mut Findings,
) -> Option<(&'n Node, &'n str, &'n Node)> {
    let entries = Entries::any(node, expected, findings)?;
    let mut entries = entries.iter();
    let (Some(only), None) = (entries.next(), entries.next()) else {
        let found = "a map of another length";
        findings.add(node.span, &Problem::WrongType { expected, found });
        return None;
    };
    Some(only)
}

/// The one element of a document.
fn xml(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Element> {
    let (key, name, content) = only(node, "one element, the root", findings)?;
    element(key, name, content, &[], scope, findings)
}

fn element(
    key: &Node,
    name: &str,
    content: &Node,
    prefixes: &[&str],
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Element> {
    let mut prefixes = prefixes.to_vec();
    for (attribute, _) in content.map().unwrap_or_default() {
        let text = attribute.text().unwrap_or_default();
        prefixes.extend(text.strip_prefix("@xmlns:"));
    }
    checked(key, name, &prefixes, findings);
    let mut element = Element {
        name: name.to_owned(),
        attributes: Vec::new(),
        children: Vec::new(),
    };
    if let Kind::Scalar { .. } = content.kind {
        element.children = text(content, scope, findings)?;
        return Some(element);
    }
    for (key, name, node) in Entries::any(content, "an element", findings)?.iter() {
        if let Some(attribute) = name.strip_prefix('@') {
            checked(key, attribute, &prefixes, findings);
            let value = values::template(node, scope, findings)?;
            named_secret(attribute, &value, node, scope, findings);
            element.attributes.push((attribute.to_owned(), value));
        } else if name == "#" {
            element.children.extend(text(node, scope, findings)?);
        } else {
            let single = std::slice::from_ref(node);
            for node in node.list().unwrap_or(single) {
                let child = self::element(key, name, node, &prefixes, scope, findings)?;
                element.children.push(XmlNode::Element(child));
            }
            if let Kind::Scalar { .. } = node.kind {
                let mut unheard = findings.unheard();
                let value = values::template(node, scope, &mut unheard).unwrap_or_default();
                named_secret(name, &value, node, scope, findings);
            }
        }
    }
    Some(element)
}

fn text(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Vec<XmlNode>> {
    let template = values::template(node, scope, findings)?;
    let is_empty = template.0.is_empty();
    Some(
        (!is_empty)
            .then_some(XmlNode::Text(template))
            .into_iter()
            .collect(),
    )
}

/// Notes a name that XML does not take, or a prefix that stands for nothing.
fn checked(key: &Node, name: &str, prefixes: &[&str], findings: &mut Findings) {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    if !is_xml_name(local) || prefix.is_some_and(|prefix| !is_xml_name(prefix)) {
        let written = name.to_owned();
        findings.add(key.span, &Problem::NotAnElement { written });
        return;
    }
    let known = |prefix: &str| matches!(prefix, "xml" | "xmlns") || prefixes.contains(&prefix);
    if let Some(prefix) = prefix.filter(|prefix| !known(prefix)) {
        let prefix = prefix.to_owned();
        findings.add(key.span, &Problem::UndeclaredPrefix { prefix });
    }
}

fn is_xml_name(name: &str) -> bool {
    let mut characters = name.chars();
    let starts = characters
        .next()
        .is_some_and(|it| it.is_alphabetic() || it == '_');
    starts && characters.all(|it| it.is_alphanumeric() || "-_.".contains(it))
}
