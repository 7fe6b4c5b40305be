//! XML as it goes out. XML 1.0 without a declaration, which is UTF-8.

use super::{Element, Template, XmlNode, value::Sources};

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
        let attributes = attributes.iter().map(|(name, value)| attribute(name, value));
        Some(element(&self.name, &attributes.collect::<String>(), &content))
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

fn attribute(name: &str, value: &str) -> String {
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
            '\n' | '\t' if in_attribute => numbered(&mut escaped, character),
            // Line ends of XML 1.1: a reader of that version makes line feeds of them.
            '\u{85}' | '\u{2028}' => numbered(&mut escaped, character),
            held if holds(held) => escaped.push(held),
            _ => {}
        }
    }
    escaped
}

fn numbered(escaped: &mut String, character: char) {
    escaped.push_str(&format!("&#{};", u32::from(character)));
}

/// The characters of XML 1.0 (section 2.2).
fn holds(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
