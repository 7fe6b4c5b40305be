use std::{collections::BTreeMap, ffi::OsString, fs, io, path::Path};

use clap::{Arg, ArgMatches, Command};
use serde_json::{Map, Value, json};

use super::{
    Gateways, Origin, Sections, Settings, environment, flags,
    gateways::{SmsRoute, gateways, routes},
    hide::shown,
    in_force::Origins,
    schemes::{SchemeSettings, schemes},
    typed::{Reading, entries, mistake, properties, typed},
};
use crate::model::source::{
    Report, Source,
    yaml::{self, Node},
};

/// Where it is looked for when no other is named.
const USUAL: &str = "nyota.yaml";
/// The key of the gateways.
const GATEWAYS: &str = "gateways";
/// The key of the schemes.
const SCHEMES: &str = "schemes";
/// The key of the routes of SMS.
const ROUTES: &str = "routes";

/// Settings that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named.
    #[error("the settings in {path} cannot be read")]
    Unreadable {
        /// Its path.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Mistakes in the file, each printed with its place, and in the environment.
    #[error("the settings have mistakes\n\n{0}")]
    Mistakes(String),
    /// It reads, and its values do not go together.
    #[error("the settings cannot be used: {0}")]
    Unfit(#[from] serde_json::Error),
}

/// What a key is set to, and by what.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// What is given, by section and key.
pub(super) type Keys = BTreeMap<(String, String), Given>;

/// `nyota.yaml`, read, with the environment over its sections.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// What the file says of flags, by their ids.
    flags: BTreeMap<String, (Vec<String>, Origin)>,
    keys: Keys,
    sections: Sections,
    pub(super) gateways: Gateways,
    routes: Vec<SmsRoute>,
    schemes: Vec<SchemeSettings>,
    /// For reports of what turns out later; what is hidden is not in it.
    shown: Option<Source>,
}

impl ConfigFile {
    /// Reads the file at `path`, which must be there; without one `nyota.yaml`, if it is there. Its
    /// keys are those of the sections, the flags of `command`, `gateways`, `routes` and `schemes`; `variables` are the
    /// environment.
    pub fn read(
        path: Option<&Path>,
        command: &Command,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let usual = Path::new(USUAL);
        let name = path.unwrap_or(usual).display().to_string();
        let source = match fs::read_to_string(path.unwrap_or(usual)) {
            Ok(text) => Some(Source { name, text }),
            Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(ConfigError::Unreadable { path: name, source }),
        };
        Self::parse(source.as_ref(), command, &variables.collect::<Vec<_>>())
    }

    pub(super) fn parse(
        source: Option<&Source>,
        command: &Command,
        variables: &[(OsString, OsString)],
    ) -> Result<Self, ConfigError> {
        let shape = Sections::shape();
        let environment = |name: &str| {
            let mut variables = variables.iter();
            let found = variables.find(|(variable, _)| variable.as_os_str() == name);
            found.map(|(_, value)| value.clone())
        };
        let mut reading = Reading::new(&environment);
        let mut file = Self::default();
        if let Some(source) = source {
            file.take(source, (command, &shape), &mut reading);
            file.shown = Some(shown(source, &reading.hidden));
        }
        let of_environment = environment::overlay(&mut file.keys, &shape, variables);
        if reading.mistakes.is_empty() && of_environment.is_empty() {
            file.sections = serde_json::from_value(tree(&file.keys))?;
            return Ok(file);
        }
        let mut told = vec![file.printed(reading.mistakes)];
        told.extend(of_environment);
        told.retain(|told| !told.is_empty());
        Err(ConfigError::Mistakes(told.join("\n")))
    }

    /// Mistakes in this file that only another part can see, such as a setting that a gateway's
    /// profile asks for and that is not there.
    pub fn mistakes(&self, mistakes: Vec<Report>) -> ConfigError {
        ConfigError::Mistakes(self.printed(mistakes))
    }

    fn printed(&self, mut mistakes: Vec<Report>) -> String {
        mistakes.sort_by_key(|mistake| mistake.span);
        let sources = self.shown.as_slice();
        let printed = mistakes.iter().map(|mistake| mistake.print(sources));
        printed.collect::<Vec<_>>().join("\n")
    }

    fn take(&mut self, source: &Source, of: (&Command, &Value), reading: &mut Reading<'_>) {
        let node = match yaml::read(&source.text, 0) {
            Ok(node) => node,
            Err(error) => {
                let report = mistake("N004", error.message, error.span);
                let help = error.help.to_owned();
                reading.mistakes.push(Report { help, ..report });
                return;
            }
        };
        let (command, shape) = of;
        let flags: Vec<&Arg> = flags::in_file(command).collect();
        let sections: BTreeMap<&str, &Value> = properties(shape).collect();
        let known = flags.iter().map(|flag| flags::key(flag));
        let known: Vec<&str> = known
            .chain(sections.keys().copied())
            .chain([GATEWAYS, ROUTES, SCHEMES])
            .collect();
        for (name, _, value) in entries(&node, Some(&known), reading) {
            if let Some(of) = sections.get(name) {
                self.section((name, of), value, (source, reading));
            } else if let Some(flag) = flags.iter().find(|flag| flags::key(flag) == name) {
                self.flag(flag, value, (source, reading));
            } else if name == ROUTES {
                self.routes = routes(value, reading);
            } else if name == SCHEMES {
                self.schemes = schemes(value, reading);
            } else {
                self.gateways = gateways(value, reading);
            }
        }
    }

    fn section(
        &mut self,
        (section, shape): (&str, &Value),
        node: &Node,
        (source, reading): (&Source, &mut Reading<'_>),
    ) {
        let shapes: BTreeMap<&str, &Value> = properties(shape).collect();
        let known: Vec<&str> = shapes.keys().copied().collect();
        for (key, _, node) in entries(node, Some(&known), reading) {
            let shape = shapes.get(key).copied().unwrap_or(&Value::Null);
            let Some(value) = typed(node, shape, reading) else {
                continue;
            };
            if let Err(expected) = fits((section, key), &value) {
                reading.refuse("N003", expected, node.span);
            } else {
                let origin = Origin::at(source, node.span);
                let key = (section.to_owned(), key.to_owned());
                self.keys.insert(key, Given { value, origin });
            }
        }
    }

    fn flag(&mut self, flag: &Arg, node: &Node, (source, reading): (&Source, &mut Reading<'_>)) {
        let text = json!({"type": "string"});
        let shape = json!({"type": "array", "items": text});
        let shape = if flags::is_list(flag) { &shape } else { &text };
        let values = match typed(node, shape, reading) {
            Some(Value::Array(items)) => items,
            Some(value) => vec![value],
            None => return,
        };
        let values = values.iter().filter_map(Value::as_str);
        let values = values.filter(|value| !value.is_empty()).map(str::to_owned);
        let values: Vec<String> = values.collect();
        if let Err(expected) = flags::fits(flag, &values) {
            reading.refuse("N003", expected, node.span);
        } else if !values.is_empty() {
            let origin = Origin::at(source, node.span);
            self.flags
                .insert(flag.get_id().to_string(), (values, origin));
        }
    }

    /// The command with what the file says as the defaults of its flags: so the environment wins over
    /// it, and a flag over both.
    pub fn defaults(&self, mut command: Command) -> Command {
        for (id, (values, _)) in &self.flags {
            let values = values.clone();
            command = command.mut_arg(id, |flag| flag.default_values(values));
        }
        command
    }

    /// Puts what the file and the environment say into `settings`, which were read from `matches` by
    /// `command`.
    pub fn complete(&self, settings: &mut Settings, given: (&Command, &ArgMatches)) {
        settings.sections = self.sections.clone();
        settings.gateway_settings = self.gateways.clone();
        settings.sms_routes.clone_from(&self.routes);
        settings.schemes.clone_from(&self.schemes);
        let mut origins = Origins::new(given, &self.flags);
        origins.add_keys(&self.keys, settings, given);
        settings.origins = origins;
    }
}

/// Whether the key's module takes the value. The error is a sentence.
pub(super) fn fits((section, key): (&str, &str), value: &Value) -> Result<(), String> {
    let alone = json!({section: {key: value}});
    let read = serde_json::from_value::<Sections>(alone);
    read.map(drop).map_err(|error| error.to_string())
}

fn tree(keys: &Keys) -> Value {
    let mut tree: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for ((section, key), given) in keys {
        let section = tree.entry(section).or_default();
        section.insert(key.clone(), given.value.clone());
    }
    json!(tree)
}
