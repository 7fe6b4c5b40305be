//! A difference, in words.

use crate::catalogue::{
    Difference,
    difference::{Changes, SetDifference, SetFate},
};

/// All of it, name by name.
pub(super) fn whole(difference: &Difference) -> String {
    let mut told: Vec<String> = difference.sets.iter().flat_map(set).collect();
    if !difference.profiles.is_none() {
        told.push("profiles".to_owned());
        told.extend(changes("files", &difference.profiles));
    }
    lines(told)
}

/// How much of what, a line for each set.
pub(super) fn in_short(difference: &Difference) -> String {
    let sets = difference.sets.iter();
    let mut told: Vec<String> = sets
        .map(|set| format!("{}: {}", set.set, counts(set)))
        .collect();
    let Changes {
        added,
        removed,
        changed,
    } = &difference.profiles;
    let files = counted(
        added.len() + removed.len() + changed.len(),
        "file",
        "changed",
    );
    told.extend(files.map(|files| format!("profiles: {files}")));
    lines(told)
}

fn lines(told: Vec<String>) -> String {
    told.into_iter().map(|line| line + "\n").collect()
}

fn set(set: &SetDifference) -> Vec<String> {
    let name = &set.set;
    let title = match set.fate {
        SetFate::Added => format!("{name}, a new set"),
        SetFate::Removed => format!("{name}, which is not served any more"),
        SetFate::Changed => name.clone(),
    };
    let mut told = vec![title];
    told.extend(service(set));
    if set.fate == SetFate::Changed {
        told.extend(changes("screens", &set.screens));
        let texts = set.texts.iter();
        told.extend(texts.map(|(language, places)| {
            format!("  texts changed in {language}: {}", places.join(", "))
        }));
        let others = Some(&set.others).filter(|others| !others.is_empty());
        told.extend(others.map(|others| format!("  also changed: {}", others.join(", "))));
    }
    told
}

fn service(set: &SetDifference) -> Option<String> {
    let (old, new) = set.service.as_ref()?;
    Some(match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("  dialled by {new}"),
        (_, true) => format!("  was dialled by {old}"),
        (false, false) => format!("  dialled by {new} instead of {old}"),
    })
}

fn changes(of: &str, changes: &Changes) -> Vec<String> {
    let kinds = [
        ("added", &changes.added),
        ("removed", &changes.removed),
        ("changed", &changes.changed),
    ];
    let some = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    some.map(|(kind, names)| format!("  {of} {kind}: {}", names.join(", ")))
        .collect()
}

fn counts(set: &SetDifference) -> String {
    match set.fate {
        SetFate::Added => return "a new set".to_owned(),
        SetFate::Removed => return "not served any more".to_owned(),
        SetFate::Changed => {}
    }
    let screens = &set.screens;
    let mut parts = vec![
        counted(screens.added.len(), "screen", "added"),
        counted(screens.removed.len(), "screen", "removed"),
        counted(screens.changed.len(), "screen", "changed"),
    ];
    for (language, places) in &set.texts {
        let changed = format!("changed in {language}");
        parts.push(counted(places.len(), "text", &changed));
    }
    parts.push(counted(set.others.len(), "other part", "changed"));
    let service = set.service.as_ref();
    parts.push(service.map(|(_, new)| format!("dialled by {new}")));
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

/// `2 screens added`; nothing where there are none.
fn counted(number: usize, what: &str, how: &str) -> Option<String> {
    let plural = if number == 1 { "" } else { "s" };
    (number > 0).then(|| format!("{number} {what}{plural} {how}"))
}
