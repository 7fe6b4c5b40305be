use std::fmt::Write as _;

use clap::{Arg, Command};
use serde_json::Value;

use super::{
    Sections,
    environment::variable,
    flags::{self, REACHING},
};

const HEAD: &str = "\
# Settings of nyota, all at their defaults: take the # from a line to change it.
# Each can also be set by the variable that stands above it, a list with commas. A flag wins over a
# variable, and that over this file. `nyota config --check` says what is in force.
";

const GATEWAYS: &str = "
# The gateways, by the name in their addresses (/ussd/NAME), each with its profile and what that asks
# for. A secret stands better elsewhere: {env: NAME} is a variable, {file: PATH} a file.
#
#     africastalking:
#       profile: africastalking
#       settings:
#         username: sandbox
#         api_key: {env: AFRICASTALKING_API_KEY}
#gateways: {}

# By which gateway SMS go: the first whose prefix the phone's number has. A phone that none takes gets its
# SMS where the demo's phones read them.
#
#     - {prefix: '+25575', gateway: beem}
#     - {gateway: kannel}
#routes: []

# The schemes that are served, each with its own system, account and numbers; none for the demo's. A
# member's is the one whose menus she dials, and of these the one whose prefix her number begins with.
#
#     dodoma:
#       kind: openimis
#       address: https://imis.dodoma.example/api
#       user: nyota
#       password: {env: DODOMA_PASSWORD}
#       currency: TZS
#       numbers: chf
#       menus: [chf]
#       prefixes: ['07']
#schemes: {}
";

/// A whole file of settings: every key commented out, with its default, its variable and what it
/// means. `command` is the one whose flags are settings.
pub fn commented(command: &Command) -> String {
    let mut printed = HEAD.to_owned();
    for flag in flags::in_file(command) {
        let key = Key {
            indent: "",
            name: flags::key(flag),
            value: usual(flag),
        };
        key.print(&mut printed, (&help(flag), &[&environment(flag)]));
    }
    printed.push_str(GATEWAYS);
    let shape = Sections::shape();
    for (section, keys) in Sections::default().in_order() {
        let of = shape.pointer(&format!("/properties/{section}"));
        let of = of.unwrap_or(&Value::Null);
        let about = wrapped(description(of), "# ");
        // Writing to a String cannot fail.
        _ = writeln!(printed, "\n# {about}\n{section}:");
        for (name, value) in keys {
            let of = of.pointer(&format!("/properties/{name}"));
            let of = of.unwrap_or(&Value::Null);
            let own = variable(&section, (&name, of));
            let reaching = reaching(command, (&section, &name));
            let variables: Vec<&str> = own.iter().chain(&reaching).map(String::as_str).collect();
            let key = Key {
                indent: "  ",
                name: &name,
                value: if value.is_null() {
                    String::new()
                } else {
                    value.to_string()
                },
            };
            key.print(&mut printed, (description(of), &variables));
        }
    }
    printed
}

/// The default of a flag.
fn usual(flag: &Arg) -> String {
    let usual = flag.get_default_values().iter();
    let usual: Vec<_> = usual.map(|value| value.to_string_lossy()).collect();
    if flags::is_list(flag) {
        format!("[{}]", usual.join(", "))
    } else {
        usual.join(" ")
    }
}

fn help(flag: &Arg) -> String {
    let help = flag.get_long_help().or(flag.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    // clap takes the last point from a sentence.
    format!("{}.", help.trim_end_matches('.'))
}

fn environment(flag: &Arg) -> String {
    let variable = flag.get_env().unwrap_or_default();
    variable.to_string_lossy().into_owned()
}

/// The variable of a flag, with the form of its value where that has a name.
fn other_form(flag: &Arg) -> String {
    let variable = environment(flag);
    let form = flag.get_value_names().and_then(|names| names.first());
    let form = form.filter(|form| !form.eq_ignore_ascii_case(flag.get_id().as_str()));
    form.map_or(variable.clone(), |form| format!("{variable}={form}"))
}

/// The variables of the flags that set this key too.
fn reaching(command: &Command, key: (&str, &str)) -> Vec<String> {
    let reaches = |flag: &&Arg| {
        let mut all = REACHING.iter();
        all.any(|(id, section, name)| {
            flag.get_id() == id && *section == key.0 && (*name == key.1 || name.is_empty())
        })
    };
    let flags = command.get_arguments().filter(reaches);
    flags.map(other_form).collect()
}

/// A key with its default.
struct Key<'k> {
    indent: &'static str,
    name: &'k str,
    value: String,
}

impl Key<'_> {
    fn print(&self, printed: &mut String, (help, variables): (&str, &[&str])) {
        let Self {
            indent,
            name,
            value,
        } = self;
        let margin = format!("{indent}# ");
        let help = wrapped(help, &margin);
        let variables = variables.join(", or ");
        let line = format!("{name}: {value}");
        _ = writeln!(printed, "\n{margin}{help}");
        // A map stands in the file only.
        if !variables.is_empty() {
            _ = writeln!(printed, "{margin}{variables}");
        }
        _ = writeln!(printed, "{indent}#{}", line.trim_end());
    }
}

fn description(shape: &Value) -> &str {
    let description = shape.get("description").and_then(Value::as_str);
    description.unwrap_or_default()
}

/// The text in lines of about a hundred characters, each after the first behind `margin`.
fn wrapped(text: &str, margin: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let width = lines
            .last()
            .map(|line| line.chars().count())
            .unwrap_or_default();
        if width > 0 && width + word.chars().count() > 95 {
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
