//! YAML as the tree that serde reads, and on which line each part of it stands.
//!
//! Left out, and refused, as in nyota's own files: anchors, tags, more than one document.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Value};

/// How deep lists and maps may nest.
const DEPTH: usize = 16;

/// The line of each part, by its path as `serde_path_to_error` writes it: `journeys[0].steps[2]`.
pub(super) type Lines = HashMap<String, usize>;

/// What is no YAML of ours.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Where, counted from 1.
    pub(super) line: usize,
    /// What.
    pub(super) why: String,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Result<(Value, Lines), Wrong> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        lines: Lines::new(),
    };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok((document.unwrap_or_default(), reader.lines)),
            Event::DocumentStart(_) if document.is_some() => {
                return Err(wrong(span, "one document is expected, not several"));
            }
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            value @ (Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd) => document = Some(reader.value((value, span), "", 0)?),
        }
    }
}

/// The line of a part, or of the nearest part around it that has one.
pub(super) fn line_of(lines: &Lines, path: &str) -> usize {
    let mut path = path;
    loop {
        if let Some(line) = lines.get(path) {
            return *line;
        }
        match path.rfind(['.', '[']).and_then(|end| path.get(..end)) {
            Some(around) => path = around,
            None => return 1,
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    lines: Lines,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Wrong> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(Wrong {
                line: error.marker().line(),
                why: error.info().to_owned(),
            }),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn value(
        &mut self,
        (event, span): (Event<'a>, Span),
        path: &str,
        depth: usize,
    ) -> Result<Value, Wrong> {
        if depth > DEPTH {
            return Err(wrong(span, "lists and maps are nested too deep"));
        }
        self.lines.insert(path.to_owned(), span.start.line());
        match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => Ok(plain(&text)),
            Event::Scalar(text, _, 0, None) => Ok(Value::String(text.into_owned())),
            Event::SequenceStart(0, None) => self.list(path, depth),
            Event::MappingStart(0, None) => self.map(path, depth),
            Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                Err(wrong(span, "anchors and tags are not read here"))
            }
            Event::Alias(_) => Err(wrong(span, "aliases are not read here")),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Err(wrong(span, "a value is expected here")),
        }
    }

    fn list(&mut self, path: &str, depth: usize) -> Result<Value, Wrong> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                next => {
                    let path = format!("{path}[{}]", items.len());
                    items.push(self.value(next, &path, depth + 1)?);
                }
            }
        }
    }

    fn map(&mut self, path: &str, depth: usize) -> Result<Value, Wrong> {
        let mut entries = Map::new();
        loop {
            let (event, span) = self.next()?;
            let name = match event {
                Event::MappingEnd => return Ok(Value::Object(entries)),
                Event::Scalar(name, _, 0, None) => name.into_owned(),
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..) => return Err(wrong(span, "a name is expected here")),
            };
            let path = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            let next = self.next()?;
            let value = self.value(next, &path, depth + 1)?;
            if entries.insert(name, value).is_some() {
                return Err(wrong(span, "this name stands here twice"));
            }
        }
    }
}

/// A scalar without quotes: a number, or a text.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    // A number with a leading zero or plus is somebody's phone or key, and so a text.
    let value: Value = serde_json::from_str(text).ok()?;
    value.is_number().then_some(value)
}

fn wrong(span: Span, why: &str) -> Wrong {
    Wrong {
        line: span.start.line(),
        why: why.to_owned(),
    }
}
