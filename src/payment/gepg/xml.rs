//! XML as GePG speaks it: elements and text. No attributes, no namespaces, no entities beyond the
//! five of XML, and never a document type.

use quick_xml::{
    Reader, Writer,
    escape::resolve_xml_entity,
    events::{BytesEnd, BytesRef, BytesStart, BytesText, Event},
};

/// How deep elements may stand in each other; GePG's own messages need five.
const DEEPEST: usize = 16;

/// Why a text is not XML that we read.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// It is not well-formed.
    #[error("it is not well-formed XML")]
    Malformed,
    /// It has a document type, which could define entities.
    #[error("it has a document type")]
    DocumentType,
    /// It uses an entity that XML itself does not define.
    #[error("it uses an entity that is not XML's own")]
    Entity,
    /// Its elements stand too deep in each other.
    #[error("its elements are nested deeper than {DEEPEST}")]
    TooDeep,
    /// An element that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An element that may be there once is there again.
    #[error("{0} is there twice")]
    Twice(&'static str),
    /// An element's text is not what it must be. The text itself is never shown.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
}

impl From<quick_xml::Error> for XmlError {
    fn from(_: quick_xml::Error) -> Self {
        Self::Malformed
    }
}

/// An element: its text, entities resolved, and the elements in it.
pub(super) struct Element {
    name: String,
    text: String,
    children: Vec<Self>,
}

impl Element {
    /// Reads one element with all that is in it.
    pub(super) fn read(text: &str) -> Result<Self, XmlError> {
        let mut reader = Reader::from_str(text);
        let mut open = Vec::new();
        loop {
            let closed = match reader.read_event()? {
                Event::Start(tag) => push(&mut open, tag.name().0).map(|()| None)?,
                Event::Empty(tag) => {
                    push(&mut open, tag.name().0)?;
                    close(&mut open)
                }
                Event::End(_) => close(&mut open),
                Event::Text(text) => append(&mut open, &text.xml10_content()),
                Event::CData(text) => append(&mut open, &text.xml10_content()),
                Event::GeneralRef(entity) => append(&mut open, &resolve(&entity)?),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
                Event::DocType(_) => return Err(XmlError::DocumentType),
                Event::Eof => return Err(XmlError::Malformed),
            };
            if let Some(root) = closed {
                return Ok(root);
            }
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its own text without the space around it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The elements in it with this name, in order.
    pub(super) fn all<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The one element in it with this name.
    pub(super) fn one(&self, name: &'static str) -> Result<&Self, XmlError> {
        self.at_most_one(name)?.ok_or(XmlError::Missing(name))
    }

    /// The text of the one element with this name.
    pub(super) fn value(&self, name: &'static str) -> Result<String, XmlError> {
        self.one(name).map(|child| child.text().to_owned())
    }

    /// The text of the element with this name; empty where there is none.
    pub(super) fn value_or_empty(&self, name: &'static str) -> Result<String, XmlError> {
        let child = self.at_most_one(name)?;
        Ok(child.map(Self::text).unwrap_or_default().to_owned())
    }

    /// The text of the one element with any of these names: senders spell some in several ways.
    pub(super) fn any(&self, names: &[&'static str]) -> Result<String, XmlError> {
        let found = self.any_or_empty(names)?;
        let first = names.first().copied().unwrap_or_default();
        found.ok_or(XmlError::Missing(first))
    }

    /// The same; `None` where there is no such element.
    pub(super) fn any_or_empty(&self, names: &[&'static str]) -> Result<Option<String>, XmlError> {
        for name in names {
            if let Some(child) = self.at_most_one(name)? {
                return Ok(Some(child.text().to_owned()));
            }
        }
        Ok(None)
    }

    /// The one element with this name; `None` where there is none.
    pub(super) fn at_most_one(&self, name: &'static str) -> Result<Option<&Self>, XmlError> {
        let mut named = self.all(name);
        let first = named.next();
        named
            .next()
            .map_or(Ok(first), |_| Err(XmlError::Twice(name)))
    }
}

fn push(open: &mut Vec<Element>, name: &str) -> Result<(), XmlError> {
    if open.len() == DEEPEST {
        return Err(XmlError::TooDeep);
    }
    open.push(Element {
        name: name.to_owned(),
        text: String::new(),
        children: Vec::new(),
    });
    Ok(())
}

/// Closes the innermost open element; gives it where it was the outermost.
fn close(open: &mut Vec<Element>) -> Option<Element> {
    let closed = open.pop()?;
    match open.last_mut() {
        Some(parent) => {
            parent.children.push(closed);
            None
        }
        None => Some(closed),
    }
}

fn append(open: &mut [Element], text: &str) -> Option<Element> {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
    None
}

fn resolve(entity: &BytesRef<'_>) -> Result<String, XmlError> {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return Ok(character.to_string());
    }
    resolve_xml_entity(entity)
        .map(str::to_owned)
        .ok_or(XmlError::Entity)
}

/// An element whose inside is not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// From the `<` of its start tag to the `>` of its end tag.
    pub(super) text: &'a str,
}

/// The elements directly in the element that `text` is, so that a long list is read row by row.
pub(super) fn spans(text: &str) -> Result<Vec<Span<'_>>, XmlError> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    let mut inside = false;
    loop {
        let start = reader.buffer_position();
        match reader.read_event()? {
            Event::Start(_) if !inside => inside = true,
            Event::Start(tag) => {
                reader.read_to_end(tag.name())?;
                found.push(span(text, start, reader.buffer_position())?);
            }
            Event::Empty(_) if inside => found.push(span(text, start, reader.buffer_position())?),
            Event::Empty(_) | Event::End(_) => return Ok(found),
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Eof => return Err(XmlError::Malformed),
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_) => {}
        }
    }
}

/// The part of `text` between two places of a reader, with the name that its start tag has.
pub(super) fn span(text: &str, start: u64, end: u64) -> Result<Span<'_>, XmlError> {
    let place = |position| usize::try_from(position).map_err(|_| XmlError::Malformed);
    let text = text
        .get(place(start)?..place(end)?)
        .ok_or(XmlError::Malformed)?;
    let inside = text.trim_start_matches('<');
    let ends = |character: char| character.is_ascii_whitespace() || "/>".contains(character);
    let name = inside.split(ends).next().unwrap_or_default();
    Ok(Span { name, text })
}

/// Writes an element: on one line, in the order given, without a declaration.
pub(super) struct Tree(Writer<Vec<u8>>);

impl Tree {
    /// Writes the element `name` with what `inside` puts into it.
    pub(super) fn write(name: &str, inside: impl FnOnce(&mut Self)) -> String {
        let mut tree = Self(Writer::new(Vec::new()));
        tree.element(name, inside);
        String::from_utf8(tree.0.into_inner()).unwrap_or_default()
    }

    /// An element with elements in it.
    pub(super) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.event(Event::Start(BytesStart::new(name)));
        inside(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text in it. Characters that XML cannot hold become spaces.
    pub(super) fn value(&mut self, name: &str, text: &str) {
        let clean = text.replace(
            |c: char| c.is_control() || ('\u{FFFE}'..='\u{FFFF}').contains(&c),
            " ",
        );
        self.element(name, |tree| {
            tree.event(Event::Text(BytesText::new(&clean)));
        });
    }

    fn event(&mut self, event: Event<'_>) {
        let written = self.0.write_event(event);
        debug_assert!(written.is_ok(), "memory takes every write");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_whatever_the_text() {
        let written = Tree::write("a", |tree| {
            tree.value("name", "Asha O'Neil & <Family> \"x\"");
            tree.value("empty", "");
        });
        let root = Element::read(&written).unwrap();
        assert_eq!(root.value("name").unwrap(), "Asha O'Neil & <Family> \"x\"");
        assert_eq!(root.value("empty").unwrap(), "");
    }

    #[test]
    fn characters_that_xml_cannot_hold_become_spaces() {
        let written = Tree::write("a", |tree| tree.value("name", "x\u{0}y\u{1b}z"));
        assert_eq!(written, "<a><name>x y z</name></a>");
    }

    #[test]
    fn values_are_found_by_name_in_any_order_and_extra_ones_ignored() {
        let root = Element::read("<a><z>1</z>\n <b> 2 </b><c/></a>").unwrap();
        assert_eq!(root.value("b").unwrap(), "2");
        assert_eq!(root.value_or_empty("c").unwrap(), "");
        assert_eq!(root.value_or_empty("d").unwrap(), "");
        assert_eq!(root.value("d").unwrap_err().to_string(), "d is missing");
    }

    #[test]
    fn the_elements_in_an_element_are_found_unread() {
        let found = spans("<a> <b>1</b><!-- --><c x='1'/><b><b>2</b></b>\n</a>").unwrap();
        let found: Vec<_> = found.iter().map(|span| (span.name, span.text)).collect();
        let expected = [
            ("b", "<b>1</b>"),
            ("c", "<c x='1'/>"),
            ("b", "<b><b>2</b></b>"),
        ];
        assert_eq!(found, expected);
        assert_eq!(spans("<a/>").unwrap(), []);
        for broken in ["", "<a>", "<a><b></a>", "<a><b>"] {
            assert!(spans(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn one_value_twice_is_refused() {
        let root = Element::read("<a><b>1</b><b>2</b></a>").unwrap();
        assert_eq!(root.value("b").unwrap_err().to_string(), "b is there twice");
    }

    #[test]
    fn entities_beyond_the_five_and_deep_nesting_are_refused() {
        let own = Element::read("<a>&lt;&#65;&amp;</a>").unwrap();
        assert_eq!(own.text(), "<A&");
        assert!(matches!(
            Element::read("<a>&boom;</a>"),
            Err(XmlError::Entity)
        ));
        let deep = "<a>".repeat(17) + &"</a>".repeat(17);
        assert!(matches!(Element::read(&deep), Err(XmlError::TooDeep)));
        for broken in ["", "<a>", "<a></b>", "x", "<a", "</a>"] {
            assert!(
                matches!(Element::read(broken), Err(XmlError::Malformed)),
                "{broken}"
            );
        }
    }
}
