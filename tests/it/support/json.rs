//! YAML as an editor sees it: what stands without quotes is typed, as the core schema of YAML 1.2 has
//! it.

use nyota::model::source::yaml::{self, Kind, Node};
use serde_json::{Number, Value};

/// The JSON that a YAML text is to an editor.
pub(crate) fn of_yaml(text: &str) -> Value {
    json(&yaml::read(text, 0).unwrap())
}

fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } => typed(text),
        Kind::Scalar { text, .. } => Value::from(text.as_str()),
        Kind::List(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => {
            let entries = entries.iter();
            let pairs = entries.map(|(key, value)| (key.text().unwrap().to_owned(), json(value)));
            Value::Object(pairs.collect())
        }
    }
}

fn typed(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => whole(text)
            .or_else(|| decimal(text))
            .unwrap_or_else(|| Value::from(text)),
    }
}

fn whole(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.trim_start_matches('+').parse::<i64>().ok();
    number.filter(|_| all).map(Value::from)
}

fn decimal(text: &str) -> Option<Value> {
    let first = text.trim_start_matches(['+', '-', '.']).chars().next()?;
    let number = text.parse().ok().filter(|_| first.is_ascii_digit())?;
    Number::from_f64(number).map(Value::Number)
}
