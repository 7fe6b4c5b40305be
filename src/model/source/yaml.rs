//! YAML as a tree of nodes that know their places.
//!
//! 1. [`read`] reads one document of a file.
//! 2. [`Node`] is a scalar, a list or a map; a map keeps its entries in order and keeps duplicates,
//!    so that a reader can report both places.
//!
//! Left out, and refused: anchors and aliases (a file of ours says a thing once, and an alias bomb
//! cannot grow), tags, more than one document, nesting deeper than [`DEPTH`].

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput};

use super::{Span, fault};

/// How deep lists and maps may nest.
pub const DEPTH: usize = 24;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands: a scalar with its quotes, a list or map from its first to its last entry.
    pub span: Span,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text; YAML's own types are left to the reader, so `no` and `00` stay as written.
    Scalar {
        /// The text, without quotes and with escapes resolved.
        text: String,
        /// Whether it was written without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Entries in the order written, duplicates included. Keys are scalars.
    Map(Vec<(Node, Node)>),
}

/// Why a file is no YAML that we read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// One sentence without its final point.
    pub message: String,
    /// What to do, in the imperative.
    pub help: &'static str,
    /// Where.
    pub span: Span,
}

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The entries of a map.
    pub fn map(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar { .. } | Kind::List(_) => None,
        }
    }

    /// The items of a list.
    pub fn list(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            Kind::Scalar { .. } | Kind::Map(_) => None,
        }
    }

    /// What an author would call it: `a text`, `a list`, `a map`.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar { text, plain: true } if text.is_empty() => "nothing",
            Kind::Scalar { .. } => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// Reads the one document of `text`, which is the source at index `source`. An empty file is an
/// empty map.
pub fn read(text: &str, source: usize) -> Result<Node, ReadError> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        offsets: byte_offsets(text),
        source,
    };
    let empty = Node {
        kind: Kind::Map(Vec::new()),
        span: Span {
            source,
            start: 0,
            end: 0,
        },
    };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(document.unwrap_or(empty)),
            Event::DocumentStart(_) if document.is_some() => {
                return Err(reader.refuse("one document is expected, not several", span));
            }
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            value @ (Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd) => document = Some(reader.node(value, span, 0)?),
        }
    }
}

fn byte_offsets(text: &str) -> Vec<usize> {
    let starts = text.char_indices().map(|(offset, _)| offset);
    starts.chain([text.len()]).collect()
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// The byte offset of each character: the parser counts characters.
    offsets: Vec<usize>,
    source: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), ReadError> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let span = self.span(span.start, span.end);
                Ok((event, span))
            }
            Some(Err(error)) => {
                let (message, help) = fault::explained(error.info());
                Err(ReadError {
                    message,
                    help,
                    span: self.span(*error.marker(), *error.marker()),
                })
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn span(&self, start: Marker, end: Marker) -> Span {
        let last = self.offsets.last().copied().unwrap_or_default();
        let offset = |marker: Marker| self.offsets.get(marker.index()).copied().unwrap_or(last);
        Span {
            source: self.source,
            start: offset(start),
            end: offset(end).max(offset(start)),
        }
    }

    fn refuse(&self, message: &str, span: Span) -> ReadError {
        let (message, help) = fault::explained(message);
        ReadError {
            message,
            help,
            span: Span {
                source: self.source,
                ..span
            },
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, ReadError> {
        if depth > DEPTH {
            return Err(self.refuse("lists and maps are nested too deeply", span));
        }
        match event {
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor != 0 =>
            {
                Err(self.refuse("anchors (&name) are not part of these files", span))
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                Err(self.refuse("tags (!name) are not part of these files", span))
            }
            Event::Scalar(text, style, ..) => Ok(Node {
                kind: Kind::Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                },
                span,
            }),
            Event::SequenceStart(..) => self.list(span, depth),
            Event::MappingStart(..) => self.map(span, depth),
            Event::Alias(_) => {
                Err(self.refuse("aliases (*name) are not part of these files", span))
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Err(self.refuse("a value is expected here", span)),
        }
    }

    fn list(&mut self, mut span: Span, depth: usize) -> Result<Node, ReadError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    span.end = items.last().map_or(end.end, |item: &Node| item.span.end);
                    return Ok(Node {
                        kind: Kind::List(items),
                        span,
                    });
                }
                (event, at) => items.push(self.node(event, at, depth + 1)?),
            }
        }
    }

    fn map(&mut self, mut span: Span, depth: usize) -> Result<Node, ReadError> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let (event, at) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                span.end = entries.last().map_or(at.end, |(_, value)| value.span.end);
                return Ok(Node {
                    kind: Kind::Map(entries),
                    span,
                });
            }
            let key = self.node(event, at, depth + 1)?;
            if key.text().is_none() {
                return Err(self.refuse("a key is a text", key.span));
            }
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            entries.push((key, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_places_in_bytes() {
        let text = "é: {\"00\": no, b: [1, 'two']}\n";
        let root = read(text, 3).unwrap();
        let (key, value) = root.map().unwrap().first().unwrap();
        assert_eq!(key.text(), Some("é"));
        let (zero, no) = value.map().unwrap().first().unwrap();
        assert_eq!((zero.text(), no.text()), (Some("00"), Some("no")));
        assert_eq!(text.get(zero.span.start..zero.span.end), Some("\"00\""));
        assert_eq!(zero.span.source, 3);
        let list = &value.map().unwrap()[1].1;
        let two = &list.list().unwrap()[1];
        assert_eq!(text.get(two.span.start..two.span.end), Some("'two'"));
    }

    #[test]
    fn duplicates_are_kept_for_the_reader() {
        let root = read("a: 1\na: 2\n", 0).unwrap();
        assert_eq!(root.map().unwrap().len(), 2);
    }

    #[test]
    fn an_empty_file_is_an_empty_map() {
        assert_eq!(read("# nothing\n", 0).unwrap().map(), Some(&[][..]));
    }

    #[test]
    fn what_could_grow_or_hide_is_refused() {
        for text in [
            "a: &x 1",
            "a: *x",
            "a: !t 1",
            "a: 1\n---\nb: 2",
            "[a, b: {",
            "{[a]: 1}",
        ] {
            assert!(read(text, 0).is_err(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
        assert!(read(&deep, 0).unwrap_err().message.contains("nested"));
    }
}
