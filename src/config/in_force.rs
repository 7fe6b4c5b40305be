use std::{collections::BTreeMap, fmt};

use clap::{ArgMatches, Command, parser::ValueSource};
use serde_json::Value;

use super::{
    SecretsError, Settings,
    file::Keys,
    flags::{self, REACHING},
    hide::without_password,
};
use crate::model::source::{Source, Span};

/// By what a setting is as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing says otherwise.
    Default,
    /// The file, with its line.
    File {
        /// Its name.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl Origin {
    pub(super) fn at(source: &Source, span: Span) -> Self {
        let (line, _) = source.position(span.start);
        let name = source.name.clone();
        Self::File { name, line }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// A setting that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its key in the file: `outbox.at_once`.
    pub key: String,
    /// What it is, without what is secret.
    pub value: String,
    /// By what.
    pub origin: Origin,
}

/// From where the settings came.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    flags: Vec<InForce>,
    keys: BTreeMap<(String, String), Origin>,
}

impl Origins {
    /// Of the flags of `command`: `matches`, or the file where it says something of them.
    pub(super) fn new(
        (command, matches): (&Command, &ArgMatches),
        file: &BTreeMap<String, (Vec<String>, Origin)>,
    ) -> Self {
        let flags = flags::in_file(command).map(|flag| {
            let id = flag.get_id().as_str();
            let values = matches.get_raw(id).into_iter().flatten();
            let values = values.map(|value| without_password(&value.to_string_lossy()));
            let said = || {
                file.get(id)
                    .map_or(Origin::Default, |(_, said)| said.clone())
            };
            InForce {
                key: flags::key(flag).to_owned(),
                value: values.collect::<Vec<_>>().join(", "),
                origin: by_flag(flag, matches).unwrap_or_else(said),
            }
        });
        Self {
            flags: flags.collect(),
            keys: BTreeMap::new(),
        }
    }

    /// Of the keys of sections: as they were given, and the flags that reach into them.
    pub(super) fn add_keys(
        &mut self,
        keys: &Keys,
        settings: &Settings,
        (command, matches): (&Command, &ArgMatches),
    ) {
        let given = keys.iter();
        self.keys = given
            .map(|(key, given)| (key.clone(), given.origin.clone()))
            .collect();
        for flag in command.get_arguments() {
            let reaching = REACHING.iter().find(|(id, ..)| flag.get_id() == id);
            let Some(((_, section, key), origin)) = reaching.zip(by_flag(flag, matches)) else {
                continue;
            };
            let kept = settings.keep_days.iter().map(|keep| keep.kept.as_str());
            let keys: Vec<&str> = if key.is_empty() {
                kept.collect()
            } else {
                vec![key]
            };
            let keys = keys
                .into_iter()
                .map(|key| ((*section).to_owned(), key.to_owned()));
            self.keys.extend(keys.map(|key| (key, origin.clone())));
        }
    }
}

/// Where the flag or its variable is given.
fn by_flag(flag: &clap::Arg, matches: &ArgMatches) -> Option<Origin> {
    match matches.value_source(flag.get_id().as_str()) {
        Some(ValueSource::CommandLine) => {
            Some(Origin::Flag(flag.get_long().unwrap_or_default().to_owned()))
        }
        Some(ValueSource::EnvVariable) => {
            let variable = flag.get_env().unwrap_or_default();
            Some(Origin::Variable(variable.to_string_lossy().into_owned()))
        }
        Some(_) | None => None,
    }
}

impl Settings {
    /// Every setting that is in force, and from where, without what is secret.
    pub fn in_force(&self) -> Result<Vec<InForce>, SecretsError> {
        let mut all = self.origins.flags.clone();
        for (section, keys) in self.sections()?.in_order() {
            for (key, value) in keys {
                let origin = self.origins.keys.get(&(section.clone(), key.clone()));
                all.push(InForce {
                    key: format!("{section}.{key}"),
                    value: text(&value),
                    origin: origin.cloned().unwrap_or(Origin::Default),
                });
            }
        }
        Ok(all)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", text(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
