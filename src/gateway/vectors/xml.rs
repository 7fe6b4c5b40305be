//! XML in one form, so that two documents that say the same print the same.

use std::fmt::Write as _;

use quick_xml::{
    NsReader,
    escape::unescape,
    events::{BytesStart, Event},
    name::ResolveResult,
};

/// How deep a document may nest.
const DEPTH: usize = 64;

/// An element without what does not count: prefixes, the order of attributes, white space between elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Without its prefix.
    pub(super) name: String,
    namespace: Option<String>,
    /// In the order of their names.
    attributes: Vec<(String, String)>,
    pub(super) nodes: Vec<Node>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Reads a document; `None` where it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = NsReader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            let (namespace, event) = reader.read_resolved_event().ok()?;
            let namespace = match namespace {
                ResolveResult::Bound(bound) => Some(bound.as_ref().to_owned()),
                ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
            };
            match event {
                Event::Start(tag) if open.len() <= DEPTH => open.push(Self::of(&tag, namespace)?),
                Event::Start(_) | Event::DocType(_) => return None,
                Event::Empty(tag) => {
                    let element = Self::of(&tag, namespace)?;
                    open.last_mut()?.nodes.push(Node::Element(element));
                }
                Event::End(_) => {
                    let element = open.pop()?.without_white_space();
                    open.last_mut()?.nodes.push(Node::Element(element));
                }
                Event::Text(text) => open.last_mut()?.add(&text.xml10_content()),
                Event::CData(text) => open.last_mut()?.add(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let text = format!("&{};", reference.xml10_content());
                    open.last_mut()?.add(&unescape(&text).ok()?);
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        let [document] = <[Self; 1]>::try_from(open).ok()?;
        match <[Node; 1]>::try_from(document.without_white_space().nodes) {
            Ok([Node::Element(root)]) => Some(root),
            Ok([Node::Text(_)]) | Err(_) => None,
        }
    }

    fn of(tag: &BytesStart<'_>, namespace: Option<String>) -> Option<Self> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let name = attribute.key.as_ref();
            if name != "xmlns" && !name.starts_with("xmlns:") {
                let value = unescape(&attribute.value).ok()?.into_owned();
                attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
            }
        }
        attributes.sort();
        Some(Self {
            name: tag.local_name().as_ref().to_owned(),
            namespace,
            attributes,
            nodes: Vec::new(),
        })
    }

    fn add(&mut self, text: &str) {
        match self.nodes.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            Some(Node::Element(_)) | None => self.nodes.push(Node::Text(text.to_owned())),
        }
    }

    /// White space counts in an element that has nothing else, and not between elements.
    fn without_white_space(mut self) -> Self {
        if self.elements().next().is_some() || self.name.is_empty() {
            self.nodes.retain(|node| match node {
                Node::Element(_) => true,
                Node::Text(text) => !text.trim().is_empty(),
            });
        }
        self
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Its first element of a name.
    pub(super) fn element(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The text in it.
    pub(super) fn text(&self) -> String {
        let texts = self.nodes.iter().map(|node| match node {
            Node::Text(text) => text.as_str(),
            Node::Element(_) => "",
        });
        texts.collect()
    }

    /// Of this element what `wanted` has as well, in its order.
    pub(super) fn restricted(&self, wanted: &Self) -> Self {
        let of_wanted = |(name, _): &&(String, String)| {
            let mut attributes = wanted.attributes.iter();
            attributes.any(|(known, _)| known == name)
        };
        let mut rest = self.elements();
        let mut nodes = Vec::new();
        for node in &wanted.nodes {
            match node {
                Node::Element(wanted) => {
                    let found = rest.find(|element| element.name == wanted.name);
                    nodes.extend(found.map(|found| Node::Element(found.restricted(wanted))));
                }
                Node::Text(_) => nodes.extend(self.texts().cloned()),
            }
        }
        Self {
            attributes: self.attributes.iter().filter(of_wanted).cloned().collect(),
            nodes,
            ..self.clone()
        }
    }

    fn texts(&self) -> impl Iterator<Item = &Node> {
        let nodes = self.nodes.iter();
        nodes.filter(|node| matches!(node, Node::Text(_)))
    }

    /// One line an element, indented; the namespace where it is another than around it.
    pub(super) fn print(&self) -> String {
        let mut printed = String::new();
        self.print_into(&mut printed, 0, None);
        printed.trim_end().to_owned()
    }

    fn print_into(&self, printed: &mut String, depth: usize, around: Option<&str>) {
        let indent = "  ".repeat(depth);
        let namespace = self.namespace.as_deref();
        let mut tag = self.name.clone();
        if namespace != around {
            // Writing to a String cannot fail.
            _ = write!(tag, " xmlns={:?}", namespace.unwrap_or_default());
        }
        for (name, value) in &self.attributes {
            _ = write!(tag, " {name}={value:?}");
        }
        match self.nodes.as_slice() {
            [] => _ = writeln!(printed, "{indent}<{tag}/>"),
            [Node::Text(text)] => {
                _ = writeln!(printed, "{indent}<{tag}>{text}</{}>", self.name);
            }
            nodes => {
                _ = writeln!(printed, "{indent}<{tag}>");
                for node in nodes {
                    match node {
                        Node::Element(element) => element.print_into(printed, depth + 1, namespace),
                        Node::Text(text) => _ = writeln!(printed, "{indent}  {text}"),
                    }
                }
                _ = writeln!(printed, "{indent}</{}>", self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(text: &str) -> String {
        Element::read(text).unwrap().print()
    }

    #[test]
    fn what_says_the_same_prints_the_same() {
        let one = "<?xml version=\"1.0\"?>\n<n:a xmlns:n=\"u\" y='2' x=\"1\">\n  <n:b/>\n <c>a &amp; b</c></n:a>";
        let other = "<a xmlns='u' x='1' y='2'><b></b><c xmlns=''><![CDATA[a & b]]></c></a>";
        assert_eq!(printed(one), printed(other));
        let expected = "<a xmlns=\"u\" x=\"1\" y=\"2\">\n  <b/>\n  <c xmlns=\"\">a & b</c>\n</a>";
        assert_eq!(printed(one), expected);
    }

    #[test]
    fn another_namespace_text_or_order_prints_otherwise() {
        let one = printed("<a xmlns='u'><b/><c>1</c></a>");
        for other in [
            "<a xmlns='v'><b/><c>1</c></a>",
            "<a xmlns='u'><c>1</c><b/></a>",
            "<a xmlns='u'><b/><c>1 </c></a>",
            "<a xmlns='u' d='1'><b/><c>1</c></a>",
        ] {
            assert_ne!(printed(other), one, "{other}");
        }
    }

    #[test]
    fn a_line_break_in_an_attribute_counts() {
        assert_eq!(printed("<a b='1&#10;2'/>"), "<a b=\"1\\n2\"/>");
    }

    #[test]
    fn what_is_no_document_is_none() {
        for text in ["", "a", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a>&x;</a>"] {
            assert_eq!(Element::read(text), None, "{text}");
        }
        assert_eq!(Element::read(&"<a>".repeat(500)), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_is_none(text in "[<>a/&;=' \"!\\[\\]-]{0,40}") {
            _ = Element::read(&text);
        }
    }
}
