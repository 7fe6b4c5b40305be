//! What a profile declares and nothing in it uses.

use regex::Regex;

use crate::model::source::{
    Source, Span,
    yaml::{Kind, Node},
};

use super::{
    super::Problem,
    findings::Findings,
    folder::{Role, role},
};

/// Sections of names, what one of them is, and how it is used; `{}` stands for the name.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("settings", "the setting", r"\bsetting\.{}\b|\| *{}\b"),
    ("maps", "the map", r"\| *{}\b"),
    ("dates", "the dates", r"\| *{}\b"),
    ("patterns", "the pattern", r"\| *{}\b|\bmatches {}\b"),
    ("signatures", "the signature", r"\| *{}\b"),
    ("namespaces", "the namespace", r"\b{}:"),
];

/// A name that a profile declares.
pub(super) struct Declared {
    what: &'static str,
    name: String,
    /// What a use of it looks like.
    used: String,
    at: Span,
}

/// The names that a profile declares itself, without its preset.
pub(super) fn declared(own: &Node) -> Vec<Declared> {
    let sections = own.map().into_iter().flatten().filter_map(|(key, names)| {
        let (_, what, used) = SECTIONS.iter().find(|(it, ..)| key.text() == Some(it))?;
        Some((*what, *used, names.map()?))
    });
    let names = sections.flat_map(|(what, used, names)| {
        let declared = move |(name, _): &(Node, Node)| {
            Some(Declared {
                what,
                used: used.replace("{}", &regex::escape(name.text()?)),
                name: name.text()?.to_owned(),
                at: name.span,
            })
        };
        names.iter().filter_map(declared)
    });
    names.collect()
}

/// Notes those that nothing mentions in the whole profile, its preset included.
pub(super) fn check(declared: Vec<Declared>, whole: &Node, findings: &mut Findings) {
    let mut texts = Vec::new();
    mentions(whole, &mut texts);
    for Declared {
        what,
        name,
        used,
        at,
    } in declared
    {
        let used = Regex::new(&used);
        if !used.is_ok_and(|used| texts.iter().any(|text| used.is_match(text))) {
            findings.add(at, &Problem::NeverUsed { what, name });
        }
    }
}

/// All texts of a tree. Keys count too: what stands in an XML name may have a prefix.
fn mentions<'n>(node: &'n Node, texts: &mut Vec<&'n str>) {
    match &node.kind {
        Kind::Scalar { text, .. } => texts.push(text),
        Kind::List(items) => items.iter().for_each(|item| mentions(item, texts)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                texts.extend(key.text());
                mentions(value, texts);
            }
        }
    }
}

/// Notes the presets of a folder that no profile of it extends.
pub(super) fn presets(sources: &[Source], extended: &[String], findings: &mut Findings) {
    for (index, source) in sources.iter().enumerate() {
        if let Role::Preset(name) = role(source, sources)
            && extended.iter().all(|known| known != name)
            && let Some(at) = findings.whole_line(index, 1)
        {
            let (what, name) = ("the preset", name.to_owned());
            findings.add(at, &Problem::NeverUsed { what, name });
        }
    }
}
