//! The environment over the file: `NYOTA_OUTBOX_AT_ONCE` is `at_once` in the section `outbox`.

use std::ffi::{OsStr, OsString};

use serde_json::Value;

use super::{
    file::{Given, Keys, fits},
    in_force::Origin,
    typed::{kind, properties, scalar},
};
use crate::model::source::nearest;

const PREFIX: &str = "NYOTA_";

/// Sets what the variables name in `keys`. Each mistake is a sentence that names the variable, never
/// its value.
pub(super) fn overlay(
    keys: &mut Keys,
    shape: &Value,
    variables: &[(OsString, OsString)],
) -> Vec<String> {
    let known = known(shape);
    let mut mistakes = Vec::new();
    for (variable, text) in variables {
        let Some(variable) = variable.to_str().filter(|name| name.starts_with(PREFIX)) else {
            continue;
        };
        let Some(found) = known.iter().find(|known| known.variable == variable) else {
            mistakes.extend(misspelt(variable, &known));
            continue;
        };
        match found.read(text) {
            Ok(value) => {
                let origin = Origin::Variable(variable.to_owned());
                let key = (found.section.to_owned(), found.key.to_owned());
                keys.insert(key, Given { value, origin });
            }
            Err(expected) => mistakes.push(format!("{variable}: {expected}")),
        }
    }
    mistakes
}

/// The variable of a key in a section; `None` for a map, which has none.
pub(super) fn variable(section: &str, (key, shape): (&str, &Value)) -> Option<String> {
    let variable = format!("{PREFIX}{section}_{key}").to_uppercase();
    (kind(shape) != "object").then_some(variable)
}

/// A key that a variable can set.
struct Known<'s> {
    variable: String,
    section: &'s str,
    key: &'s str,
    shape: &'s Value,
}

impl Known<'_> {
    fn read(&self, text: &OsStr) -> Result<Value, String> {
        let text = text.to_str().ok_or("a text is expected")?;
        let value = scalar(text, self.shape)?;
        fits((self.section, self.key), &value)?;
        Ok(value)
    }
}

fn known(shape: &Value) -> Vec<Known<'_>> {
    let of_section = |(section, of)| {
        properties(of).filter_map(move |(key, shape)| {
            let variable = variable(section, (key, shape))?;
            Some(Known {
                variable,
                section,
                key,
                shape,
            })
        })
    };
    properties(shape).flat_map(of_section).collect()
}

/// A variable of a section that no key of it has would be without effect, unseen.
fn misspelt(variable: &str, known: &[Known<'_>]) -> Option<String> {
    let of_section = |known: &&Known<'_>| {
        let section = format!("{PREFIX}{}_", known.section.to_uppercase());
        variable.starts_with(&section)
    };
    let section = known.iter().filter(of_section);
    let section: Vec<&str> = section.map(|known| known.variable.as_str()).collect();
    if section.is_empty() {
        return None;
    }
    let help = nearest(variable, section.iter().copied()).map_or_else(
        || format!("there are {}", section.join(", ")),
        |near| format!("did you mean {near}?"),
    );
    Some(format!("{variable} is no setting; {help}"))
}
