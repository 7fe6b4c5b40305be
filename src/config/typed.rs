//! A tree of YAML against a JSON Schema: the value that it means, or every mistake with its place.

use std::{collections::BTreeSet, ffi::OsString, fmt};

use serde_json::{Map, Number, Value};

use crate::model::source::{
    Report, Severity, Span, nearest,
    yaml::{Kind, Node},
};

/// What comes of a file while it is read.
pub(super) struct Reading<'e> {
    /// What is wrong with it.
    pub(super) mistakes: Vec<Report>,
    /// What no report may show: it is or may be secret.
    pub(super) hidden: Vec<Span>,
    /// The variables of the environment, by name.
    pub(super) environment: &'e dyn Fn(&str) -> Option<OsString>,
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("mistakes", &self.mistakes)
            .finish_non_exhaustive()
    }
}

impl<'e> Reading<'e> {
    pub(super) fn new(environment: &'e dyn Fn(&str) -> Option<OsString>) -> Self {
        Self {
            mistakes: Vec::new(),
            hidden: Vec::new(),
            environment,
        }
    }

    pub(super) fn refuse(&mut self, code: &'static str, message: String, span: Span) {
        self.mistakes.push(mistake(code, message, span));
    }

    /// Keeps every text in `node` out of reports.
    pub(super) fn hide(&mut self, node: &Node) {
        match &node.kind {
            Kind::Scalar { .. } => self.hidden.push(node.span),
            Kind::List(items) => items.iter().for_each(|item| self.hide(item)),
            Kind::Map(entries) => entries.iter().for_each(|(_, value)| self.hide(value)),
        }
    }
}

/// Reads `node` as `schema` says, and reports what does not fit; what does not fit is left out.
pub(super) fn typed(node: &Node, schema: &Value, reading: &mut Reading<'_>) -> Option<Value> {
    match kind(schema) {
        "object" => object(node, schema, reading),
        "array" => list(node, schema, reading),
        _ => {
            let read = node.text().map(|text| scalar(text, schema));
            let read = read.unwrap_or_else(|| Err(format!("{} is expected", name(schema))));
            read.map_err(|expected| reading.refuse("N003", expected, node.span))
                .ok()
        }
    }
}

/// The entries of a map, each name once: name, key, value. With `known` other names are mistakes.
pub(super) fn entries<'n>(
    node: &'n Node,
    known: Option<&[&str]>,
    reading: &mut Reading<'_>,
) -> Vec<(&'n str, &'n Node, &'n Node)> {
    let mut found: Vec<(&str, &Node, &Node)> = Vec::new();
    if node.text().is_some_and(str::is_empty) {
        // A map whose entries are all commented out.
        return found;
    }
    let Some(entries) = node.map() else {
        reading.hide(node);
        reading.refuse("N003", "a map is expected".to_owned(), node.span);
        return found;
    };
    let mut names = BTreeSet::new();
    for (key, value) in entries {
        let name = key.text().unwrap_or_default();
        if !names.insert(name) {
            reading.hide(value);
            reading.refuse("N002", format!("`{name}` stands here twice"), key.span);
        } else if known.is_some_and(|known| !known.contains(&name)) {
            reading.hide(value);
            let unknown = unknown(name, key.span, known.unwrap_or_default());
            reading.mistakes.push(unknown);
        } else {
            found.push((name, key, value));
        }
    }
    found
}

/// Reads a scalar's text as `schema` says, a list's with commas between its items; the error says what is expected.
pub(super) fn scalar(text: &str, schema: &Value) -> Result<Value, String> {
    if is_optional(schema) && matches!(text, "" | "null" | "~") {
        return Ok(Value::Null);
    }
    let expected = || format!("{} is expected", name(schema));
    match kind(schema) {
        "boolean" => match text {
            "true" | "yes" => Ok(Value::Bool(true)),
            "false" | "no" => Ok(Value::Bool(false)),
            _ => Err("true or false is expected".to_owned()),
        },
        "integer" => {
            let number = text.replace('_', "").parse::<i64>();
            let number = number.map_err(|_| expected())?;
            within(number, schema)?;
            Ok(Value::Number(number.into()))
        }
        "number" => {
            let number = text.parse().ok().and_then(Number::from_f64);
            number.map(Value::Number).ok_or_else(expected)
        }
        "array" => {
            let items = text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            let of = schema.get("items").unwrap_or(&Value::Null);
            let items: Result<Vec<_>, _> = items.map(|item| scalar(item, of)).collect();
            items.map(Value::Array)
        }
        _ => one_of(text, schema),
    }
}

/// What a map may hold, by name.
pub(super) fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let entries = properties.into_iter().flat_map(Map::iter);
    entries.map(|(name, of)| (name.as_str(), of))
}

/// The schema's type, where it allows nothing the other one.
pub(super) fn kind(schema: &Value) -> &str {
    let of = schema.get("type");
    let several = of.and_then(Value::as_array);
    let only = several.and_then(|types| types.iter().find(|of| **of != "null"));
    only.or(of).and_then(Value::as_str).unwrap_or("string")
}

fn is_optional(schema: &Value) -> bool {
    let types = schema.get("type").and_then(Value::as_array);
    types.is_some_and(|types| types.iter().any(|of| of == "null"))
}

fn name(schema: &Value) -> &'static str {
    match kind(schema) {
        "object" => "a map",
        "array" => "a list",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "a text",
    }
}

fn within(number: i64, schema: &Value) -> Result<(), String> {
    let bound = |key| schema.get(key).and_then(Value::as_i64);
    let widest = match schema.get("format").and_then(Value::as_str) {
        Some("uint8") => Some(i64::from(u8::MAX)),
        Some("uint16") => Some(i64::from(u16::MAX)),
        Some("uint32") => Some(i64::from(u32::MAX)),
        _ => None,
    };
    match (bound("minimum"), bound("maximum").or(widest)) {
        (Some(least), _) if number < least => Err(format!("at least {least} is expected")),
        (_, Some(most)) if number > most => Err(format!("at most {most} is expected")),
        _ => Ok(()),
    }
}

fn one_of(text: &str, schema: &Value) -> Result<Value, String> {
    let words = schema.get("enum").and_then(Value::as_array);
    let Some(words) = words else {
        return Ok(Value::String(text.to_owned()));
    };
    let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
    if words.contains(&text) {
        Ok(Value::String(text.to_owned()))
    } else {
        Err(format!("one of {} is expected", words.join(", ")))
    }
}

fn object(node: &Node, schema: &Value, reading: &mut Reading<'_>) -> Option<Value> {
    let any = schema
        .get("additionalProperties")
        .filter(|any| any.is_object());
    let own: Vec<&str> = properties(schema).map(|(name, _)| name).collect();
    let known = if any.is_some() {
        None
    } else {
        Some(own.as_slice())
    };
    let before = reading.mistakes.len();
    let mut read = Map::new();
    for (name, _, value) in entries(node, known, reading) {
        let of = schema.get("properties").and_then(|own| own.get(name));
        if let Some(value) = of.or(any).and_then(|of| typed(value, of, reading)) {
            read.insert(name.to_owned(), value);
        }
    }
    (reading.mistakes.len() == before).then_some(Value::Object(read))
}

fn list(node: &Node, schema: &Value, reading: &mut Reading<'_>) -> Option<Value> {
    let text = Value::Null;
    let of = schema.get("items").unwrap_or(&text);
    // One item needs no brackets, and none no word.
    let items = match node.text() {
        Some("") => &[],
        _ => node.list().unwrap_or(std::slice::from_ref(node)),
    };
    let items = items.iter().map(|item| typed(item, of, reading));
    items
        .collect::<Vec<_>>()
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .map(Value::Array)
}

fn unknown(name: &str, span: Span, known: &[&str]) -> Report {
    let near = nearest(name, known.iter().copied());
    let help = near.map_or_else(
        || format!("the keys here are: {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Report {
        help,
        ..mistake("N001", format!("there is no setting `{name}` here"), span)
    }
}

pub(super) fn mistake(code: &'static str, message: String, span: Span) -> Report {
    Report {
        code,
        severity: Severity::Error,
        message,
        span,
        label: String::new(),
        help: String::new(),
    }
}
