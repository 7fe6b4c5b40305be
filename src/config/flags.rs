//! The flags of the command line, and where each stands in the file.

use std::error::Error;

use clap::{Arg, Command};

use super::{SettingsError, settings::is_redis};
use crate::store::Address;

/// Flags whose key in the file has another name: `gateways` are the gateways themselves.
const RENAMED: [(&str, &str); 1] = [("gateways", "profiles")];

/// Flags that set a key of a section, which wins where both are given. Of `keep_days` each value
/// names its key.
pub(super) const REACHING: [(&str, &str, &str); 9] = [
    ("call_hosts", "calls", "hosts"),
    ("call_private_hosts", "calls", "private_hosts"),
    ("gateway_addresses", "door", "known"),
    ("phone_turns", "limits", "phone"),
    ("gateway_turns", "limits", "gateway"),
    ("line_copies", "copies", "capacity"),
    ("redis_ca_file", "redis", "ca_file"),
    ("rates", "outbox", "rates"),
    ("keep_days", "retention", ""),
];

/// The flags that are keys of the file themselves: every one with a variable, the file's own path and
/// those that reach into a section aside.
pub(super) fn in_file(command: &Command) -> impl Iterator<Item = &Arg> {
    let reaching = |flag: &Arg| REACHING.iter().any(|(id, ..)| flag.get_id() == id);
    let is_key =
        move |flag: &&Arg| flag.get_env().is_some() && flag.get_id() != "config" && !reaching(flag);
    command.get_arguments().filter(is_key)
}

/// The key of a flag in the file.
pub(super) fn key(flag: &Arg) -> &str {
    let id = flag.get_id().as_str();
    let renamed = RENAMED.iter().find(|(flag, _)| *flag == id);
    renamed.map_or(id, |(_, key)| key)
}

/// Whether it takes several values.
pub(super) fn is_list(flag: &Arg) -> bool {
    flag.get_value_delimiter().is_some()
}

/// Whether the flag takes these values. The error is a sentence that does not repeat them.
pub(super) fn fits(flag: &Arg, values: &[String]) -> Result<(), String> {
    let mut values = values.iter();
    match flag.get_id().as_str() {
        "database_url" if values.any(|url| Address::parse(url).is_none()) => {
            Err(SettingsError::Database.to_string())
        }
        "redis_url" if values.any(|url| !is_redis(url)) => Err(SettingsError::Redis.to_string()),
        _ => parses(flag, values.as_slice()),
    }
}

fn parses(flag: &Arg, values: &[String]) -> Result<(), String> {
    let long = flag.get_long().unwrap_or_default();
    let arguments = values.iter().map(|value| format!("--{long}={value}"));
    let probe = Command::new("nyota").no_binary_name(true).arg(flag.clone());
    let parsed = probe.try_get_matches_from(arguments);
    parsed.map(drop).map_err(|error| {
        let why = error.source().map(ToString::to_string);
        why.unwrap_or_else(|| "another value is expected".to_owned())
    })
}
