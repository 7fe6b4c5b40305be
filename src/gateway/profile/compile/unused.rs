//! What a profile declares and nothing in it uses.

use regex::Regex;

use crate::model::source::{
    Source,
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

/// Notes the names that the profile declares itself and that nothing in it mentions. `whole` is the profile with its
/// preset, `own` the number of its file.
pub(super) fn check(whole: &Node, own: usize, findings: &mut Findings) {
    let mut texts = Vec::new();
    mentions(whole, &mut texts);
    for (key, names) in whole.map().into_iter().flatten() {
        let section = SECTIONS.iter().find(|(known, ..)| key.text() == Some(known));
        let Some((_, what, used)) = section else {
            continue;
        };
        for (name_node, _) in names.map().into_iter().flatten() {
            let name = name_node.text().unwrap_or_default();
            let used = Regex::new(&used.replace("{}", &regex::escape(name)));
            let is_used = used.is_ok_and(|used| texts.iter().any(|text| used.is_match(text)));
            if !is_used && name_node.span.source == own {
                let name = name.to_owned();
                findings.add(name_node.span, &Problem::NeverUsed { what, name });
            }
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
