//! XML as it goes out: XML 1.0 without a declaration, which is UTF-8, or with one of ISO 8859-1.

use super::{Charset, Element, Template, XmlNode, value::Sources};

impl Element {
    /// The element filled; `None` where its only text, or all of its attributes and it has nothing else, has no value.
    pub(super) fn write(&self, sources: &dyn Sources) -> Option<String> {
        let attributes = super::tree::entries(&self.attributes, sources);
        let bare = self.children.is_empty() && attributes.is_empty();
        if bare && !self.attributes.is_empty() {
            return None;
        }
        let content = match self.children.as_slice() {
            [XmlNode::Text(only)] => text(&only.entry(sources)?),
            several => several.iter().map(|child| child.write(sources)).collect(),
        };
        let attributes = attributes
            .iter()
            .map(|(name, value)| attribute(name, value));
        Some(element(
            &self.name,
            &attributes.collect::<String>(),
            &content,
        ))
    }
}

impl XmlNode {
    fn write(&self, sources: &dyn Sources) -> String {
        match self {
            Self::Element(element) => element.write(sources).unwrap_or_default(),
            Self::Text(template) => text(&filled(template, sources)),
        }
    }
}

fn filled(template: &Template, sources: &dyn Sources) -> String {
    template.entry(sources).unwrap_or_default()
}

/// A whole document in its character set: in ISO 8859-1 it says so, and writes what that does not have by its number.
pub(super) fn document(whole: String, charset: Charset) -> String {
    if charset != Charset::Latin1 || whole.is_empty() {
        return whole;
    }
    let bare = whole.strip_prefix("<?xml version=\"1.0\"?>");
    let declared = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".to_owned();
    let characters = bare.unwrap_or(&whole).chars();
    characters.fold(declared, |mut document, character| {
        match u32::from(character) {
            0..=0xff => document.push(character),
            number => document.extend(["&#", &number.to_string(), ";"]),
        }
        document
    })
}

/// An attribute, with the space before it.
pub(super) fn attribute(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", escape(value, true))
}

/// An element of content that is XML already.
pub(super) fn element(name: &str, attributes: &str, content: &str) -> String {
    if content.is_empty() {
        format!("<{name}{attributes}/>")
    } else {
        format!("<{name}{attributes}>{content}</{name}>")
    }
}

/// A text as the content of an element.
pub(super) fn text(text: &str) -> String {
    escape(text, false)
}

/// What XML reads back as the same text, less the characters that it cannot hold at all. A reader makes a line feed
/// of a carriage return, and in an attribute a space of any line break: those are written by their numbers.
fn escape(text: &str, in_attribute: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if in_attribute => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' if in_attribute => escaped.push_str("&#10;"),
            '\t' if in_attribute => escaped.push_str("&#9;"),
            // Line ends of XML 1.1: a reader of that version makes line feeds of them.
            '\u{85}' => escaped.push_str("&#133;"),
            '\u{2028}' => escaped.push_str("&#8232;"),
            held if holds(held) => escaped.push(held),
            _ => {}
        }
    }
    escaped
}

/// The characters of XML 1.0 (section 2.2).
fn holds(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::{Reader, XmlVersion, escape::resolve_xml_entity, events::Event};

    use super::*;
    use crate::gateway::profile::fixture::{pairs, template, told};

    fn an(name: &str, attributes: &[(&str, &str)], children: Vec<XmlNode>) -> Element {
        Element {
            name: name.into(),
            attributes: pairs(attributes),
            children,
        }
    }

    fn says(text: &str) -> XmlNode {
        XmlNode::Text(template(text))
    }

    fn written(element: &Element) -> Option<String> {
        element.write(&told(&[("a", "1 < 2 & \"3\"\n4".into()), ("e", "".into())]))
    }

    #[test]
    fn elements_hold_attributes_texts_and_elements() {
        let dialog = an(
            "dialog",
            &[("size", "1"), ("string", "{a}")],
            vec![
                XmlNode::Element(an("p:text", &[("type", "t")], vec![says("{a}")])),
                XmlNode::Element(an("empty", &[], vec![])),
            ],
        );
        assert_eq!(
            written(&dialog).unwrap(),
            "<dialog size=\"1\" string=\"1 &lt; 2 &amp; &quot;3&quot;&#10;4\">\
             <p:text type=\"t\">1 &lt; 2 &amp; \"3\"\n4</p:text><empty/></dialog>"
        );
    }

    #[test]
    fn a_document_in_another_character_set_says_so_and_loses_nothing() {
        let whole = || "<a b=\"é\">€</a>".to_owned();
        assert_eq!(document(whole(), Charset::Utf8), whole());
        assert_eq!(
            document(whole(), Charset::Latin1),
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a b=\"é\">&#8364;</a>"
        );
    }

    #[test]
    fn what_has_no_value_is_left_out() {
        let gone = || XmlNode::Element(an("gone", &[], vec![says("{b}")]));
        let bare = XmlNode::Element(an("bare", &[("x", "{b}"), ("y", "{b}")], vec![]));
        let typed = XmlNode::Element(an("typed", &[("type", "t")], vec![says("{b}")]));
        let empty = XmlNode::Element(an("empty", &[], vec![says("{e}")]));
        let root = an(
            "root",
            &[("x", "{b}"), ("y", "2")],
            vec![gone(), bare, typed, empty],
        );
        assert_eq!(written(&root).unwrap(), "<root y=\"2\"><empty/></root>");
        assert_eq!(
            written(&an("parent", &[], vec![gone()])).unwrap(),
            "<parent/>"
        );
        assert_eq!(written(&an("gone", &[], vec![says("{b}")])), None);
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_dropped() {
        assert_eq!(text("a\u{0}b\u{1b}c\u{fffe}d\re\u{85}"), "abcd&#13;e&#133;");
    }

    /// The attribute and the text of `<root a="…">…</root>`.
    fn read(xml: &str) -> (String, String) {
        let mut reader = Reader::from_str(xml);
        let (mut attribute, mut text) = (None, String::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) | Event::Empty(start) => {
                    let found = start.try_get_attribute("a").unwrap().unwrap();
                    let value = found.normalized_value(XmlVersion::Explicit1_1).unwrap();
                    attribute = Some(value.into_owned());
                }
                Event::Text(part) => text.push_str(&part.xml11_content()),
                Event::GeneralRef(named) => match named.resolve_char_ref().unwrap() {
                    Some(character) => text.push(character),
                    None => text.push_str(resolve_xml_entity(&named).unwrap()),
                },
                Event::Eof => return (attribute.unwrap(), text),
                Event::End(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_from_the_xml(value in any::<String>(), extra in "[\\r\\n\\t\u{85}\u{2028}<>&\"' \\]]{0,8}") {
            let value: String = [value, extra].concat().chars().filter(|&character| holds(character)).collect();
            let root = an("root", &[("a", "{v}")], vec![says("{v}")]);
            let xml = root.write(&told(&[("v", value.as_str().into())])).unwrap();
            let (attribute, text) = read(&xml);
            prop_assert_eq!(&attribute, &value);
            prop_assert_eq!(&text, &value);
        }
    }
}
