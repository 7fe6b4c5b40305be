use std::{collections::BTreeMap, ops::RangeInclusive, path::PathBuf, time::Duration};

use ipnet::IpNet;

use super::{
    secret::{Secret, SecretSource},
    typed::{Reading, entries, mistake},
};
use crate::{
    model::{
        PageSize, ServiceCode,
        source::{Span, yaml::Node},
    },
    web::door::parse_network,
};

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
    /// The service code, where the aggregator never tells it.
    pub code: Option<ServiceCode>,
    /// The sender that its SMS show.
    pub sender: Option<String>,
    /// Where its requests come from; empty for anywhere.
    pub addresses: Vec<IpNet>,
    /// The last part of its addresses, which only the aggregator knows: `/ussd/NAME/SECRET`.
    pub secret: Option<Secret>,
    /// How long it waits for a reply, where its profile does not know.
    pub deadline: Option<Duration>,
    /// What its pages hold, where its profile does not know.
    pub page: Option<PageSize>,
    /// Where the gateway's name stands.
    pub span: Span,
}

/// The value of one setting of a gateway. A plain text is one; what is secret stands better elsewhere:
/// `{env: NAME}` or `{file: PATH}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value, whether it is secret or not.
    pub value: Given,
    /// Where it stands.
    pub source: SecretSource,
    /// Where the file says so.
    pub span: Span,
}

/// What a setting is given as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A text.
    Text(Secret),
    /// Several texts.
    List(Vec<Secret>),
    /// Texts by texts.
    Map(Vec<(String, Secret)>),
}

const KEYS: [&str; 8] = [
    "profile",
    "settings",
    "code",
    "sender",
    "addresses",
    "secret",
    "deadline",
    "page",
];
const SOURCES: [&str; 2] = ["env", "file"];

/// Reads the map of gateways.
pub(super) fn gateways(node: &Node, reading: &mut Reading<'_>) -> Gateways {
    let mut gateways = Gateways::new();
    for (name, key, of) in entries(node, None, reading) {
        if is_name(name) {
            gateways.insert(name.to_owned(), gateway(name, (key, of), reading));
        } else {
            let expected = "a gateway's name has small letters, digits, - and _ only";
            reading.refuse("N003", expected.to_owned(), key.span);
        }
    }
    gateways
}

/// It stands in addresses: `/ussd/africastalking`.
pub(super) fn is_name(name: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    !name.is_empty() && name.len() <= 40 && name.bytes().all(fits)
}

fn gateway(name: &str, (key, node): (&Node, &Node), reading: &mut Reading<'_>) -> GatewaySettings {
    let mut gateway = GatewaySettings {
        profile: name.to_owned(),
        profile_span: key.span,
        settings: BTreeMap::new(),
        code: None,
        sender: None,
        addresses: Vec::new(),
        secret: None,
        deadline: None,
        page: None,
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
            ("code", code) => {
                gateway.code = code.and_then(|code| ServiceCode::parse(code).ok());
                if gateway.code.is_none() {
                    let expected = "a service code such as *152*00# is expected, in quotes";
                    reading.refuse("N003", expected.into(), of.span);
                }
            }
            ("sender", Some(sender)) if !sender.is_empty() => {
                gateway.sender = Some(sender.to_owned());
            }
            ("sender", _) => {
                reading.refuse(
                    "N003",
                    "a sender's name or number is expected".into(),
                    of.span,
                );
            }
            ("addresses", _) => gateway.addresses = addresses(of, reading),
            ("secret", _) => {
                let secret = one(of, reading);
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                if secret.as_ref().is_some_and(|secret| {
                    secret.expose().len() < 16 || !secret.expose().bytes().all(fits)
                }) {
                    let expected = "a secret in an address has 16 or more letters, digits, - and _";
                    reading.refuse("N003", expected.into(), of.span);
                }
                gateway.secret = secret;
            }
            ("deadline", _) => {
                let milliseconds = number(of, "milliseconds", 500..=60_000, reading);
                gateway.deadline = milliseconds.map(Duration::from_millis);
            }
            ("page", _) => gateway.page = page(of, reading),
            _ => gateway.settings = settings(of, reading),
        }
    }
    gateway
}

fn number(
    node: &Node,
    unit: &str,
    bounds: RangeInclusive<u64>,
    reading: &mut Reading<'_>,
) -> Option<u64> {
    let read = node.text().and_then(|text| text.parse().ok());
    let read = read.filter(|number| bounds.contains(number));
    if read.is_none() {
        let (from, to) = bounds.into_inner();
        let expected = format!("a number of {unit} from {from} to {to} is expected");
        reading.refuse("N003", expected, node.span);
    }
    read
}

/// `{gsm7: 182, ucs2: 80}`.
fn page(node: &Node, reading: &mut Reading<'_>) -> Option<PageSize> {
    let mut page = PageSize::default();
    for (key, _, of) in entries(node, Some(&["gsm7", "ucs2"]), reading) {
        let size = number(of, "characters", 40..=1_000, reading);
        let size = usize::try_from(size?).ok()?;
        if key == "gsm7" {
            page.gsm7 = size;
        } else {
            page.ucs2 = size;
        }
    }
    Some(page)
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
    let span = node.span;
    if let Some(items) = node.list() {
        let items: Vec<Secret> = items.iter().filter_map(|item| one(item, reading)).collect();
        let (value, source) = (Given::List(items), SecretSource::Plain);
        return Some(Setting {
            value,
            source,
            span,
        });
    }
    if let Some(members) = node.map().filter(|members| !stands_elsewhere(members)) {
        let mut read = Vec::new();
        for (key, of) in members {
            read.extend(key.text().map(str::to_owned).zip(one(of, reading)));
        }
        let (value, source) = (Given::Map(read), SecretSource::Plain);
        return Some(Setting {
            value,
            source,
            span,
        });
    }
    let source = match node.text() {
        Some(_) => SecretSource::Plain,
        None => source(node, reading)?,
    };
    let value = Given::Text(read(node, &source, reading)?);
    Some(Setting {
        value,
        source,
        span,
    })
}

/// Whether a map says where a value stands.
fn stands_elsewhere(members: &[(Node, Node)]) -> bool {
    let mut keys = members.iter().map(|(key, _)| key.text());
    members.is_empty() || keys.any(|key| key.is_some_and(|key| SOURCES.contains(&key)))
}

/// A text, or one that stands elsewhere.
pub(super) fn one(node: &Node, reading: &mut Reading<'_>) -> Option<Secret> {
    let source = match node.text() {
        Some(_) => SecretSource::Plain,
        None => source(node, reading)?,
    };
    read(node, &source, reading)
}

fn read(node: &Node, source: &SecretSource, reading: &mut Reading<'_>) -> Option<Secret> {
    if let Some(text) = node.text() {
        reading.hide(node);
        return Some(Secret::new(text));
    }
    match source.read(reading.environment) {
        Ok(value) => Some(value),
        Err(why) => {
            reading.refuse("N005", why, node.span);
            None
        }
    }
}

fn addresses(node: &Node, reading: &mut Reading<'_>) -> Vec<IpNet> {
    let Some(items) = node.list() else {
        reading.refuse("N003", "a list of addresses is expected".into(), node.span);
        return Vec::new();
    };
    let mut read = Vec::new();
    for item in items {
        if let Some(Ok(network)) = item.text().map(parse_network) {
            read.push(network);
        } else {
            let expected = "an address or a network is expected, such as 198.51.100.0/24";
            reading.refuse("N003", expected.into(), item.span);
        }
    }
    read
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

/// By which gateway SMS to some phones go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsRoute {
    /// How the phones' numbers begin, without `+`; none for all phones.
    pub prefixes: Vec<String>,
    /// The gateway.
    pub gateway: String,
    /// Where that stands.
    pub span: Span,
}

/// Reads `routes: [{prefix: ["+25575"], gateway: NAME}, {gateway: OTHER}]`.
pub(super) fn routes(node: &Node, reading: &mut Reading<'_>) -> Vec<SmsRoute> {
    let Some(items) = node.list() else {
        reading.refuse("N003", "a list of routes is expected".into(), node.span);
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| route(item, reading))
        .collect()
}

fn route(node: &Node, reading: &mut Reading<'_>) -> Option<SmsRoute> {
    let mut route = SmsRoute {
        prefixes: Vec::new(),
        gateway: String::new(),
        span: node.span,
    };
    for (key, _, of) in entries(node, Some(&["prefix", "gateway"]), reading) {
        match (key, of.text(), of.list()) {
            ("gateway", Some(name), _) => {
                name.clone_into(&mut route.gateway);
                route.span = of.span;
            }
            ("prefix", Some(text), _) => route.prefixes.extend(prefix(text, of, reading)),
            ("prefix", None, Some(items)) => {
                for item in items {
                    let text = item.text().unwrap_or_default();
                    route.prefixes.extend(prefix(text, item, reading));
                }
            }
            _ => reading.refuse("N003", "a text is expected".into(), of.span),
        }
    }
    if route.gateway.is_empty() {
        reading.refuse("N003", "a route names its gateway".into(), node.span);
        return None;
    }
    Some(route)
}

fn prefix(text: &str, node: &Node, reading: &mut Reading<'_>) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    if (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(digits.to_owned());
    }
    let expected = "a number's beginning is expected, with its country: \"+25575\"";
    reading.refuse("N003", expected.into(), node.span);
    None
}
