//! XML as an aggregator sent it: a small tree, without document types and entities of its own.

use quick_xml::{
    NsReader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
};

use super::{Refused, XmlName, XmlStep, json::same, parsed::Limits};

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    /// `None` for no namespace.
    pub namespace: Option<String>,
    pub local: String,
    /// Local names, and values.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    /// Its own text, as it stands.
    pub text: String,
}

/// What stands at a place.
pub(super) enum Found<'n> {
    Elements(Vec<&'n Node>),
    Attributes(Vec<&'n str>),
}

impl Node {
    /// Reads one document: a node without a name, whose only child is the root.
    pub(super) fn read(text: &str, limits: Limits) -> Result<Self, Refused> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut building = Building {
            open: vec![Self::default()],
            left: limits.fields,
            limits,
        };
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|_| MALFORMED)?;
            let namespace = match namespace {
                ResolveResult::Bound(name) => Some(name.0.to_owned()),
                ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
            };
            if !building.take(namespace, &event)? {
                return building.document();
            }
        }
    }

    /// What stands at a place; nothing where a step finds none.
    pub(super) fn at(&self, steps: &[XmlStep], any_case: bool) -> Found<'_> {
        let mut found = vec![self];
        for step in steps {
            match step {
                XmlStep::Element(name) => {
                    let first = found.first().into_iter();
                    let children = first.flat_map(|node| &node.children);
                    found = children.filter(|node| node.is(name, any_case)).collect();
                }
                XmlStep::Index(index) => found = found.get(*index).copied().into_iter().collect(),
                XmlStep::Where(part, wanted) => {
                    let is = |node: &&&Self| node.has(part, wanted, any_case);
                    found = found.iter().find(is).copied().into_iter().collect();
                }
                XmlStep::Attribute(name) => {
                    let first = found.first().into_iter();
                    let named = first.flat_map(|node| &node.attributes);
                    let named = named.filter(|(known, _)| same(known, name, any_case));
                    return Found::Attributes(named.map(|(_, value)| value.as_str()).collect());
                }
            }
        }
        Found::Elements(found)
    }

    fn is(&self, name: &XmlName, any_case: bool) -> bool {
        let namespace = name.namespace.as_ref();
        same(&self.local, &name.local, any_case)
            && namespace.is_none_or(|namespace| self.namespace.as_ref() == Some(namespace))
    }

    fn has(&self, part: &XmlStep, wanted: &str, any_case: bool) -> bool {
        match self.at(std::slice::from_ref(part), any_case) {
            Found::Elements(nodes) => nodes.iter().any(|node| node.text == wanted),
            Found::Attributes(values) => values.contains(&wanted),
        }
    }
}

const MALFORMED: Refused = Refused::Malformed("XML");

struct Building {
    /// The document, and the elements that are open, from the outside in.
    open: Vec<Node>,
    left: usize,
    limits: Limits,
}

impl Building {
    /// Takes the next event; `false` after the last.
    fn take(&mut self, namespace: Option<String>, event: &Event<'_>) -> Result<bool, Refused> {
        match event {
            Event::Start(start) | Event::Empty(start) => self.start(namespace, start)?,
            Event::End(_) => self.end()?,
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(text) => self.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let text = referred(reference)?;
                self.text(&text)?;
            }
            Event::DocType(_) => return Err(Refused::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    fn start(&mut self, namespace: Option<String>, start: &BytesStart<'_>) -> Result<(), Refused> {
        if self.open.len() > self.limits.depth {
            return Err(Refused::TooDeep(self.limits.depth));
        }
        self.count()?;
        let mut node = Node {
            namespace,
            local: start.local_name().as_ref().to_owned(),
            ..Node::default()
        };
        for attribute in start.attributes().with_checks(false) {
            self.count()?;
            let attribute = attribute.map_err(|_| MALFORMED)?;
            // What declares a prefix is none: the names have their namespaces.
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            let value = value.map_err(|_| MALFORMED)?.into_owned();
            let name = attribute.key.local_name().as_ref().to_owned();
            node.attributes.push((name, value));
        }
        self.open.push(node);
        Ok(())
    }

    fn count(&mut self) -> Result<(), Refused> {
        self.left = self.left.checked_sub(1).ok_or(Refused::TooMany {
            part: "body",
            limit: self.limits.fields,
        })?;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refused> {
        let node = self.open.pop().ok_or(MALFORMED)?;
        let parent = self.open.last_mut().ok_or(MALFORMED)?;
        parent.children.push(node);
        Ok(())
    }

    /// Text outside the root is white space only.
    fn text(&mut self, text: &str) -> Result<(), Refused> {
        let inside = self.open.len() > 1;
        match self.open.last_mut() {
            Some(node) if inside => node.text.push_str(text),
            _ if text.trim().is_empty() => {}
            _ => return Err(MALFORMED),
        }
        Ok(())
    }

    fn document(mut self) -> Result<Node, Refused> {
        match (self.open.pop(), self.open.is_empty()) {
            (Some(document), true) if document.children.len() == 1 => Ok(document),
            _ => Err(MALFORMED),
        }
    }
}

/// The text of `&#10;` and `&amp;`. There are no others without a document type.
fn referred(reference: &BytesRef<'_>) -> Result<String, Refused> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| MALFORMED)? {
        return Ok(character.to_string());
    }
    let name = reference.xml10_content();
    let text = resolve_predefined_entity(&name).ok_or(Refused::DocumentType)?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Refused> {
        Node::read(text, Limits::USSD)
    }

    fn element(local: &str) -> XmlStep {
        XmlStep::Element(XmlName {
            namespace: None,
            local: local.into(),
        })
    }

    fn texts(node: &Node, steps: &[XmlStep]) -> Vec<String> {
        match node.at(steps, false) {
            Found::Elements(nodes) => nodes.iter().map(|node| node.text.clone()).collect(),
            Found::Attributes(values) => values.into_iter().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn elements_and_attributes_are_found_by_their_local_names() {
        let document = read(concat!(
            "<?xml version=\"1.0\"?><!-- x --><p:a xmlns:p='u' x='1 &lt;&#10;'><b>t &amp; <![CDATA[<u>]]>&#x41;</b>",
            "<b id='6'>second</b><empty/></p:a>\n"
        ))
        .unwrap();
        let b = || vec![element("a"), element("b")];
        let and = |mut steps: Vec<XmlStep>, step| {
            steps.push(step);
            steps
        };
        assert_eq!(texts(&document, &b()), ["t & <u>A", "second"]);
        assert_eq!(texts(&document, &and(b(), XmlStep::Index(1))), ["second"]);
        let id = XmlStep::Where(Box::new(XmlStep::Attribute("id".into())), "6".into());
        assert_eq!(texts(&document, &and(b(), id)), ["second"]);
        let x = [element("a"), XmlStep::Attribute("x".into())];
        assert_eq!(texts(&document, &x), ["1 <\n"]);
        assert_eq!(texts(&document, &[element("a"), element("empty")]), [""]);
        assert_eq!(texts(&document, &[element("a"), element("B")]), [""; 0]);
        let spaced = |namespace: &str| {
            XmlStep::Element(XmlName {
                namespace: Some(namespace.into()),
                local: "a".into(),
            })
        };
        assert_eq!(texts(&document, &[spaced("u")]).len(), 1);
        assert_eq!(texts(&document, &[spaced("v")]).len(), 0);
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        for text in [
            "",
            "a",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "<a b=c/>",
            "<a>&#0;</a>",
            "</a>",
            "<a>&</a>",
        ] {
            assert_eq!(read(text), Err(MALFORMED), "{text}");
        }
    }

    #[test]
    fn document_types_entities_depth_and_many_nodes_are_refused() {
        let bomb = "<!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><l>&b;</l>";
        assert_eq!(read(bomb), Err(Refused::DocumentType));
        assert_eq!(read("<a>&b;</a>"), Err(Refused::DocumentType));
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(read(&nested(64)).is_ok());
        assert_eq!(read(&nested(65)), Err(Refused::TooDeep(64)));
        assert_eq!(read(&"<a>".repeat(5_000)), Err(Refused::TooDeep(64)));
        let wide = format!("<a>{}</a>", "<b/>".repeat(1_000));
        assert!(matches!(read(&wide), Err(Refused::TooMany { .. })));
        let attributes: Vec<String> = (0..1_000).map(|number| format!(" a{number}=''")).collect();
        let attributes = attributes.concat();
        assert!(matches!(
            read(&format!("<a{attributes}/>")),
            Err(Refused::TooMany { .. })
        ));
    }
}
