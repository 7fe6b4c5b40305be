use super::state::{Frame, State};
use crate::{
    menu::{Menu, MenuSet, Type, Value, Variable},
    model::Language,
};

/// What stands for a sensitive value.
const MASK: &str = "****";

/// The variables of every open menu as `menu.variable` or `menu.variable.field`, with their printed
/// values; of a list how many records it has, of a sensitive one only that it is set.
pub fn variables(set: &MenuSet, state: &State) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for frame in &state.frames {
        if let Some(menu) = set.menu(frame.menu) {
            named.extend(of_frame(menu, frame, state.language));
        }
    }
    named
}

fn of_frame(menu: &Menu, frame: &Frame, language: Language) -> Vec<(String, String)> {
    let mut set: Vec<_> = frame.variables.iter().collect();
    set.sort_by_key(|(variable, _)| *variable);
    set.into_iter()
        .filter_map(|(variable, value)| {
            let variable = menu.variables.get(usize::from(*variable))?;
            let name = format!("{}.{}", menu.name, variable.name);
            Some(of_variable(name, variable, value, language))
        })
        .flatten()
        .collect()
}

fn of_variable(
    name: String,
    variable: &Variable,
    value: &Value,
    language: Language,
) -> Vec<(String, String)> {
    if matches!(variable.of, Type::Secret { .. }) {
        return vec![(name, MASK.to_owned())];
    }
    match value {
        Value::Record(fields) => of_record(&name, &variable.of, fields, language),
        Value::List(records) => vec![(name, records.len().to_string())],
        Value::Text(_)
        | Value::Number(_)
        | Value::Amount(_)
        | Value::Date(_)
        | Value::Member(_)
        | Value::Control(_)
        | Value::Phone(_) => vec![(name, value.print(language))],
    }
}

fn of_record(name: &str, of: &Type, values: &[Value], language: Language) -> Vec<(String, String)> {
    let (Type::Record(record) | Type::List(record)) = of else {
        return Vec::new();
    };
    let fields = record.fields.iter().zip(values);
    fields
        .map(|(field, value)| (format!("{name}.{}", field.name), value.print(language)))
        .collect()
}
