use std::fmt::Write as _;

use clap::Command;
use serde_json::Value;

use super::{
    environment::variable,
    file::{flags, schema_of_sections},
    typed::properties,
};

const HEAD: &str = "\
# Settings of nyota, all at their defaults: take the # from a line to change it.
# Each can also be set by the variable that is named with it; a flag wins over a variable, and that
# over this file. Keep passwords in the environment.
";

/// A whole file of settings: every key commented out, with its default, its variable and what it
/// means. `command` is the one whose flags are settings.
pub fn commented(command: &Command) -> String {
    let mut printed = HEAD.to_owned();
    for flag in flags(command) {
        let defaults = flag.get_default_values().iter();
        let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy().into_owned()).collect();
        let value = if flag.get_value_delimiter().is_some() {
            format!("[{}]", defaults.join(", "))
        } else {
            defaults.join(" ")
        };
        let help = flag.get_long_help().or(flag.get_help());
        let help = help.map(ToString::to_string).unwrap_or_default();
        let variable = flag.get_env().unwrap_or_default().to_string_lossy();
        let key = Key { indent: "", name: flag.get_id().as_str(), value };
        key.print(&mut printed, &help, &variable);
    }
    let schema = schema_of_sections();
    for (section, of) in properties(&schema) {
        _ = writeln!(printed, "\n# {}\n{section}:", wrapped(description(of), "# "));
        for (name, of) in properties(of) {
            let value = of.get("default").map(Value::to_string).unwrap_or_default();
            let key = Key { indent: "  ", name, value };
            key.print(&mut printed, description(of), &variable(section, name));
        }
    }
    printed
}

/// A key with its default.
struct Key<'k> {
    indent: &'static str,
    name: &'k str,
    value: String,
}

impl Key<'_> {
    fn print(&self, printed: &mut String, help: &str, variable: &str) {
        let Self { indent, name, value } = self;
        let margin = format!("{indent}# ");
        // Writing to a String cannot fail.
        _ = writeln!(printed, "\n{margin}{}", wrapped(help, &margin));
        _ = writeln!(printed, "{margin}{variable}\n{indent}#{name}: {value}");
    }
}

fn description(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// The text in lines of at most a hundred characters, each after the first behind `margin`.
fn wrapped(text: &str, margin: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map(|line| line.chars().count()).unwrap_or_default();
        if line > 0 && line + word.chars().count() > 95 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join(&format!("\n{margin}"))
}
