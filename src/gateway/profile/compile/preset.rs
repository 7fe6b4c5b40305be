use crate::model::source::{
    Source, Span, nearest,
    yaml::{self, Kind, Node},
};

use super::{
    super::Problem,
    findings::Findings,
    folder::{Role, role},
};

/// Presets that every profile can extend without a file.
const BUILT_IN: &[(&str, &str)] = &[(
    "con_end",
    include_str!("../../../../gateways/presets/con_end.yaml"),
)];

/// Top-level keys whose entries are merged one by one; every other key of the profile replaces the
/// preset's.
const MERGED: &[&str] = &[
    "settings",
    "reply",
    "maps",
    "dates",
    "patterns",
    "signatures",
    "namespaces",
];

/// The profile with what its preset adds; `None`, and a finding, where the preset is unknown.
pub(super) fn extended(profile: Node, sources: &[Source], findings: &mut Findings) -> Option<Node> {
    let Some(extends) = entry(&profile, "extends") else {
        return Some(profile);
    };
    let name = super::entries::text(extends, findings)?;
    let preset = preset(name, extends.span, sources, findings)?;
    if let Some(extends) = entry(&preset, "extends") {
        let problem = Problem::UnknownKey {
            key: "extends".to_owned(),
            place: "a preset",
            nearest: None,
        };
        findings.add(extends.span, &problem);
    }
    Some(merged(profile, preset))
}

/// The preset that a profile says it extends.
pub(super) fn named(text: &str, source: usize) -> Option<String> {
    let node = yaml::read(text, source).ok()?;
    entry(&node, "extends")?.text().map(str::to_owned)
}

fn preset(name: &str, at: Span, sources: &[Source], findings: &mut Findings) -> Option<Node> {
    let in_folder = sources.iter().position(|source| {
        role(source, sources) == Role::Preset(stem(source)) && stem(source) == name
    });
    if let Some((index, source)) = in_folder.and_then(|index| Some((index, sources.get(index)?))) {
        return read(&source.text, index, findings);
    }
    let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
    if let Some((_, text)) = built_in {
        // Its places are those of `extends`: the author has no such file.
        return read(text, at.source, findings).map(|node| placed(node, at));
    }
    let in_folder = sources
        .iter()
        .filter_map(|source| match role(source, sources) {
            Role::Preset(name) => Some(name),
            Role::Profile(_) | Role::Recorded(_) | Role::Other => None,
        });
    let known = BUILT_IN.iter().map(|(known, _)| *known).chain(in_folder);
    let nearest = nearest(name, known).map(str::to_owned);
    let name = name.to_owned();
    findings.add(at, &Problem::UnknownPreset { name, nearest });
    None
}

/// A file's tree, and a finding where it is no YAML.
pub(in crate::gateway) fn read(text: &str, source: usize, findings: &mut Findings) -> Option<Node> {
    match yaml::read(text, source) {
        Ok(node) => Some(node),
        Err(error) => {
            let (message, help) = (error.message, error.help);
            findings.add(error.span, &Problem::NotYaml { message, help });
            None
        }
    }
}

fn stem(source: &Source) -> &str {
    super::folder::stem(&source.name)
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let (_, value) = node
        .map()?
        .iter()
        .find(|(known, _)| known.text() == Some(key))?;
    Some(value)
}

fn merged(profile: Node, preset: Node) -> Node {
    let span = profile.span;
    let (mut entries, inherited) = match (profile.kind, preset.kind) {
        (Kind::Map(own), Kind::Map(inherited)) => (own, inherited),
        (kind, _) => return Node { kind, span },
    };
    for (key, value) in inherited {
        match entries.iter_mut().find(|(own, _)| own.text() == key.text()) {
            None => entries.push((key, value)),
            Some((_, own)) if key.text().is_some_and(|key| MERGED.contains(&key)) => {
                add_missing(own, value);
            }
            Some(_) => {}
        }
    }
    Node {
        kind: Kind::Map(entries),
        span,
    }
}

fn add_missing(own: &mut Node, inherited: Node) {
    if let (Kind::Map(own), Kind::Map(inherited)) = (&mut own.kind, inherited.kind) {
        for (key, value) in inherited {
            if own.iter().all(|(known, _)| known.text() != key.text()) {
                own.push((key, value));
            }
        }
    }
}

/// The same tree with every place at `at`.
fn placed(node: Node, at: Span) -> Node {
    let kind = match node.kind {
        Kind::Scalar { text, plain } => Kind::Scalar { text, plain },
        Kind::List(items) => Kind::List(items.into_iter().map(|item| placed(item, at)).collect()),
        Kind::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|(key, value)| (placed(key, at), placed(value, at)))
                .collect(),
        ),
    };
    Node { kind, span: at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node {
        yaml::read(text, 0).unwrap()
    }

    #[test]
    fn a_profile_keeps_its_own_and_takes_the_rest_from_the_preset() {
        let profile = node("page: {gsm7: 182}\nreply: {screen: own}");
        let preset = node("page: {ucs2: 80}\nreply: {screen: theirs, error: theirs}\ndeadline: 9");
        let merged = merged(profile, preset);
        let text =
            |node: &Node, key: &str| entry(node, key).and_then(Node::text).map(str::to_owned);
        let reply = entry(&merged, "reply").unwrap();
        assert_eq!(text(reply, "screen"), Some("own".into()));
        assert_eq!(text(reply, "error"), Some("theirs".into()));
        assert_eq!(text(&merged, "deadline"), Some("9".into()));
        assert_eq!(text(entry(&merged, "page").unwrap(), "ucs2"), None);
    }
}
