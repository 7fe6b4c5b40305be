use std::{collections::BTreeMap, path::PathBuf};

use super::{
    secret::{Secret, SecretSource},
    typed::{Reading, entries, mistake},
};
use crate::model::source::{Span, yaml::Node};

/// The gateways of the file, by the name that their addresses have: `gateways: {NAME: {profile:
/// africastalking, settings: {…}}}`.
pub type Gateways = BTreeMap<String, GatewaySettings>;

/// One gateway, as the file says. What its profile asks for is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewaySettings {
    /// The profile that it speaks by; the gateway's own name where the file names none.
    pub profile: String,
    /// Where the profile stands in the file, or else the gateway's name.
    pub profile_span: Span,
    /// What the profile asks for, by name.
    pub settings: BTreeMap<String, Setting>,
    /// Where the gateway's name stands.
    pub span: Span,
}

/// The value of one setting of a gateway. A plain text is one; what is secret stands better elsewhere:
/// `{env: NAME}` or `{file: PATH}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value, whether it is secret or not.
    pub value: Secret,
    /// Where it stands.
    pub source: SecretSource,
    /// Where the file says so.
    pub span: Span,
}

const KEYS: [&str; 2] = ["profile", "settings"];
const SOURCES: [&str; 2] = ["env", "file"];

/// Reads the map of gateways.
pub(super) fn gateways(node: &Node, reading: &mut Reading<'_>) -> Gateways {
    let mut gateways = Gateways::new();
    for (name, key, of) in entries(node, None, reading) {
        if is_name(name) {
            gateways.insert(name.to_owned(), gateway(name, (key, of), reading));
        } else {
            let expected = "a gateway's name has small letters, digits and hyphens only";
            reading.refuse("N003", expected.to_owned(), key.span);
        }
    }
    gateways
}

/// It stands in addresses: `/ussd/africastalking`.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= 40 && name.bytes().all(fits)
}

fn gateway(name: &str, (key, node): (&Node, &Node), reading: &mut Reading<'_>) -> GatewaySettings {
    let mut gateway = GatewaySettings {
        profile: name.to_owned(),
        profile_span: key.span,
        settings: BTreeMap::new(),
        span: key.span,
    };
    for (key, _, of) in entries(node, Some(&KEYS), reading) {
        match (key, of.text()) {
            ("profile", Some(profile)) if !profile.is_empty() => {
                profile.clone_into(&mut gateway.profile);
                gateway.profile_span = of.span;
            }
            ("profile", _) => {
                reading.refuse("N003", "a profile's name is expected".into(), of.span);
            }
            _ => gateway.settings = settings(of, reading),
        }
    }
    gateway
}

fn settings(node: &Node, reading: &mut Reading<'_>) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for (name, _, of) in entries(node, None, reading) {
        if let Some(setting) = setting(of, reading) {
            settings.insert(name.to_owned(), setting);
        }
    }
    settings
}

fn setting(node: &Node, reading: &mut Reading<'_>) -> Option<Setting> {
    let (value, source) = if let Some(text) = node.text() {
        reading.hide(node);
        (Secret::new(text), SecretSource::Plain)
    } else {
        let source = source(node, reading)?;
        match source.read(reading.environment) {
            Ok(value) => (value, source),
            Err(why) => {
                reading.refuse("N005", why, node.span);
                return None;
            }
        }
    };
    let span = node.span;
    Some(Setting {
        value,
        source,
        span,
    })
}

/// `{env: NAME}` or `{file: PATH}`.
fn source(node: &Node, reading: &mut Reading<'_>) -> Option<SecretSource> {
    let expected = "a text is expected, or {env: NAME} or {file: PATH} for one that stands there";
    if node.map().is_none() {
        reading.hide(node);
        reading.refuse("N003", expected.to_owned(), node.span);
        return None;
    }
    let before = reading.mistakes.len();
    let found = entries(node, Some(&SOURCES), reading);
    let source = match *found.as_slice() {
        [("env", _, of)] => of
            .text()
            .map(|name| SecretSource::Environment(name.to_owned())),
        [("file", _, of)] => of
            .text()
            .map(|path| SecretSource::File(PathBuf::from(path))),
        _ => None,
    };
    if source.is_none() && reading.mistakes.len() == before {
        reading
            .mistakes
            .push(mistake("N003", expected.to_owned(), node.span));
    }
    source
}
