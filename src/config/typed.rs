//! A tree of YAML against a JSON Schema: the value that it means, or every mistake with its place.

use serde_json::{Map, Number, Value};

use crate::model::source::{Report, Severity, Span, nearest, yaml::Node};

/// Reads `node` as `schema` says, and reports what does not fit; what does not fit is left out.
pub(super) fn typed(node: &Node, schema: &Value, mistakes: &mut Vec<Report>) -> Option<Value> {
    match kind(schema) {
        "object" => object(node, schema, mistakes),
        "array" => list(node, schema, mistakes),
        _ => match node.text().map(|text| scalar(text, schema)) {
            Some(Ok(value)) => Some(value),
            Some(Err(expected)) => {
                mistakes.push(unfit(node, &expected));
                None
            }
            None => {
                mistakes.push(unfit(node, &format!("{} is expected", name(schema))));
                None
            }
        },
    }
}

/// Reads a scalar's text as `schema` says; the error says what is expected.
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

fn object(node: &Node, schema: &Value, mistakes: &mut Vec<Report>) -> Option<Value> {
    if node.text().is_some_and(str::is_empty) {
        // A section whose keys are all commented out.
        return None;
    }
    let Some(entries) = node.map() else {
        mistakes.push(unfit(node, "a map is expected"));
        return None;
    };
    let mut read = Map::new();
    for (key, value) in entries {
        let name = key.text().unwrap_or_default();
        if read.contains_key(name) {
            mistakes.push(mistake("N002", format!("`{name}` stands here twice"), key.span));
            continue;
        }
        match property(schema, name) {
            Some(of) => {
                if let Some(value) = typed(value, of, mistakes) {
                    read.insert(name.to_owned(), value);
                }
            }
            None => mistakes.push(unknown(name, key.span, schema)),
        }
    }
    Some(Value::Object(read))
}

fn property<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    let own = schema.get("properties").and_then(|own| own.get(name));
    let any = schema.get("additionalProperties");
    own.or_else(|| any.filter(|any| any.is_object()))
}

fn list(node: &Node, schema: &Value, mistakes: &mut Vec<Report>) -> Option<Value> {
    let text = Value::Null;
    let of = schema.get("items").unwrap_or(&text);
    // One item needs no brackets.
    let items = node.list().unwrap_or(std::slice::from_ref(node));
    let items = items.iter().filter_map(|item| typed(item, of, mistakes));
    Some(Value::Array(items.collect()))
}

fn unknown(name: &str, span: Span, schema: &Value) -> Report {
    let known: Vec<&str> = properties(schema).map(|(name, _)| name).collect();
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

fn unfit(node: &Node, expected: &str) -> Report {
    mistake("N003", expected.to_owned(), node.span)
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
