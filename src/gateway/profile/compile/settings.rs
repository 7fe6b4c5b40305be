use crate::model::source::yaml::{Kind, Node};

use super::{
    super::{Piece, Problem, Setting, SettingDefault, SettingKind, Source, Template},
    book::Book,
    entries::{self, Entries, text, word},
    findings::Findings,
    scope::{self, Scope},
    secrets, values,
};

const KINDS: &[&str] = &["text", "secret", "address", "number", "list", "map"];
const KEYS: &[&str] = &["kind", "choice", "default", "places", "about"];

/// Names and kinds of `settings:`, which everything else may use.
pub(super) fn kinds(node: Option<&Node>, findings: &mut Findings) -> Vec<(String, SettingKind)> {
    let entries = node.and_then(|node| Entries::any(node, "`settings`", findings));
    let mut kinds = Vec::new();
    for (key, name, node) in entries.iter().flat_map(Entries::iter) {
        if !is_name(name) {
            let written = name.to_owned();
            findings.add(key.span, &Problem::NotAName { written });
        }
        // One whose kind is wrong is known all the same, so that its uses are not called unknown.
        let kind = kind(node, findings).unwrap_or(SettingKind::Text);
        kinds.push((name.to_owned(), kind));
    }
    kinds
}

/// Whether it may name something: lower case, digits and `_`.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    !name.is_empty() && name.chars().all(fits) && !name.starts_with(|it: char| it.is_ascii_digit())
}

fn kind(node: &Node, findings: &mut Findings) -> Option<SettingKind> {
    let Kind::Map(_) = node.kind else {
        return word(node, "kind of setting", KINDS, findings).map(simple);
    };
    let entries = Entries::read(node, "a setting", KEYS, findings)?;
    if let Some(choice) = entries.get("choice") {
        let items = entries::list(choice, findings)?;
        let words: Vec<_> = items
            .iter()
            .map(|item| text(item, findings).map(str::to_owned))
            .collect();
        return words
            .into_iter()
            .collect::<Option<_>>()
            .map(SettingKind::Choice);
    }
    let of_default = match entries.get("default").map(|node| &node.kind) {
        Some(Kind::List(_)) => SettingKind::List,
        Some(Kind::Map(_)) => SettingKind::Map,
        Some(Kind::Scalar { .. }) | None => SettingKind::Text,
    };
    match entries.get("kind") {
        Some(node) => word(node, "kind of setting", KINDS, findings).map(simple),
        None => Some(of_default),
    }
}

fn simple(word: &str) -> SettingKind {
    match word {
        "secret" => SettingKind::Secret,
        "address" => SettingKind::Address,
        "number" => SettingKind::Number,
        "list" => SettingKind::List,
        "map" => SettingKind::Map,
        _ => SettingKind::Text,
    }
}

/// The settings whole.
pub(super) fn read(node: Option<&Node>, book: &Book, findings: &mut Findings) -> Vec<Setting> {
    let mut unheard = findings.unheard();
    let entries = node.and_then(|node| Entries::any(node, "`settings`", &mut unheard));
    let mut settings = Vec::new();
    for (_, name, node) in entries.iter().flat_map(Entries::iter) {
        let kind = book.setting(name).cloned().unwrap_or(SettingKind::Text);
        settings.push(setting(name, kind, node, book, findings));
    }
    for (_, name, node) in entries.iter().flat_map(Entries::iter) {
        if reaches(name, name, &settings, settings.len()) {
            findings.add(node.span, &Problem::DefaultInCircle);
        }
    }
    settings
}

fn setting(
    name: &str,
    kind: SettingKind,
    node: &Node,
    book: &Book,
    findings: &mut Findings,
) -> Setting {
    let mut unheard = findings.unheard();
    let is_map = node.map().is_some();
    let entries = is_map
        .then(|| Entries::read(node, "a setting", KEYS, &mut unheard))
        .flatten();
    let get = |key| entries.as_ref().and_then(|entries| entries.get(key));
    let places = texts(get("places"), findings);
    let default = get("default").and_then(|node| {
        let default = default(node, &kind, &places, book, findings)?;
        fits(name, &default, &kind, node, findings);
        Some(default)
    });
    Setting {
        name: name.to_owned(),
        kind,
        default,
        places,
        about: get("about").and_then(|node| text(node, findings).map(str::to_owned)),
    }
}

fn texts(node: Option<&Node>, findings: &mut Findings) -> Vec<String> {
    let items = node.and_then(|node| entries::list(node, findings));
    let texts = items.unwrap_or_default().iter();
    texts
        .filter_map(|item| text(item, findings).map(str::to_owned))
        .collect()
}

fn default(
    node: &Node,
    kind: &SettingKind,
    places: &[String],
    book: &Book,
    findings: &mut Findings,
) -> Option<SettingDefault> {
    match kind {
        SettingKind::List => {
            entries::list(node, findings)?;
            Some(SettingDefault::List(texts(Some(node), findings)))
        }
        SettingKind::Map => {
            let entries = Entries::any(node, "a map of texts", findings)?;
            let pairs: Vec<_> = entries
                .iter()
                .map(|(_, key, node)| Some((key.to_owned(), text(node, findings)?.to_owned())))
                .collect();
            pairs
                .into_iter()
                .collect::<Option<_>>()
                .map(SettingDefault::Map)
        }
        SettingKind::Text
        | SettingKind::Secret
        | SettingKind::Address
        | SettingKind::Number
        | SettingKind::Choice(_) => {
            let known = scope::MESSAGE.iter().chain(scope::SCREEN).copied();
            let known = known.filter(|word| places.iter().any(|place| place == word));
            let words: Vec<_> = scope::OWN.iter().copied().chain(known).collect();
            let names = places
                .iter()
                .filter(|place| !words.contains(&place.as_str()));
            let scope = Scope::new(book)
                .words(&words)
                .names(names.cloned().collect());
            values::template(node, &scope, findings).map(SettingDefault::Text)
        }
    }
}

/// Whether a default is of its setting's kind, and no secret.
fn fits(
    name: &str,
    default: &SettingDefault,
    kind: &SettingKind,
    node: &Node,
    findings: &mut Findings,
) {
    let SettingDefault::Text(template) = default else {
        return;
    };
    if *kind == SettingKind::Secret || secrets::is_secret(name) {
        secrets::never_literal(
            template,
            &format!("the default of `{name}`"),
            node,
            findings,
        );
        return;
    }
    let [Piece::Literal(text)] = template.0.as_slice() else {
        return;
    };
    let expected = match kind {
        SettingKind::Number => text
            .parse::<i64>()
            .is_err()
            .then(|| "a whole number".to_owned()),
        SettingKind::Choice(words) => {
            (!words.contains(text)).then(|| format!("one of {}", words.join(", ")))
        }
        SettingKind::Address => {
            let is_address = text.starts_with("http://") || text.starts_with("https://");
            (!is_address).then(|| "an http or https address".to_owned())
        }
        SettingKind::Text | SettingKind::Secret | SettingKind::Map | SettingKind::List => None,
    };
    if let Some(expected) = expected {
        findings.add(node.span, &Problem::BadDefault { expected });
    }
}

/// Whether the default of `from` needs `to`, itself or through others.
fn reaches(from: &str, to: &str, settings: &[Setting], depth: usize) -> bool {
    let default = settings.iter().find(|setting| setting.name == from);
    let Some(SettingDefault::Text(template)) = default.and_then(|it| it.default.as_ref()) else {
        return false;
    };
    used(template).any(|name| {
        name == to
            || depth
                .checked_sub(1)
                .is_some_and(|depth| reaches(name, to, settings, depth))
    })
}

fn used(template: &Template) -> impl Iterator<Item = &str> {
    let slots = template.0.iter().filter_map(|piece| match piece {
        Piece::Slot(value) => Some(value),
        Piece::Literal(_) => None,
    });
    slots.flat_map(|value| &value.0).filter_map(|chain| {
        let Source::Setting(name) = &chain.source else {
            return None;
        };
        Some(name.as_str())
    })
}
