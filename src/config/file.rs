use std::{ffi::OsString, fs, io, path::Path};

use clap::{Arg, Command};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Sections, environment, typed::{mistake, typed}};
use crate::model::source::{Report, Source, yaml};

/// Where it is looked for when no other is named.
const USUAL: &str = "nyota.yaml";

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
    /// Mistakes in the file: each printed with its place.
    #[error("the settings have mistakes\n\n{0}")]
    Mistakes(String),
    /// A variable of the environment.
    #[error("{0}")]
    Environment(String),
    /// It reads, and its values do not go together.
    #[error("the settings cannot be used: {0}")]
    Unfit(#[from] serde_json::Error),
}

/// `nyota.yaml`, read.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// The keys that flags have too.
    flags: Map<String, Value>,
    sections: Map<String, Value>,
}

impl ConfigFile {
    /// Reads the file at `path`, which must be there; without one `nyota.yaml`, if it is there. Its
    /// keys are those of the sections and the long flags of `command`, `listen` or `redis_url`.
    pub fn read(path: Option<&Path>, command: &Command) -> Result<Self, ConfigError> {
        let found = fs::read_to_string(path.unwrap_or(Path::new(USUAL)));
        let text = match found {
            Ok(text) => text,
            Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => {
                let path = path.unwrap_or(Path::new(USUAL)).display().to_string();
                return Err(ConfigError::Unreadable { path, source });
            }
        };
        let name = path.unwrap_or(Path::new(USUAL)).display().to_string();
        Self::parse(Source { name, text }, command)
    }

    fn parse(source: Source, command: &Command) -> Result<Self, ConfigError> {
        let mut mistakes = Vec::new();
        let schema = with_flags(command);
        let read = match yaml::read(&source.text, 0) {
            Ok(node) => typed(&node, &schema, &mut mistakes),
            Err(error) => {
                let report = mistake("N004", error.message, error.span);
                let help = error.help.to_owned();
                mistakes.push(Report { help, ..report });
                None
            }
        };
        if !mistakes.is_empty() {
            let printed = mistakes.iter().map(|mistake| mistake.print(std::slice::from_ref(&source)));
            return Err(ConfigError::Mistakes(printed.collect::<Vec<_>>().join("\n")));
        }
        let read = match read {
            Some(Value::Object(read)) => read,
            _ => Map::new(),
        };
        let of_sections = schema_of_sections();
        let is_section = |name: &String| of_sections.pointer(&format!("/properties/{name}")).is_some();
        let (sections, flags) = read.into_iter().partition(|(name, _)| is_section(name));
        Ok(Self { flags, sections })
    }

    /// The command with what the file says as the defaults of its flags: so the environment wins over
    /// it, and a flag over both.
    pub fn defaults(&self, mut command: Command) -> Command {
        for (name, value) in &self.flags {
            let values: Vec<String> = match value {
                Value::Array(items) => items.iter().map(text).collect(),
                value => vec![text(value)],
            };
            command = command.mut_arg(name, |flag| flag.default_values(values));
        }
        command
    }

    /// The sections, with the environment over them.
    pub fn sections(
        &self,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Sections, ConfigError> {
        let mut sections = self.sections.clone();
        environment::overlay(&mut sections, &schema_of_sections(), variables)
            .map_err(ConfigError::Environment)?;
        Ok(serde_json::from_value(Value::Object(sections))?)
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The shape of the sections, with what a key is in its place.
pub(super) fn schema_of_sections() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Sections>().to_value()
}

/// The shape of the file: the sections, and the flags that take a value.
fn with_flags(command: &Command) -> Value {
    let mut schema = schema_of_sections();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.extend(flags(command).map(|flag| (flag.get_id().to_string(), shape(flag))));
    }
    schema
}

fn shape(flag: &Arg) -> Value {
    if flag.get_value_delimiter().is_some() {
        json!({"type": "array", "items": {"type": "string"}})
    } else {
        json!({"type": "string"})
    }
}

/// The flags that are settings: every one with a variable, the file's own path aside.
pub(super) fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    let is_setting = |flag: &&Arg| flag.get_env().is_some() && flag.get_id() != "config";
    command.get_arguments().filter(is_setting)
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;
    use crate::config::{Settings, commented};

    fn command() -> Command {
        Settings::augment_args(Command::new("nyota"))
    }

    fn parsed(text: &str) -> Result<ConfigFile, ConfigError> {
        let source = Source {
            name: "nyota.yaml".to_owned(),
            text: text.to_owned(),
        };
        ConfigFile::parse(source, &command())
    }

    fn settings(text: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Settings {
        let file = parsed(text).unwrap();
        let line = std::iter::once("nyota").chain(arguments.iter().copied());
        let matches = file.defaults(command()).get_matches_from(line);
        let mut settings = Settings::from_arg_matches(&matches).unwrap();
        settings.sections = sections(&file, variables).unwrap();
        settings
    }

    fn sections(
        file: &ConfigFile,
        variables: &[(&str, &str)],
    ) -> Result<Sections, ConfigError> {
        let variables = variables.iter();
        file.sections(variables.map(|(name, value)| (OsString::from(name), OsString::from(value))))
    }

    #[test]
    fn a_flag_wins_over_the_environment_that_over_the_file_and_the_file_over_the_default() {
        let text = "listen: 127.0.0.1:9000\nredis_url: [redis://a:1, redis://b:2]\noutbox:\n  at_once: 3\n";
        let settings = settings(
            text,
            &["--menus", "elsewhere"],
            &[("NYOTA_OUTBOX_REST_MILLIS", "70"), ("NYOTA_OUTBOX_AT_ONCE", "4"), ("NYOTA_MENUS", "x")],
        );
        assert_eq!(settings.listen.to_string(), "127.0.0.1:9000");
        assert_eq!(settings.redis_url, ["redis://a:1", "redis://b:2"]);
        assert_eq!(settings.menus, Path::new("elsewhere"));
        let outbox = settings.sections.outbox;
        assert_eq!((outbox.at_once, outbox.rest_millis), (4, 70));
        let usual = crate::outbox::Options::default();
        assert_eq!(outbox.lease_seconds, usual.lease_seconds);
    }

    #[test]
    fn every_mistake_is_reported_with_its_place() {
        let text = "lisen: 127.0.0.1:9000\noutbox: {at_once: many, lease_seconds: 5000000000}\neffects:\n  numbers_a_day: -1\n  numbers_a_day: 2\n";
        let Err(ConfigError::Mistakes(printed)) = parsed(text) else {
            panic!("it has mistakes");
        };
        for sentence in [
            "N001 there is no setting `lisen` here\n   --> nyota.yaml:1:1",
            "did you mean `listen`?",
            "N003 a whole number is expected\n   --> nyota.yaml:2:19",
            "N003 at most 4294967295 is expected",
            "N003 at least 0 is expected",
        ] {
            assert!(printed.contains(sentence), "{sentence} is not in\n{printed}");
        }
    }

    #[test]
    fn a_variable_that_sets_nothing_is_refused_by_its_name() {
        let file = ConfigFile::default();
        let refused = sections(&file, &[("NYOTA_OUTBOX_ATONCE", "secret")]).unwrap_err();
        let refused = refused.to_string();
        assert!(refused.contains("did you mean NYOTA_OUTBOX_AT_ONCE?"), "{refused}");
        assert!(!refused.contains("secret"), "{refused}");
        let refused = sections(&file, &[("NYOTA_OUTBOX_AT_ONCE", "many")]).unwrap_err();
        assert!(refused.to_string().contains("NYOTA_OUTBOX_AT_ONCE: a whole number"));
        assert!(sections(&file, &[("NYOTA_SECRET_OUTBOX", "x"), ("OUTBOX", "y")]).is_ok());
    }

    #[test]
    fn what_is_printed_reads_as_the_defaults_commented_out_or_not() {
        let printed = commented(&command());
        let whole = |text: &str| {
            let settings = settings(text, &[], &[]);
            format!("{settings:?}")
        };
        let usual = whole("");
        assert_eq!(whole(&printed), usual);
        let used = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
        let used = |line: &str| {
            let indent = line.len() - line.trim_start().len();
            used(line.trim_start()).map_or(line.to_owned(), |rest| format!("{}{rest}", " ".repeat(indent)))
        };
        let lines: Vec<String> = printed.lines().map(used).collect();
        assert_eq!(whole(&lines.join("\n")), usual);
        assert!(lines.len() > 40, "{printed}");
    }
}
