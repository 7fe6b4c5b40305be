//! The environment over the file: `NYOTA_OUTBOX_AT_ONCE` is `at_once` in the section `outbox`.

use std::ffi::OsString;

use serde_json::{Map, Value};

use super::typed::{kind, properties, scalar};
use crate::model::source::nearest;

const PREFIX: &str = "NYOTA_";

/// Sets what the variables name in `value`. The error is a sentence that names the variable, never
/// its value.
pub(super) fn overlay(
    value: &mut Map<String, Value>,
    schema: &Value,
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<(), String> {
    let known = scalars(schema);
    for (variable, text) in variables {
        let Some(variable) = variable.to_str().filter(|name| name.starts_with(PREFIX)) else {
            continue;
        };
        let Some(found) = known.iter().find(|known| known.variable == variable) else {
            refuse_misspelt(variable, &known)?;
            continue;
        };
        let text = text.to_str().ok_or(format!("{variable} is no text"))?;
        let read = scalar(text, found.schema).map_err(|expected| format!("{variable}: {expected}"))?;
        let section = value
            .entry(found.section.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(section) = section {
            section.insert(found.key.clone(), read);
        }
    }
    Ok(())
}

/// The variable of a key in a section.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{section}_{key}").to_uppercase()
}

/// A key that a variable can set.
struct Scalar<'s> {
    variable: String,
    section: String,
    key: String,
    schema: &'s Value,
}

fn scalars(schema: &Value) -> Vec<Scalar<'_>> {
    let mut scalars = Vec::new();
    for (section, of) in properties(schema) {
        let keys = properties(of);
        let keys = keys.filter(|(_, schema)| !matches!(kind(schema), "object" | "array"));
        scalars.extend(keys.map(|(key, schema)| Scalar {
            variable: variable(section, key),
            section: section.to_owned(),
            key: key.to_owned(),
            schema,
        }));
    }
    scalars
}

/// A variable of a section that no key of it has would be without effect, unseen.
fn refuse_misspelt(variable: &str, known: &[Scalar<'_>]) -> Result<(), String> {
    let of_section = |known: &&Scalar<'_>| {
        let section = format!("{PREFIX}{}_", known.section.to_uppercase());
        variable.starts_with(&section)
    };
    let section: Vec<&str> = known
        .iter()
        .filter(of_section)
        .map(|known| known.variable.as_str())
        .collect();
    if section.is_empty() {
        return Ok(());
    }
    let help = nearest(variable, section.iter().copied()).map_or_else(
        || format!("there are {}", section.join(", ")),
        |near| format!("did you mean {near}?"),
    );
    Err(format!("{variable} is no setting; {help}"))
}
