use std::sync::Arc;

use chrono::format::{Item, StrftimeItems};
use regex::Regex;
use serde_json::Value as Json;

use crate::model::source::{
    Span,
    yaml::{Kind, Node},
};

use super::{
    super::{Algorithm, Dates, Encoding, Filter, Map, Problem, SettingKind, Signature},
    entries::{self, Entries, text, word},
    findings::Findings,
    scope::Scope,
    secrets, values,
};

/// What a profile names and uses elsewhere: settings, maps, dates, patterns, signatures, namespaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    pub settings: Vec<(String, SettingKind)>,
    filters: Vec<(String, Filter)>,
    /// The maps' values, where they stand.
    places: Vec<(Arc<Map>, Vec<Span>)>,
    namespaces: Vec<(String, String)>,
}

impl Book {
    /// Where the values of a map stand: its entries' in order, and then that of `default`.
    pub(super) fn places(&self, map: &Arc<Map>) -> &[Span] {
        let found = self
            .places
            .iter()
            .find(|(known, _)| Arc::ptr_eq(known, map));
        found.map_or(&[], |(_, places)| places)
    }

    /// The kind of a setting.
    pub(super) fn setting(&self, name: &str) -> Option<&SettingKind> {
        let found = self.settings.iter().find(|(known, _)| known == name);
        found.map(|(_, kind)| kind)
    }

    /// The address of a prefix.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        let found = self.namespaces.iter().find(|(known, _)| known == prefix);
        found.map(|(_, address)| address.as_str())
    }

    /// A map, dates, a pattern or a signature of the profile, or a setting that is a map or a choice of filters.
    pub(super) fn filter(&self, name: &str) -> Option<Filter> {
        let found = self.filters.iter().find(|(known, _)| known == name);
        let own = found.map(|(_, filter)| filter.clone());
        own.or_else(|| match self.setting(name)? {
            SettingKind::Map => Some(Filter::SettingMap(name.to_owned())),
            SettingKind::Choice(words) => {
                let filters = words
                    .iter()
                    .map(|word| Some((word.clone(), values::built_in(word)?)));
                let filters: Option<Vec<_>> = filters.collect();
                filters.map(|filters| Filter::Chosen(name.to_owned(), filters))
            }
            SettingKind::Text
            | SettingKind::Secret
            | SettingKind::Address
            | SettingKind::Number
            | SettingKind::List => None,
        })
    }

    /// The names of all of these.
    pub(super) fn filters(&self) -> impl Iterator<Item = &str> {
        let own = self.filters.iter().map(|(name, _)| name.as_str());
        let settings = self.settings.iter().map(|(name, _)| name.as_str());
        own.chain(settings.filter(|name| self.filter(name).is_some()))
    }

    /// Reads `namespaces`, `maps`, `dates`, `patterns` and `signatures`, which may use `settings`.
    pub(super) fn read(
        profile: &Entries<'_>,
        settings: Vec<(String, SettingKind)>,
        findings: &mut Findings,
    ) -> Self {
        let mut book = Self {
            settings,
            ..Self::default()
        };
        book.read_namespaces(profile, findings);
        let mut places = Vec::new();
        book.section(profile, "maps", findings, |node, findings| {
            let (map, at) = map(node, findings)?;
            let map = Arc::new(map);
            places.push((Arc::clone(&map), at));
            Some(Filter::Map(map))
        });
        book.places = places;
        book.section(profile, "dates", findings, |node, findings| {
            dates(node, findings).map(|dates| Filter::Date(Arc::new(dates)))
        });
        book.section(profile, "patterns", findings, |node, findings| {
            pattern(node, findings).map(|pattern| Filter::Pattern(Arc::new(pattern)))
        });
        let before = book.clone();
        book.section(profile, "signatures", findings, |node, findings| {
            let signature = signature(node, &Scope::new(&before), findings);
            signature.map(|signature| Filter::Signature(Arc::new(signature)))
        });
        book
    }

    fn section(
        &mut self,
        profile: &Entries<'_>,
        key: &'static str,
        findings: &mut Findings,
        mut read: impl FnMut(&Node, &mut Findings) -> Option<Filter>,
    ) {
        let Some(entries) = profile
            .get(key)
            .and_then(|node| Entries::any(node, key, findings))
        else {
            return;
        };
        for (key, name, node) in entries.iter() {
            let taken = if values::built_in(name).is_some() {
                Some("a filter of the language")
            } else if self.filter(name).is_some() {
                Some("another map, date, pattern, signature or setting")
            } else {
                None
            };
            if let Some(by) = taken {
                let name = name.to_owned();
                findings.add(key.span, &Problem::NameTaken { name, by });
            }
            if let Some(filter) = read(node, findings) {
                self.filters.push((name.to_owned(), filter));
            }
        }
    }

    fn read_namespaces(&mut self, profile: &Entries<'_>, findings: &mut Findings) {
        let node = profile.get("namespaces");
        let entries = node.and_then(|node| Entries::any(node, "`namespaces`", findings));
        for (_, prefix, node) in entries.iter().flat_map(Entries::iter) {
            if let Some(address) = text(node, findings) {
                self.namespaces
                    .push((prefix.to_owned(), address.to_owned()));
            }
        }
    }
}

/// A map, and where its values stand: its entries' in order, and then that of `default`.
fn map(node: &Node, findings: &mut Findings) -> Option<(Map, Vec<Span>)> {
    let entries = Entries::any(node, "a map of values", findings)?;
    let mut map = Map::default();
    let (mut places, mut otherwise) = (Vec::new(), None);
    for (_, key, value) in entries.iter() {
        let at = value.span;
        let Some(value) = typed(value, findings) else {
            continue;
        };
        if key == "default" {
            map.otherwise = Some(value);
            otherwise = Some(at);
        } else {
            map.entries.push((key.to_owned(), value));
            places.push(at);
        }
    }
    places.extend(otherwise);
    Some((map, places))
}

/// A scalar as JSON: written plain, `true`, `false`, `null` and numbers are what they are in JSON;
/// all else is a text, `no` and `007` too.
pub(super) fn typed(node: &Node, findings: &mut Findings) -> Option<Json> {
    let text = text(node, findings)?;
    let is_plain = matches!(node.kind, Kind::Scalar { plain: true, .. });
    let value = is_plain.then(|| serde_json::from_str(text).ok()).flatten();
    Some(value.unwrap_or_else(|| Json::String(text.to_owned())))
}

fn dates(node: &Node, findings: &mut Findings) -> Option<Dates> {
    let entries = Entries::read(node, "dates", &["formats", "zone"], findings)?;
    let formats = entries.required("formats", findings)?;
    let mut read = Vec::new();
    for item in entries::list(formats, findings)? {
        let format = text(item, findings)?;
        let is_bad = |item| matches!(item, Item::Error);
        if format.trim().is_empty() || StrftimeItems::new(format).any(is_bad) {
            let written = format.to_owned();
            findings.add(item.span, &Problem::NotADate { written });
        }
        read.push(format.to_owned());
    }
    if read.is_empty() {
        let expected = "a list of formats";
        let found = "an empty list";
        findings.add(formats.span, &Problem::WrongType { expected, found });
    }
    let zone = match entries.get("zone") {
        Some(node) => {
            let zone = text(node, findings)?;
            let read = zone
                .parse()
                .ok()
                .or_else(|| "Z+00:00".contains(zone).then(utc)?);
            if read.is_none() {
                let written = zone.to_owned();
                findings.add(node.span, &Problem::NotADate { written });
            }
            read
        }
        None => utc(),
    };
    Some(Dates {
        formats: read,
        zone: zone?,
    })
}

fn utc() -> Option<chrono::FixedOffset> {
    chrono::FixedOffset::east_opt(0)
}

fn pattern(node: &Node, findings: &mut Findings) -> Option<Regex> {
    match Regex::new(text(node, findings)?) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let message = error.to_string();
            let message = message.lines().last().unwrap_or_default();
            let message = message.trim_start_matches("error: ").to_owned();
            findings.add(node.span, &Problem::NotAPattern { message });
            None
        }
    }
}

fn signature(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Signature> {
    let keys = ["digest", "hmac", "key", "as"];
    let entries = Entries::read(node, "a signature", &keys, findings)?;
    let (named, key) = match (entries.get("digest"), entries.get("hmac")) {
        (Some(digest), None) => (digest, None),
        (None, Some(hmac)) => (hmac, Some(entries.required("key", findings)?)),
        _ => {
            let expected = "one of `digest` and `hmac`";
            let found = "both, or neither";
            findings.add(node.span, &Problem::WrongType { expected, found });
            return None;
        }
    };
    let words = ["md5", "sha1", "sha256", "sha512"];
    let algorithm = match word(named, "digest", &words, findings)? {
        "md5" => Algorithm::Md5,
        "sha1" => Algorithm::Sha1,
        "sha256" => Algorithm::Sha256,
        _ => Algorithm::Sha512,
    };
    let encoding = match entries.get("as") {
        Some(node) => word(node, "encoding", &["hex", "HEX", "base64"], findings)?,
        None => "hex",
    };
    let key = match key {
        Some(node) => {
            let key = values::template(node, scope, findings)?;
            secrets::never_literal(&key, "the key of a signature", node, findings);
            Some(key)
        }
        None => None,
    };
    Some(Signature {
        algorithm,
        key,
        encoding: match encoding {
            "hex" => Encoding::Hex,
            "HEX" => Encoding::UpperHex,
            _ => Encoding::Base64,
        },
    })
}
